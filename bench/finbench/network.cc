#include "bench/finbench/network.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "bench/finbench/random.h"

namespace relata::finbench {
namespace {

constexpr int64_t kSettling = 60'000;     // from both ends' creation to the first activity
constexpr int64_t kLeastLife = 86400000;  // of an account that is deleted, a day
constexpr size_t kBlockOwners = 10'000;
constexpr int64_t kBlockMedia = 10'000;

// Fitted to production samples: the specification's annex on transfer degrees.
constexpr double kDegreeExponent = -2.241;
constexpr double kMostDegree = 1000;
constexpr double kParallelExponent = -1.388;
constexpr double kMostParallel = 100;

constexpr double kBlockedShare = 0.05;
constexpr int64_t kMostAccounts = 4;
constexpr int64_t kMostLoans = 4;
constexpr double kMostMoved = 10'000'000;
constexpr double kLeastLoan = 10'000;
constexpr double kMostLoan = 100'000'000;
constexpr double kMostInterest = 0.1;
constexpr int kLoanActions = 10;
constexpr double kLoanTransferShare = 0.8;
constexpr double kBorrowerShare = 0.6;
constexpr double kGuarantorShare = 0.6;
constexpr double kWithdrawerShare = 0.3;
constexpr int kWithdrawTries = 30;
constexpr int64_t kMostInvestors = 5;
constexpr double kDeletionAtZero = 0.30;
constexpr double kDeletionStep = 0.63;  // for each more of the greatest in-degree
constexpr double kLeastDeletion = 0.00008;

// Subjects of random streams.
enum Subject : uint64_t {
  kOfPersons,
  kOfCompanies,
  kOfMedia,
  kOfAccounts,
  kOfTransfers,
  kOfWithdrawals,
  kOfSignIns,
  kOfLoans,
  kOfInvestments,
  kOfPersonGuarantees,
  kOfCompanyGuarantees
};

class Generator {
 public:
  Generator(double scale, uint64_t seed) : scale_(scale), seed_(seed) {}

