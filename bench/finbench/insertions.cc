#include "bench/finbench/insertions.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relata::finbench {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kNodeInsertions = 3;
// From kNodeInsertions on, in the order of AllInsertions.
constexpr std::array<LinkKind, kLinkKinds> kKinds = {
    kPersonOwn,       kCompanyOwn,       kPersonApply, kCompanyApply, kPersonInvest, kCompanyInvest,
    kPersonGuarantee, kCompanyGuarantee, kTransfer,    kWithdraw,     kRepay,        kDeposit,
    kSignIn};

constexpr absl::string_view kMoney = " amount:float={amount}";

std::string Relationship(absl::string_view type, const Insertion::End& from,
                         const Insertion::End& to, absl::string_view more) {
  return absl::StrCat("relationship type=", type, " from=", from.label, "/{", from.parameter,
                      "} to=", to.label, "/{", to.parameter, "} timestamp:int={time}", more);
}

Insertion Node(absl::string_view write, absl::string_view file, Insertion::End node,
               absl::string_view properties) {
  return {write,
          file,
          {absl::StrCat("entity label=", node.label, " key=", node.label, "/{", node.parameter,
                        "} id:int={", node.parameter, "} createTime:int={time} ", properties)},
          {},
          node};
}

// A node and the relationship from the one that it belongs to.
Insertion Owned(absl::string_view write, absl::string_view file, absl::string_view type,
                Insertion::End owner, Insertion::End node, absl::string_view properties,
                absl::string_view more) {
  Insertion insertion = Node(write, file, node, properties);
  insertion.mappings.push_back(Relationship(type, owner, node, more));
  insertion.needs = {owner};
  return insertion;
}

Insertion Between(absl::string_view write, absl::string_view file, absl::string_view type,
                  Insertion::End from, Insertion::End to, absl::string_view more) {
  return {write, file, {Relationship(type, from, to, more)}, {from, to}, {}};
}

std::array<Insertion, kInsertions> MakeAll() {
  constexpr absl::string_view kAccount =
      "isBlocked:bool={accountBlocked} .type={accountType} nickname={nickname} "
      "phoneNumber={phoneNumber} email={email} freqLoginType={freqLoginType} "
      "lastLoginTime:int={lastLoginTime} accountLevel={accountLevel}";
  constexpr absl::string_view kLoan =
      "loanAmount:float={loanAmount} balance:float={balance} usage={usage} "
      "interestRate:float={interestRate}";
  constexpr absl::string_view kApplied = " organization={organization}";
  constexpr absl::string_view kShare = " ratio:float={ratio}";
  constexpr absl::string_view kGuaranteed = " relationship={relationship}";
  constexpr Insertion::End kPerson = {"personId", "Person"};
  constexpr Insertion::End kCompany = {"companyId", "Company"};
  constexpr Insertion::End kAnAccount = {"accountId", "Account"};
  constexpr Insertion::End kALoan = {"loanId", "Loan"};
  constexpr Insertion::End kMedium = {"mediumId", "Medium"};
  constexpr Insertion::End kCompany1 = {"companyId1", "Company"};
  constexpr Insertion::End kCompany2 = {"companyId2", "Company"};
  constexpr Insertion::End kAccount1 = {"accountId1", "Account"};
  constexpr Insertion::End kAccount2 = {"accountId2", "Account"};
  return {Node("tw1", "person", kPerson,
               ".name={personName} isBlocked:bool={isBlocked} gender={gender} "
               "birthday:date={birthday} country={country} city={city}"),
          Node("tw2", "company", kCompany,
               ".name={companyName} isBlocked:bool={isBlocked} country={country} city={city} "
               "business={business} description={description} url={url}"),
          Node("tw3", "medium", kMedium,
               ".type={mediumType} isBlocked:bool={isBlocked} lastLoginTime:int={lastLoginTime} "
               "riskLevel={riskLevel}"),
          Owned("tw4", "person_account", "OWN", kPerson, kAnAccount, kAccount, ""),
          Owned("tw5", "company_account", "OWN", kCompany, kAnAccount, kAccount, ""),
          Owned("tw6", "person_loan", "APPLY", kPerson, kALoan, kLoan, kApplied),
          Owned("tw7", "company_loan", "APPLY", kCompany, kALoan, kLoan, kApplied),
          Between("tw8", "person_invest", "INVEST", kPerson, kCompany, kShare),
          Between("tw9", "company_invest", "INVEST", kCompany1, kCompany2, kShare),
          Between("tw10", "person_guarantee", "GUARANTEE", {"personId1", "Person"},
                  {"personId2", "Person"}, kGuaranteed),
          Between("tw11", "company_guarantee", "GUARANTEE", kCompany1, kCompany2, kGuaranteed),
          Between("tw12", "transfer", "TRANSFER", kAccount1, kAccount2,
                  absl::StrCat(kMoney,
                               " orderNumber={orderNumber} comment={comment} "
                               "payType={payType} goodsType={goodsType}")),
          Between("tw13", "withdraw", "WITHDRAW", kAccount1, kAccount2, kMoney),
          Between("tw14", "repay", "REPAY", kAnAccount, kALoan, kMoney),
          Between("tw15", "deposit", "DEPOSIT", kALoan, kAnAccount, kMoney),
          Between("tw16", "sign_in", "SIGN_IN", kMedium, kAnAccount, " location={location}")};
}

