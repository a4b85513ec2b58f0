#include "tests/query/finbench/oracle.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relata::finbench {
namespace {

using Edges = std::vector<Edge>;

template <typename Integer>
std::string Text(Integer n) {
  return std::to_string(n);
}

class Oracle {
 public:
  Oracle(const Graph& graph, const Question& question) : g_(graph), q_(question) {}

  std::vector<Row> Rows(const std::string& query) {
    static const std::map<std::string, void (Oracle::*)()> kQueries = {
        {"tcr1", &Oracle::Tcr1},   {"tcr2", &Oracle::Tcr2},   {"tcr3", &Oracle::Tcr3},
        {"tcr4", &Oracle::Tcr4},   {"tcr5", &Oracle::Tcr5},   {"tcr6", &Oracle::Tcr6},
        {"tcr7", &Oracle::Tcr7},   {"tcr8", &Oracle::Tcr8},   {"tcr9", &Oracle::Tcr9},
        {"tcr10", &Oracle::Tcr10}, {"tcr11", &Oracle::Tcr11}, {"tcr12", &Oracle::Tcr12},
        {"tsr1", &Oracle::Tsr1},   {"tsr2", &Oracle::Tsr2},   {"tsr3", &Oracle::Tsr3},
        {"tsr4", &Oracle::Tsr4},   {"tsr5", &Oracle::Tsr5},   {"tsr6", &Oracle::Tsr6}};
    (this->*kQueries.at(query))();
    return std::move(rows_);
  }

 private:
  // The relationships of a node in one direction, in the window and above `least`.
  Edges Of(const std::string& type, int64_t node, bool out, bool truncated, bool windowed = true,
           double least = -1) const {
    Edges all;
    for (const Edge& e : g_.edges.at(type)) {
      if ((out ? e.from : e.to) == node) all.push_back(e);
    }
    std::sort(all.begin(), all.end(),
              [](const Edge& a, const Edge& b) { return a.timestamp > b.timestamp; });
    if (truncated && all.size() > static_cast<size_t>(q_.truncation)) all.resize(q_.truncation);
    Edges kept;
    for (const Edge& e : all) {
      const bool inside = q_.start < e.timestamp && e.timestamp < q_.end;
      if ((inside || !windowed) && e.amount > least) kept.push_back(e);
    }
    return kept;
  }
  static double Sum(const Edges& edges) {
    double sum = 0;
    for (const Edge& e : edges) sum += e.amount;
    return sum;
  }
  static double Max(const Edges& edges) {
    double max = -1;
    for (const Edge& e : edges) max = std::max(max, e.amount);
    return max;
  }
  static std::string Ratio(double a, const Edges& over) {
    return over.empty() ? Fraction(-1) : Fraction(a / Sum(over));
  }
  // Each walk of 1 to 3 transfers from `at`, later and later (or, walking backwards, earlier).
  void Walk(std::vector<int64_t> nodes, int64_t last, bool out,
            const std::function<void(const std::vector<int64_t>&)>& visit) const {
    for (const Edge& e : Of("TRANSFER", nodes.back(), out, true)) {
      if (nodes.size() > 1 && (out ? e.timestamp <= last : e.timestamp >= last)) continue;
      nodes.push_back(out ? e.to : e.from);
      visit(nodes);
      if (nodes.size() < 4) Walk(nodes, e.timestamp, out, visit);
      nodes.pop_back();
    }
  }