  Network Run() && {
    MakeParties(80'000, kOfPersons, net_.persons);
    MakeParties(40'000, kOfCompanies, net_.companies);
    MakeMedia();
    MakeAccounts();
    MakeTransfers();
    MakeWithdrawals();
    MakeSignIns();
    MakeLoans();
    MakeInvestments();
    MakeGuarantees(net_.persons, kOfPersonGuarantees, kPersonGuarantee);
    MakeGuarantees(net_.companies, kOfCompanyGuarantees, kCompanyGuarantee);
    return std::move(net_);
  }

 private:
  Random Stream(Subject subject) const { return {seed_, subject}; }
  size_t Scaled(double count) const {
    return static_cast<size_t>(std::max(20.0, std::round(count * scale_)));
  }
  static int64_t Between(Random& random, int64_t from, int64_t to) {
    return from + random.Below(to - from);
  }
  void Add(LinkKind kind, int64_t from, int64_t to, int64_t time, double amount = 0.0) {
    net_.links[kind].push_back({from, to, time, amount});
  }
  // A time while both ends are there; nullopt: never.
  static std::optional<int64_t> Meeting(Random& random, int64_t created1, int64_t created2,
                                        int64_t end) {
    const int64_t from = std::max(created1, created2) + kSettling;
    if (from >= end) return std::nullopt;
    return Between(random, from, end);
  }
  static std::optional<int64_t> Meeting(Random& random, const Account& a, const Account& b) {
    return Meeting(random, a.created, b.created, std::min({a.deleted, b.deleted, kNetworkEnd}));
  }

  void MakeParties(double count, Subject subject, std::vector<Party>& parties) const {
    Random random = Stream(subject);
    parties.resize(Scaled(count));
    for (Party& party : parties) party.created = Between(random, kNetworkStart, kNetworkEnd);
  }

  void MakeMedia() {
    Random random = Stream(kOfMedia);
    net_.media.resize(Scaled(100'000));
    for (Medium& medium : net_.media) {
      medium.created = Between(random, kNetworkStart, kNetworkEnd);
      medium.blocked = random.Chance(kBlockedShare);
      medium.type = static_cast<size_t>(random.Below(kMediumTypes.size()));
    }
  }

  // Blocks of owners, persons and companies by turns of a block.
  void MakeAccounts() {
    Random random = Stream(kOfAccounts);
    size_t owners = 0;
    for (const bool company : {false, true}) {
      const std::vector<Party>& parties = company ? net_.companies : net_.persons;
      for (size_t i = 0; i < parties.size(); ++i, ++owners) {
        if (owners % kBlockOwners == 0) blocks_.push_back(net_.accounts.size());
        for (int64_t n = random.AtLeastOne(kMostAccounts); n > 0; --n) {
          AddAccount(random, company, static_cast<int64_t>(i), parties[i].created);
        }
      }
    }
    blocks_.push_back(net_.accounts.size());
  }

  void AddAccount(Random& random, bool company, int64_t owner, int64_t owner_created) {
    Account account;
    account.of_company = company;
    account.owner = owner;
    account.created = Between(random, owner_created, kNetworkEnd);
    account.blocked = random.Chance(kBlockedShare);
    account.type = static_cast<size_t>(random.Below(kAccountTypes.size()));
    const int64_t degree = random.Power(kDegreeExponent, kMostDegree);
    const double share = std::max(
        kLeastDeletion, kDeletionAtZero * std::pow(kDeletionStep, static_cast<double>(degree)));
    const int64_t earliest = account.created + kLeastLife;
    if (random.Chance(share) && earliest < kNetworkEnd) {
      account.deleted = Between(random, earliest, kNetworkEnd);
    }
    const auto id = static_cast<int64_t>(net_.accounts.size());
    (company ? accounts_of_company_ : accounts_of_person_).resize(static_cast<size_t>(owner) + 1);
    (company ? accounts_of_company_ : accounts_of_person_).back().push_back(id);
    Add(company ? kCompanyOwn : kPersonOwn, owner, id, account.created);
    net_.accounts.push_back(account);
    in_degrees_.push_back(degree);
  }

  void MakeTransfers() {
    Random random = Stream(kOfTransfers);
    for (size_t i = 0; i + 1 < blocks_.size(); ++i) {
      MakeTransfers(random, blocks_[i], blocks_[i + 1]);
    }
  }

  // Within one block of accounts: sources in order, each walking from the front those accounts that
  // may still receive.
  void MakeTransfers(Random& random, size_t begin, size_t end) {
    std::vector<int64_t> free_in(in_degrees_.begin() + static_cast<std::ptrdiff_t>(begin),
                                 in_degrees_.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<int64_t> out = free_in;
    random.Shuffle(out);
    std::vector<size_t> open(end - begin);
    for (size_t i = 0; i < open.size(); ++i) open[i] = i;
    for (size_t source = 0; source < out.size(); ++source) {
      size_t kept = 0;
      size_t at = 0;
      for (; at < open.size() && out[source] > 0; ++at) {
        const size_t target = open[at];
        out[source] -= TransferBetween(random, begin + source, begin + target,
                                       std::min(out[source], free_in[target]), free_in[target]);
        if (free_in[target] > 0) open[kept++] = target;
      }
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(kept),
                 open.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }

  // Adds parallel transfers, at most `most`; returns how many, which are taken off `free_in`.
  int64_t TransferBetween(Random& random, size_t from, size_t to, int64_t most, int64_t& free_in) {
    if (from == to) return 0;
    const int64_t count = std::min(random.Power(kParallelExponent, kMostParallel), most);
    for (int64_t i = 0; i < count; ++i) {
      const auto time = Meeting(random, net_.accounts[from], net_.accounts[to]);
      if (!time.has_value()) return 0;  // they never meet, so it is so for the first
      Add(kTransfer, static_cast<int64_t>(from), static_cast<int64_t>(to), *time,
          random.Money(kMostMoved));
    }
    free_in -= count;
    return count;
  }

  void MakeWithdrawals() {
    Random random = Stream(kOfWithdrawals);
    std::vector<int64_t> cards;
    for (size_t i = 0; i < net_.accounts.size(); ++i) {
      if (net_.accounts[i].type == kDebitCard) cards.push_back(static_cast<int64_t>(i));
    }
    if (cards.empty()) return;
    for (size_t i = 0; i < net_.accounts.size(); ++i) {
      if (!random.Chance(kWithdrawerShare) || net_.accounts[i].type == kDebitCard) continue;
      for (int n = 0; n < kWithdrawTries; ++n) {
        const int64_t card =
            cards[static_cast<size_t>(random.Below(static_cast<int64_t>(cards.size())))];
        const auto time = Meeting(random, net_.accounts[i], AccountAt(card));
        if (!time.has_value()) continue;
        Add(kWithdraw, static_cast<int64_t>(i), card, *time, random.Money(kMostMoved));
      }
    }
  }

  const Account& AccountAt(int64_t id) const { return net_.accounts[static_cast<size_t>(id)]; }
  int64_t AnyAccount(Random& random) const {
    return random.Below(static_cast<int64_t>(net_.accounts.size()));
  }

  void MakeSignIns() {
    Random random = Stream(kOfSignIns);
    int64_t accounts = 0;
    for (int64_t m = 0; m < static_cast<int64_t>(net_.media.size()); ++m) {
      if (m % kBlockMedia == 0) accounts = random.AtLeastOne(3);
      for (int64_t i = 0; i < accounts; ++i) {
        const int64_t to = AnyAccount(random);
        for (int64_t n = random.AtLeastOne(9); n > 0; --n) {
          const auto time =
              Meeting(random, net_.media[static_cast<size_t>(m)].created, AccountAt(to).created,
                      std::min(AccountAt(to).deleted, kNetworkEnd));
          if (time.has_value()) Add(kSignIn, m, to, *time);
        }
      }
    }
  }

  void MakeLoans() {
    Random random = Stream(kOfLoans);
    for (const bool company : {false, true}) {
      const std::vector<Party>& parties = company ? net_.companies : net_.persons;
      const auto& accounts = company ? accounts_of_company_ : accounts_of_person_;
      for (size_t i = 0; i < parties.size(); ++i) {
        if (!random.Chance(kBorrowerShare)) continue;
        for (int64_t n = random.AtLeastOne(kMostLoans); n > 0; --n) {
          Loan loan;
          loan.of_company = company;
          loan.applicant = static_cast<int64_t>(i);
          loan.created = Between(random, parties[i].created, kNetworkEnd);
          loan.amount = kLeastLoan + random.Money(kMostLoan - kLeastLoan);
          loan.balance = loan.amount;
          loan.interest_rate = random.Unit() * kMostInterest;
          UseLoan(random, accounts[i], loan);
          Add(company ? kCompanyApply : kPersonApply, loan.applicant,
              static_cast<int64_t>(net_.loans.size()), loan.created);
          net_.loans.push_back(loan);
        }
      }
    }
  }

  // What is paid out, repaid and moved on.
  void UseLoan(Random& random, const std::vector<int64_t>& accounts, Loan& loan) {
    const auto id = static_cast<int64_t>(net_.loans.size());
    for (int n = 0; n < kLoanActions; ++n) {
      const int64_t account =
          accounts[static_cast<size_t>(random.Below(static_cast<int64_t>(accounts.size())))];
      const int64_t action = random.Below(3);
      if (action == 2) {
        if (random.Chance(kLoanTransferShare)) MoveOn(random, account);
        continue;
      }
      const auto time = Meeting(random, loan.created, AccountAt(account).created,
                                std::min(AccountAt(account).deleted, kNetworkEnd));
      if (!time.has_value()) continue;
      const double part = random.Unit() * (action == 0 ? loan.balance : loan.amount - loan.balance);
      const double moved = std::floor(part * 100.0) / 100.0;
      loan.balance = std::round((loan.balance + (action == 0 ? -moved : moved)) * 100.0) / 100.0;
      if (action == 0) {
        Add(kDeposit, id, account, *time, moved);
      } else {
        Add(kRepay, account, id, *time, moved);
      }
    }
  }

  void MoveOn(Random& random, int64_t account) {
    const int64_t other = AnyAccount(random);
    const auto time = Meeting(random, AccountAt(account), AccountAt(other));
    if (other == account || !time.has_value()) return;
    const bool out = random.Chance(0.5);
    Add(kTransfer, out ? account : other, out ? other : account, *time, random.Money(kMostMoved));
  }

  struct Investor {
    LinkKind kind;
    int64_t from;
    int64_t time;
  };

  void MakeInvestments() {
    Random random = Stream(kOfInvestments);
    std::set<std::pair<int64_t, int64_t>> between_companies;
    for (int64_t to = 0; to < static_cast<int64_t>(net_.companies.size()); ++to) {
      std::vector<Investor> investors;
      std::set<int64_t> persons;
      for (int64_t n = 1 + random.Below(kMostInvestors); n > 0; --n) {
        const int64_t from = random.Below(static_cast<int64_t>(net_.persons.size()));
        if (persons.insert(from).second) AddInvestor(random, kPersonInvest, from, to, investors);
      }
      for (int64_t n = 1 + random.Below(kMostInvestors); n > 0; --n) {
        const int64_t from = random.Below(static_cast<int64_t>(net_.companies.size()));
        if (from == to || between_companies.contains({to, from})) continue;
        if (between_companies.emplace(from, to).second) {
          AddInvestor(random, kCompanyInvest, from, to, investors);
        }
      }
      AddShares(random, to, investors);
    }
  }

  // Where it ever meets the company.
  void AddInvestor(Random& random, LinkKind kind, int64_t from, int64_t to,
                   std::vector<Investor>& investors) const {
    const auto& parties = kind == kPersonInvest ? net_.persons : net_.companies;
    const auto time = Meeting(random, parties[static_cast<size_t>(from)].created,
                              net_.companies[static_cast<size_t>(to)].created, kNetworkEnd);
    if (time.has_value()) investors.push_back({kind, from, *time});
  }

  // Shares of the investors in one company, which sum to 1.
  void AddShares(Random& random, int64_t to, const std::vector<Investor>& investors) {
    std::vector<double> raw(investors.size());
    double sum = 0.0;
    for (double& share : raw) sum += share = random.Unit();
    for (size_t i = 0; i < raw.size(); ++i) {
      Add(investors[i].kind, investors[i].from, to, investors[i].time, raw[i] / sum);
    }
  }

  void MakeGuarantees(const std::vector<Party>& parties, Subject subject, LinkKind kind) {
    Random random = Stream(subject);
    std::set<std::pair<int64_t, int64_t>> made;
    const auto count = static_cast<int64_t>(parties.size());
    for (int64_t from = 0; from < count; ++from) {
      if (!random.Chance(kGuarantorShare)) continue;
      for (int64_t n = random.AtLeastOne(2); n > 0; --n) {
        const int64_t to = random.Below(count);
        const auto time = Meeting(random, parties[static_cast<size_t>(from)].created,
                                  parties[static_cast<size_t>(to)].created, kNetworkEnd);
        if (to == from || made.contains({to, from}) || !time.has_value()) continue;
        if (made.emplace(from, to).second) Add(kind, from, to, *time);
      }
    }
  }

  const double scale_;
  const uint64_t seed_;
  Network net_;
  std::vector<size_t> blocks_;       // first account of each block of owners, and the end
  std::vector<int64_t> in_degrees_;  // greatest, by account
  std::vector<std::vector<int64_t>> accounts_of_person_;
  std::vector<std::vector<int64_t>> accounts_of_company_;
};

}  // namespace

Network GenerateNetwork(double scale, uint64_t seed) { return Generator(scale, seed).Run(); }

}  // namespace relata::finbench