// A number that is always the same for `number`, and unlike its neighbours'.
uint64_t Mixed(int64_t number) {
  return ((static_cast<uint64_t>(number) + 1) * 0x9E3779B97F4A7C15u) >> 40;
}

template <size_t kCount>
std::string Pick(const std::array<absl::string_view, kCount>& words, int64_t number) {
  return std::string(words[Mixed(number) % kCount]);
}

std::string AccountLevel(int64_t id) {
  const uint64_t percent = Mixed(id) % 100;
  return percent < 60   ? "Basic"
         : percent < 80 ? "Silver"
         : percent < 90 ? "Gold"
         : percent < 95 ? "Platinum"
         : percent < 98 ? "Diamond"
                        : "Elite";
}

constexpr std::array<absl::string_view, 8> kPlaces = {"Harbour", "Lakeside", "Hill",   "Mill",
                                                      "Station", "Castle",   "Bridge", "Market"};
constexpr std::array<absl::string_view, 6> kCountries = {"China", "Germany", "Brazil",
                                                         "India", "Kenya",   "Canada"};

Json PersonParameters(const Network& network, int64_t id) {
  return {{"personId", id},
          {"personName", absl::StrCat("Person ", id)},
          {"isBlocked", false},
          {"time", network.persons[static_cast<size_t>(id)].created},
          {"gender", id % 2 == 0 ? "female" : "male"},
          {"birthday", absl::StrFormat("%d-%02d-%02d", 1950 + id % 50, 1 + id % 12, 1 + id % 28)},
          {"country", Pick(kCountries, id)},
          {"city", Pick(kPlaces, id)}};
}

Json CompanyParameters(const Network& network, int64_t id) {
  constexpr std::array<absl::string_view, 5> kBusiness = {"trade", "software", "transport",
                                                          "building", "health care"};
  return {{"companyId", id},
          {"companyName", absl::StrCat("Company ", id)},
          {"isBlocked", false},
          {"time", network.companies[static_cast<size_t>(id)].created},
          {"country", Pick(kCountries, id)},
          {"city", Pick(kPlaces, id)},
          {"business", Pick(kBusiness, id)},
          {"description", absl::StrCat("Company number ", id, " of the generated network")},
          {"url", absl::StrCat("https://company", id, ".example")}};
}

Json MediumParameters(const Network& network, int64_t id) {
  constexpr std::array<absl::string_view, 3> kRisks = {"low", "middle", "high"};
  const Medium& medium = network.media[static_cast<size_t>(id)];
  return {{"mediumId", id},
          {"mediumType", std::string(kMediumTypes[medium.type])},
          {"isBlocked", medium.blocked},
          {"time", medium.created},
          {"lastLoginTime", medium.created},
          {"riskLevel", Pick(kRisks, id)}};
}

void AddAccount(const Account& account, int64_t id, Json& out) {
  out["accountId"] = id;
  out["time"] = account.created;
  out["accountBlocked"] = account.blocked;
  out["accountType"] = std::string(kAccountTypes[account.type]);
  out["nickname"] = absl::StrCat("nick", id);
  out["phoneNumber"] = absl::StrFormat("+86-%010d", id);
  out["email"] = absl::StrCat("account", id, "@mail.example");
  out["freqLoginType"] = Pick(kMediumTypes, id);
  out["lastLoginTime"] = account.created;
  out["accountLevel"] = AccountLevel(id);
}