  void Tcr1() {
    std::set<Row> found;
    Walk({q_.id}, 0, true, [&](const std::vector<int64_t>& nodes) {
      for (const Edge& s : Of("SIGN_IN", nodes.back(), false, true)) {
        if (!g_.medium_blocked[s.from]) continue;
        found.insert({Text(nodes.back()), Text(static_cast<int64_t>(nodes.size()) - 1),
                      Text(s.from), g_.medium_type[s.from]});
      }
    });
    rows_.assign(found.begin(), found.end());
  }
  void Tcr2() {
    std::set<int64_t> others;
    for (const Edge& own : Of("OWN_P", q_.id, true, true, false)) {
      Walk({own.to}, 0, false, [&](const auto& nodes) { others.insert(nodes.back()); });
    }
    for (const int64_t other : others) {
      std::set<int64_t> loans;
      for (const Edge& d : Of("DEPOSIT", other, false, true)) loans.insert(d.from);
      double amount = 0;
      double balance = 0;
      for (const int64_t loan : loans) {
        amount += g_.loan_amount[loan];
        balance += g_.loan_balance[loan];
      }
      if (!loans.empty()) rows_.push_back({Text(other), Fraction(amount), Fraction(balance)});
    }
  }
  void Tcr3() {
    std::map<int64_t, int64_t> depth = {{q_.id1, 0}};
    std::deque<int64_t> queue = {q_.id1};
    while (!queue.empty()) {
      const int64_t at = queue.front();
      queue.pop_front();
      for (const Edge& e : Of("TRANSFER", at, true, false)) {
        if (depth.emplace(e.to, depth[at] + 1).second) queue.push_back(e.to);
      }
    }
    rows_.push_back({Text(depth.contains(q_.id2) ? depth[q_.id2] : -1)});
  }
  static Edges Between(const Edges& edges, int64_t to, bool out) {
    Edges kept;
    for (const Edge& e : edges) {
      if ((out ? e.to : e.from) == to) kept.push_back(e);
    }
    return kept;
  }
  void Tcr4() {
    if (Between(Of("TRANSFER", q_.id1, true, false), q_.id2, true).empty()) return;
    for (int64_t other = 0; other < g_.accounts; ++other) {
      const Edges e2 = Between(Of("TRANSFER", other, true, false), q_.id1, true);
      const Edges e3 = Between(Of("TRANSFER", q_.id2, true, false), other, true);
      if (e2.empty() || e3.empty()) continue;
      rows_.push_back({Text(other), Text(e2.size()), Fraction(Sum(e2)), Fraction(Max(e2)),
                       Text(e3.size()), Fraction(Sum(e3)), Fraction(Max(e3))});
    }
  }
  void Tcr5() {
    std::set<Row> found;
    for (const Edge& own : Of("OWN_P", q_.id, true, true, false)) {
      Walk({own.to}, 0, true, [&](const std::vector<int64_t>& nodes) {
        if (std::set<int64_t>(nodes.begin(), nodes.end()).size() < nodes.size()) return;
        std::string path;
        for (const int64_t n : nodes) absl::StrAppend(&path, path.empty() ? "[" : ", ", n);
        found.insert({path + "]"});
      });
    }
    rows_.assign(found.begin(), found.end());
  }
  void Tcr6() {
    if (!g_.account_type[q_.id].ends_with("card")) return;
    std::map<int64_t, double> mids;
    for (const Edge& e : Of("WITHDRAW", q_.id, false, true, true, q_.threshold2)) {
      mids[e.from] += e.amount;
    }
    for (const auto& [mid, sum2] : mids) {
      const Edges e1 = Of("TRANSFER", mid, false, true, true, q_.threshold1);
      if (e1.size() > 3) rows_.push_back({Text(mid), Fraction(Sum(e1)), Fraction(sum2)});
    }
  }
  void Tcr7() {
    const Edges in = Of("TRANSFER", q_.id, false, true, true, q_.threshold);
    const Edges out = Of("TRANSFER", q_.id, true, true, true, q_.threshold);
    std::set<int64_t> sources;
    std::set<int64_t> targets;
    for (const Edge& e : in) sources.insert(e.from);
    for (const Edge& e : out) targets.insert(e.to);
    rows_.push_back({Text(sources.size()), Text(targets.size()), Ratio(Sum(in), out)});
  }
  void Tcr8() {
    std::set<int64_t> frontier;
    for (const Edge& d : Of("DEPOSIT", q_.id, true, true)) frontier.insert(d.to);
    std::map<int64_t, std::map<int64_t, double>> into;  // account -> timestamp -> amount
    std::map<int64_t, int64_t> distance;
    for (int64_t step = 2; step <= 4; ++step) {
      std::set<int64_t> next;
      for (const int64_t at : frontier) {
        const double upstream = Sum(Of("TRANSFER", at, false, false));
        for (const char* type : {"TRANSFER", "WITHDRAW"}) {
          for (const Edge& e : Of(type, at, true, true, true, q_.threshold * upstream)) {
            into[e.to][e.timestamp] = e.amount;
            distance.emplace(e.to, step);
            next.insert(e.to);
          }
        }
      }
      frontier = next;
    }
    for (const auto& [account, edges] : into) {
      double sum = 0;
      for (const auto& [time, amount] : edges) sum += amount;
      rows_.push_back(
          {Text(account), Fraction(sum / g_.loan_amount[q_.id]), Text(distance[account])});
    }
  }
  void Tcr9() {
    const Edges deposits = Of("DEPOSIT", q_.id, false, true, true, q_.threshold);
    const Edges repays = Of("REPAY", q_.id, true, true, true, q_.threshold);
    const Edges in = Of("TRANSFER", q_.id, false, true, true, q_.threshold);
    const Edges out = Of("TRANSFER", q_.id, true, true, true, q_.threshold);
    rows_.push_back({Ratio(Sum(deposits), repays), Ratio(Sum(deposits), out), Ratio(Sum(in), out)});
  }
  void Tcr10() {
    std::set<int64_t> a;
    std::set<int64_t> all;
    for (const Edge& e : Of("INVEST", q_.id1, true, false)) a.insert(e.to);
    all = a;
    std::set<int64_t> both;
    for (const Edge& e : Of("INVEST", q_.id2, true, false)) {
      all.insert(e.to);
      if (a.contains(e.to)) both.insert(e.to);
    }
    rows_.push_back({Fraction(
        all.empty() ? 0 : static_cast<double>(both.size()) / static_cast<double>(all.size()))});
  }
  void Tcr11() {
    std::set<int64_t> reached;
    std::deque<int64_t> queue = {q_.id};
    while (!queue.empty()) {
      const int64_t at = queue.front();
      queue.pop_front();
      for (const Edge& e : Of("GUARANTEE", at, true, true)) {
        if (reached.insert(e.to).second) queue.push_back(e.to);
      }
    }
    std::set<int64_t> loans;
    for (const int64_t person : reached) {
      for (const Edge& e : Of("APPLY", person, true, false, false)) loans.insert(e.to);
    }
    double sum = 0;
    for (const int64_t loan : loans) sum += g_.loan_amount[loan];
    rows_.push_back({Fraction(sum), Text(loans.size())});
  }
  void Tcr12() {
    std::map<int64_t, double> sums;
    for (const Edge& own : Of("OWN_P", q_.id, true, true, false)) {
      for (const Edge& e : Of("TRANSFER", own.to, true, true)) {
        if (!Of("OWN_C", e.to, false, false, false).empty()) sums[e.to] += e.amount;
      }
    }
    for (const auto& [account, sum] : sums) rows_.push_back({Text(account), Fraction(sum)});
  }
  void Tsr1() {
    rows_.push_back({Text(g_.account_created[q_.id]), g_.account_blocked[q_.id] ? "true" : "false",
                     g_.account_type[q_.id]});
  }
  void Tsr2() {
    Row row;
    for (const bool out : {true, false}) {
      const Edges edges = Of("TRANSFER", q_.id, out, false);
      row.insert(row.end(), {Fraction(Sum(edges)), Fraction(Max(edges)), Text(edges.size())});
    }
    rows_.push_back(row);
  }
  void Tsr3() {
    const Edges all = Of("TRANSFER", q_.id, false, false, false);
    double blocked = 0;
    for (const Edge& e : Of("TRANSFER", q_.id, false, false, true, q_.threshold)) {
      blocked += g_.account_blocked[e.from] ? 1 : 0;
    }
    rows_.push_back({Fraction(all.empty() ? -1 : blocked / static_cast<double>(all.size()))});
  }
  void ByOtherEnd(bool out) {
    std::map<int64_t, Edges> groups;
    for (const Edge& e : Of("TRANSFER", q_.id, out, false, true, q_.threshold)) {
      groups[out ? e.to : e.from].push_back(e);
    }
    for (const auto& [other, edges] : groups) {
      rows_.push_back({Text(other), Text(edges.size()), Fraction(Sum(edges))});
    }
  }
  void Tsr4() { ByOtherEnd(true); }
  void Tsr5() { ByOtherEnd(false); }
  void Tsr6() {
    std::set<int64_t> found;
    for (const Edge& e1 : Of("TRANSFER", q_.id, false, false)) {
      for (const Edge& e2 : Of("TRANSFER", e1.from, true, false)) {
        if (g_.account_blocked[e2.to] && e2.to != q_.id) found.insert(e2.to);
      }
    }
    for (const int64_t account : found) rows_.push_back({Text(account)});
  }

