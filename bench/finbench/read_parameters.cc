#include "bench/finbench/read_parameters.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "bench/finbench/random.h"

namespace relata::finbench {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kSubjectOfReads = 200;
constexpr size_t kDraws = 100;
constexpr double kDay = 86'400'000;
constexpr double kWindowDays = 28;

// A relationship seen from one of its ends.
struct Step {
  int64_t other;
  int64_t time;
};
// By the number of a node.
using Steps = std::vector<std::vector<Step>>;

Steps StepsOf(const std::vector<Link>& links, size_t nodes, bool out) {
  Steps steps(nodes);
  for (const Link& link : links) {
    if (link.time > kSnapshotEnd) continue;
    steps[static_cast<size_t>(out ? link.from : link.to)].push_back(
        {out ? link.to : link.from, link.time});
  }
  return steps;
}

// Both steps of a walk, the first one of the nodes that it is made of.
Steps Through(const Steps& owned, const Steps& next) {
  Steps steps(owned.size());
  for (size_t i = 0; i < owned.size(); ++i) {
    for (const Step& step : owned[i]) {
      const auto& further = next[static_cast<size_t>(step.other)];
      steps[i].insert(steps[i].end(), further.begin(), further.end());
    }
  }
  return steps;
}

// Nodes with a first step, those nearest the median of (second steps, first steps).
std::vector<size_t> NearMedian(const Steps& first, const Steps& second) {
  std::vector<std::pair<std::pair<size_t, size_t>, size_t>> sizes;
  for (size_t i = 0; i < first.size(); ++i) {
    if (first[i].empty()) continue;
    size_t far = 0;
    for (const Step& step : first[i]) far += second[static_cast<size_t>(step.other)].size();
    sizes.push_back({{far, first[i].size()}, i});
  }
  std::sort(sizes.begin(), sizes.end());
  const size_t count = std::min(kDraws, sizes.size());
  const size_t begin = (sizes.size() - count) / 2;
  std::vector<size_t> nodes;
  for (size_t i = begin; i < begin + count; ++i) nodes.push_back(sizes[i].second);
  return nodes;
}

absl::CivilMonth MonthOf(int64_t time) {
  return absl::ToCivilMonth(absl::FromUnixMillis(time), absl::UTCTimeZone());
}

// The window of a node with these steps, at least one.
std::pair<int64_t, int64_t> Window(const std::vector<Step>& steps) {
  std::map<absl::CivilMonth, double> months;
  for (const Step& step : steps) months[MonthOf(step.time)] += 1;
  std::vector<std::pair<double, absl::CivilMonth>> by_activity;
  for (const auto& [month, activity] : months) by_activity.emplace_back(activity, month);
  std::sort(by_activity.begin(), by_activity.end());
  const size_t n = by_activity.size();
  const double median = (by_activity[(n - 1) / 2].first + by_activity[n / 2].first) / 2;
  const auto [activity, month] = by_activity[n / 2];
  const int64_t start = absl::ToUnixMillis(absl::FromCivil(month, absl::UTCTimeZone()));
  return {start, start + static_cast<int64_t>(kWindowDays * kDay * activity / median)};
}

Json WithWindow(Json parameters, const std::vector<Step>& steps) {
  const auto [start, end] = Window(steps);
  parameters["startTime"] = start;
  parameters["endTime"] = end;
  return parameters;
}

class ReadDrawer {
 public:
  ReadDrawer(const Network& network, uint64_t seed)
      : random_(seed, kSubjectOfReads),
        persons_(network.persons.size()),
        accounts_(network.accounts.size()),
        out_(StepsOf(network.links[kTransfer], accounts_, true)),
        in_(StepsOf(network.links[kTransfer], accounts_, false)),
        withdrawn_(StepsOf(network.links[kWithdraw], accounts_, false)),
        paid_(StepsOf(network.links[kDeposit], network.loans.size(), true)),
        fed_(StepsOf(network.links[kDeposit], accounts_, false)),
        owned_(StepsOf(network.links[kPersonOwn], persons_, true)),
        invested_(StepsOf(network.links[kPersonInvest], persons_, true)),
        investors_(StepsOf(network.links[kPersonInvest], network.companies.size(), false)),
        guaranteed_(StepsOf(network.links[kPersonGuarantee], persons_, true)) {}

  std::vector<ReadDraw> Run() && {
    const Steps sent = Through(owned_, out_);
    Single("tcr1", out_, out_);
    Single("tcr2", Through(owned_, in_), in_);
    Pairs("tcr3", NearMedian(out_, out_));
    Cycles();
    Single("tcr5", sent, out_);
    Single("tcr6", withdrawn_, in_);
    Single("tcr7", in_, out_);
    Single("tcr8", paid_, out_);
    Single("tcr9", fed_, paid_);
    Investors();
    Single("tcr11", guaranteed_, guaranteed_);
    Single("tcr12", sent, out_);
    return std::move(draws_);
  }

 private:
  void Single(const char* read, const Steps& first, const Steps& second) {
    std::vector<size_t> nodes = NearMedian(first, second);
    random_.Shuffle(nodes);
    for (const size_t node : nodes) {
      draws_.push_back({read, WithWindow({{"id", node}}, first[node])});
    }
  }

  // Accounts, each with the next one.
  void Pairs(const char* read, std::vector<size_t> nodes) {
    random_.Shuffle(nodes);
    for (size_t i = 0; i < nodes.size(); ++i) {
      const size_t to = nodes[(i + 1) % nodes.size()];
      draws_.push_back({read, WithWindow({{"id1", nodes[i]}, {"id2", to}}, out_[nodes[i]])});
    }
  }

  // An account and one that it sent money to, in the month of that transfer.
  void Cycles() {
    std::vector<size_t> nodes = NearMedian(out_, out_);
    random_.Shuffle(nodes);
    for (const size_t node : nodes) {
      const Step step =
          out_[node][static_cast<size_t>(random_.Below(static_cast<int64_t>(out_[node].size())))];
      draws_.push_back({"tcr4", WithWindow({{"id1", node}, {"id2", step.other}}, {step})});
    }
  }

  // Persons, each with another investor of a company that it invests in, where there is one.
  void Investors() {
    std::vector<size_t> nodes = NearMedian(invested_, investors_);
    random_.Shuffle(nodes);
    for (const size_t node : nodes) {
      const auto& others = investors_[static_cast<size_t>(invested_[node].front().other)];
      const int64_t other =
          others[static_cast<size_t>(random_.Below(static_cast<int64_t>(others.size())))].other;
      draws_.push_back(
          {"tcr10", WithWindow({{"pid1", node}, {"pid2", other}}, {invested_[node].front()})});
    }
  }

  Random random_;
  const size_t persons_;
  const size_t accounts_;
  const Steps out_;
  const Steps in_;
  const Steps withdrawn_;
  const Steps paid_;
  const Steps fed_;
  const Steps owned_;
  const Steps invested_;
  const Steps investors_;
  const Steps guaranteed_;
  std::vector<ReadDraw> draws_;
};

}  // namespace

std::vector<ReadDraw> DrawReads(const Network& network, uint64_t seed) {
  return ReadDrawer(network, seed).Run();
}

}  // namespace relata::finbench