void AddLoan(const Loan& loan, int64_t id, Json& out) {
  constexpr std::array<absl::string_view, 4> kUsages = {"house", "car", "study", "working capital"};
  constexpr std::array<absl::string_view, 4> kBanks = {"First Bank", "City Bank", "Credit Union",
                                                       "Farmers Bank"};
  out["loanId"] = id;
  out["loanAmount"] = loan.amount;
  // Of a loan that is inserted later all of it is there to be paid out.
  out["balance"] = loan.created > kSnapshotEnd ? loan.amount : loan.balance;
  out["time"] = loan.created;
  out["usage"] = Pick(kUsages, id);
  out["interestRate"] = loan.interest_rate;
  out["organization"] = Pick(kBanks, id);
}

void AddTransfer(int64_t number, Json& out) {
  constexpr std::array<absl::string_view, 4> kPayTypes = {"online", "counter", "terminal", "order"};
  constexpr std::array<absl::string_view, 4> kGoods = {"food", "clothing", "services", "machines"};
  out["orderNumber"] = absl::StrCat("T", number);
  out["comment"] = absl::StrCat("payment ", number);
  out["payType"] = Pick(kPayTypes, number);
  out["goodsType"] = Pick(kGoods, number);
}

std::string GuaranteeName(int64_t number) {
  // Friends 30%, others by tenths.
  constexpr std::array<absl::string_view, 10> kRelations = {
      "friends", "friends", "friends",  "business associate", "business associate",
      "parents", "parents", "siblings", "siblings",           "other relatives"};
  return Pick(kRelations, number);
}

// The ends and what else the link has.
Json LinkParameters(const Network& network, size_t insertion, size_t index) {
  const LinkKind kind = kKinds[insertion - kNodeInsertions];
  const Link& link = network.links[kind][index];
  const auto number = static_cast<int64_t>(index);
  const auto& needs = AllInsertions()[insertion].needs;
  Json out = {{std::string(needs[0].parameter), link.from}};
  if (kind == kPersonOwn || kind == kCompanyOwn) {
    AddAccount(network.accounts[static_cast<size_t>(link.to)], link.to, out);
    return out;
  }
  if (kind == kPersonApply || kind == kCompanyApply) {
    AddLoan(network.loans[static_cast<size_t>(link.to)], link.to, out);
    return out;
  }
  out[std::string(needs[1].parameter)] = link.to;
  out["time"] = link.time;
  if (kind <= kRepay) out["amount"] = link.amount;
  if (kind == kTransfer) AddTransfer(number, out);
  if (kind == kSignIn) out["location"] = Pick(kPlaces, number);
  if (kind == kPersonInvest || kind == kCompanyInvest) out["ratio"] = link.amount;
  if (kind == kPersonGuarantee || kind == kCompanyGuarantee) {
    out["relationship"] = GuaranteeName(number);
  }
  return out;
}

}  // namespace

const std::array<Insertion, kInsertions>& AllInsertions() {
  static const auto* const all = new std::array<Insertion, kInsertions>(MakeAll());
  return *all;
}

size_t CountOf(const Network& network, size_t insertion) {
  switch (insertion) {
    case 0:
      return network.persons.size();
    case 1:
      return network.companies.size();
    case 2:
      return network.media.size();
    default:
      return network.links[kKinds[insertion - kNodeInsertions]].size();
  }
}

int64_t TimeOf(const Network& network, size_t insertion, size_t index) {
  switch (insertion) {
    case 0:
      return network.persons[index].created;
    case 1:
      return network.companies[index].created;
    case 2:
      return network.media[index].created;
    default:
      return network.links[kKinds[insertion - kNodeInsertions]][index].time;
  }
}

nlohmann::ordered_json ParametersOf(const Network& network, size_t insertion, size_t index) {
  const auto id = static_cast<int64_t>(index);
  switch (insertion) {
    case 0:
      return PersonParameters(network, id);
    case 1:
      return CompanyParameters(network, id);
    case 2:
      return MediumParameters(network, id);
    default:
      return LinkParameters(network, insertion, index);
  }
}

}  // namespace relata::finbench