  const Graph& g_;
  const Question& q_;
  std::vector<Row> rows_;
};

}  // namespace

std::string Fraction(double value) { return absl::StrFormat("%.3f", value); }

std::vector<Row> Answer(const Graph& graph, const std::string& query, const Question& question) {
  return Oracle(graph, question).Rows(query);
}

Graph Generate(uint64_t seed) {
  std::mt19937_64 random(seed);
  Graph g;
  g.persons = 15;
  g.companies = 8;
  g.accounts = 30;
  g.loans = 20;
  g.media = 12;
  for (int64_t i = 0; i < g.accounts; ++i) {
    g.account_created.push_back(1000 + i);
    g.account_blocked.push_back(random() % 4 == 0);
    g.account_type.push_back(i % 3 == 0 ? "debit card" : "trust account");
  }
  for (int64_t i = 0; i < g.media; ++i) {
    g.medium_blocked.push_back(random() % 2 == 0);
    g.medium_type.push_back(i % 2 == 0 ? "POS" : "WIFI");
  }
  for (int64_t i = 0; i < g.loans; ++i) {
    g.loan_amount.push_back(static_cast<double>(1 + random() % 400) * 0.25);
    g.loan_balance.push_back(g.loan_amount.back() / 2);
  }
  std::vector<int64_t> times(2000);
  for (size_t i = 0; i < times.size(); ++i) times[i] = static_cast<int64_t>(i) + 1;
  std::shuffle(times.begin(), times.end(), random);
  const auto add = [&](const char* type, int64_t from, int64_t to) {
    g.edges[type].push_back(
        {from, to, times.back(), static_cast<double>(1 + random() % 4000) * 0.25});
    times.pop_back();
  };
  const auto any = [&](int64_t n) { return static_cast<int64_t>(random() % n); };
  for (int64_t i = 0; i < g.accounts; ++i) {
    if (i % 3 == 2) {
      add("OWN_C", any(g.companies), i);
    } else {
      add("OWN_P", any(g.persons), i);
    }
  }
  for (int64_t i = 0; i < g.loans; ++i) add("APPLY", i % g.persons, i);
  for (int i = 0; i < 30; ++i) add("INVEST", any(g.persons), any(g.companies));
  for (int i = 0; i < 18; ++i) add("GUARANTEE", any(g.persons), any(g.persons));
  for (int i = 0; i < 260; ++i) {
    // Low numbers more often, no transfer to itself.
    const int64_t from = std::min(any(g.accounts), any(g.accounts));
    add("TRANSFER", from, (from + 1 + any(g.accounts - 1)) % g.accounts);
  }
  for (int i = 0; i < 60; ++i) add("WITHDRAW", any(g.accounts), any(g.accounts / 3) * 3);
  for (int i = 0; i < 60; ++i) add("DEPOSIT", any(g.loans), any(g.accounts));
  for (int i = 0; i < 50; ++i) add("REPAY", any(g.accounts), any(g.loans));
  for (int i = 0; i < 70; ++i) add("SIGN_IN", any(g.media), any(g.accounts));
  return g;
}

}  // namespace relata::finbench
