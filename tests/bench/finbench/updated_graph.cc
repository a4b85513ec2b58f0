#include "tests/bench/finbench/updated_graph.h"

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

namespace relata::finbench {
namespace {

// What the oracle calls the relationships of a write; empty: it has none of them.
struct EdgesOfWrite {
  std::string edges;
  std::string from;
  std::string to;
};
const EdgesOfWrite& EdgesOf(const std::string& write) {
  static const auto* const kWrites =
      new std::map<std::string, EdgesOfWrite>{{"tw4", {"OWN_P", "personId", "accountId"}},
                                              {"tw5", {"OWN_C", "companyId", "accountId"}},
                                              {"tw6", {"APPLY", "personId", "loanId"}},
                                              {"tw7", {"", "companyId", "loanId"}},
                                              {"tw8", {"INVEST", "personId", "companyId"}},
                                              {"tw9", {"", "companyId1", "companyId2"}},
                                              {"tw10", {"GUARANTEE", "personId1", "personId2"}},
                                              {"tw11", {"", "companyId1", "companyId2"}},
                                              {"tw12", {"TRANSFER", "accountId1", "accountId2"}},
                                              {"tw13", {"WITHDRAW", "accountId1", "accountId2"}},
                                              {"tw14", {"REPAY", "accountId", "loanId"}},
                                              {"tw15", {"DEPOSIT", "loanId", "accountId"}},
                                              {"tw16", {"SIGN_IN", "mediumId", "accountId"}}};
  return kWrites->at(write);
}

}  // namespace

UpdatedGraph::UpdatedGraph(const Network& network) {
  graph_.persons = static_cast<int64_t>(network.persons.size());
  graph_.companies = static_cast<int64_t>(network.companies.size());
  graph_.accounts = static_cast<int64_t>(network.accounts.size());
  graph_.loans = static_cast<int64_t>(network.loans.size());
  graph_.media = static_cast<int64_t>(network.media.size());
  for (const Account& account : network.accounts) {
    graph_.account_created.push_back(account.created);
    graph_.account_blocked.push_back(account.blocked);
    graph_.account_type.emplace_back(kAccountTypes[account.type]);
  }
  for (const Medium& medium : network.media) {
    graph_.medium_blocked.push_back(medium.blocked);
    graph_.medium_type.emplace_back(kMediumTypes[medium.type]);
  }
  for (const Loan& loan : network.loans) {
    graph_.loan_amount.push_back(loan.amount);
    graph_.loan_balance.push_back(loan.created > kSnapshotEnd ? loan.amount : loan.balance);
  }
  for (const char* const edges : {"OWN_P", "OWN_C", "APPLY", "INVEST", "GUARANTEE", "TRANSFER",
                                  "WITHDRAW", "DEPOSIT", "REPAY", "SIGN_IN"}) {
    graph_.edges[edges];
  }
  AddSnapshot(network);
}

void UpdatedGraph::AddSnapshot(const Network& network) {
  const std::array<std::pair<LinkKind, const char*>, 10> kinds = {{{kPersonOwn, "OWN_P"},
                                                                   {kCompanyOwn, "OWN_C"},
                                                                   {kPersonApply, "APPLY"},
                                                                   {kPersonInvest, "INVEST"},
                                                                   {kPersonGuarantee, "GUARANTEE"},
                                                                   {kTransfer, "TRANSFER"},
                                                                   {kWithdraw, "WITHDRAW"},
                                                                   {kDeposit, "DEPOSIT"},
                                                                   {kRepay, "REPAY"},
                                                                   {kSignIn, "SIGN_IN"}}};
  for (const auto& [kind, edges] : kinds) {
    for (const Link& link : network.links[kind]) {
      if (link.time > kSnapshotEnd) continue;
      graph_.edges[edges].push_back({link.from, link.to, link.time, link.amount});
    }
  }
  for (size_t i = 0; i < network.accounts.size(); ++i) {
    if (network.accounts[i].created <= kSnapshotEnd) accounts_.insert(static_cast<int64_t>(i));
  }
  for (size_t i = 0; i < network.loans.size(); ++i) {
    if (network.loans[i].created <= kSnapshotEnd) loans_.insert(static_cast<int64_t>(i));
  }
}

Outcome UpdatedGraph::Apply(const std::string& name, const Parameters& parameters) {
  if (absl::StartsWith(name, "trw")) return InsertChecked(name, parameters);
  if (name == "tw1" || name == "tw2" || name == "tw3") return Outcome::kDone;
  bool done = true;
  if (name == "tw17") {
    done = DeleteAccount(parameters.at("accountId").int_value());
  } else if (name == "tw18" || name == "tw19") {
    const bool person = name == "tw19";
    Block(person, parameters.at(person ? "personId" : "accountId").int_value());
  } else {
    done = Insert(name, parameters);
  }
  return done ? Outcome::kDone : Outcome::kWithoutEffect;
}

bool UpdatedGraph::Insert(const std::string& write, const Parameters& parameters) {
  const EdgesOfWrite& of = EdgesOf(write);
  const int64_t from = parameters.at(of.from).int_value();
  const int64_t to = parameters.at(of.to).int_value();
  if (write == "tw4" || write == "tw5") accounts_.insert(to);
  if (write == "tw6" || write == "tw7") loans_.insert(to);
  for (const auto& [parameter, id] : {std::pair(of.from, from), std::pair(of.to, to)}) {
    if (absl::StartsWith(parameter, "account") && !accounts_.contains(id)) return false;
    if (parameter == "loanId" && !loans_.contains(id)) return false;
  }
  if (of.edges.empty()) return true;
  const auto amount = parameters.find("amount");
  graph_.edges.at(of.edges).push_back(
      {from, to, parameters.at("time").int_value(),
       amount == parameters.end() ? 0.0 : amount->second.double_value()});
  return true;
}

Outcome UpdatedGraph::InsertChecked(const std::string& name, const Parameters& parameters) {
  const bool persons = name == "trw3";
  const int64_t from = parameters.at(persons ? "personId1" : "accountId1").int_value();
  const int64_t to = parameters.at(persons ? "personId2" : "accountId2").int_value();
  for (const int64_t id : {from, to}) {
    if (!persons && !accounts_.contains(id)) return Outcome::kWithoutEffect;
    if (IsBlocked(persons, id)) return Outcome::kRefused;
  }
  Insert(persons ? "tw10" : "tw12", parameters);
  if (!Detected(name, parameters, from, to)) return Outcome::kDone;
  graph_.edges.at(persons ? "GUARANTEE" : "TRANSFER").pop_back();
  Block(persons, from);
  Block(persons, to);
  return Outcome::kDetected;
}

// By what FinBench publishes: a cycle, a ratio above 1 of amounts above 1000, loans above 10000.
bool UpdatedGraph::Detected(const std::string& name, const Parameters& parameters, int64_t from,
                            int64_t to) {
  Question question;
  question.start = parameters.at("startTime").int_value();
  question.end = parameters.at("endTime").int_value();
  question.truncation = 500;
  question.id = question.id1 = from;
  question.id2 = to;
  if (name == "trw1") return !Answer(graph_, "tcr4", question).empty();
  if (name == "trw3") return std::stod(Answer(graph_, "tcr11", question)[0][0]) > 10000;
  question.threshold = 1000;
  if (std::stod(Answer(graph_, "tcr7", question)[0][2]) > 1) return true;
  question.id = to;
  return std::stod(Answer(graph_, "tcr7", question)[0][2]) > 1;
}

bool UpdatedGraph::DeleteAccount(int64_t account) {
  if (accounts_.erase(account) == 0) return false;
  std::set<int64_t> loans;
  for (const Edge& e : graph_.edges.at("DEPOSIT")) {
    if (e.to == account) loans.insert(e.from);
  }
  for (const Edge& e : graph_.edges.at("REPAY")) {
    if (e.from == account) loans.insert(e.to);
  }
  for (const int64_t loan : loans) DeleteLoan(loan);
  const auto to = [&](const Edge& e) { return e.to == account; };
  const auto from = [&](const Edge& e) { return e.from == account; };
  for (const char* const edges : {"OWN_P", "OWN_C", "SIGN_IN", "TRANSFER", "WITHDRAW"}) {
    std::erase_if(graph_.edges.at(edges), to);
  }
  for (const char* const edges : {"TRANSFER", "WITHDRAW"}) {
    std::erase_if(graph_.edges.at(edges), from);
  }
  return true;
}

void UpdatedGraph::DeleteLoan(int64_t loan) {
  loans_.erase(loan);
  std::erase_if(graph_.edges.at("DEPOSIT"), [&](const Edge& e) { return e.from == loan; });
  std::erase_if(graph_.edges.at("REPAY"), [&](const Edge& e) { return e.to == loan; });
  std::erase_if(graph_.edges.at("APPLY"), [&](const Edge& e) { return e.to == loan; });
}

bool UpdatedGraph::IsBlocked(bool person, int64_t id) const {
  return person ? blocked_persons_.contains(id) : graph_.account_blocked[static_cast<size_t>(id)];
}

void UpdatedGraph::Block(bool person, int64_t id) {
  if (person) {
    blocked_persons_.insert(id);
  } else {
    graph_.account_blocked[static_cast<size_t>(id)] = true;
  }
}

}  // namespace relata::finbench
