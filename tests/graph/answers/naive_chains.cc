#include "tests/graph/answers/naive_chains.h"

#include <algorithm>
#include <limits>
#include <ostream>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/graph/answers/random_graph.h"

namespace relata {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A relationship with the one fact that the view shows.
struct Seen {
  RelationshipEnds ends;
  Fact fact;
};

// One hop of a walk.
struct Hop {
  std::vector<Seen> parts;
  EntityId to;
};

bool LiesIn(const Bound& bound, Instant a, Instant b, bool certainly) {
  if (a == kMinusInfinity && b == kPlusInfinity) return true;
  const Instant first = bound.earliest;
  // The last instant that the bound holds.
  const Instant last = bound.exact()                   ? bound.latest
                       : bound.latest == kPlusInfinity ? kPlusInfinity
                                                       : bound.latest - 1;
  const bool first_in = a <= first && first < b;
  const bool last_in = a <= last && (last < b || (last == kPlusInfinity && b == kPlusInfinity));
  return certainly ? first_in && last_in : first < b && last >= a;
}

class Enumeration {
 public:
  Enumeration(const Snapshot& snapshot, const ReadView& view, const ChainRequest& request)
      : snapshot_(snapshot), view_(view), request_(request) {
    for (const RelationshipState& state : AllRelationships(snapshot)) {
      const Fact* const fact = SelectOne(state.facts, view);
      if (fact == nullptr) continue;
      if (!LiesIn(fact->valid.from, request.started_from, request.started_before,
                  view.valid.certainly)) {
        continue;
      }
      seen_.push_back({state.ends, *fact});
    }
  }

  std::vector<NaiveChain> Run() {
    std::vector<Hop> walk;
    Walk(walk, request_.start);
    const auto key = [&](const NaiveChain& c) {
      const Range amount = c.least_amount.value_or(Range{0, 0});
      const double hops = static_cast<double>(c.hops.size());
      const bool by_hops = request_.order == ChainOrder::kHops;
      const bool by_amount = request_.order == ChainOrder::kAmount;
      return std::make_tuple(by_hops ? hops : 0.0, -(by_amount ? amount.low : c.share.low),
                             -(by_amount ? amount.high : c.share.high), hops);
    };
    const auto ids = [](const NaiveChain& c) {
      std::vector<RelationshipId> lowest;
      for (const auto& hop : c.hops) lowest.push_back(hop.front());
      return lowest;
    };
    std::sort(found_.begin(), found_.end(), [&](const NaiveChain& a, const NaiveChain& b) {
      return std::make_tuple(key(a), ids(a)) < std::make_tuple(key(b), ids(b));
    });
    for (size_t i = 1; i < found_.size(); ++i) {
      found_[i].rank = found_[i - 1].rank + (key(found_[i - 1]) != key(found_[i]) ? 1 : 0);
    }
    return found_;
  }

 private:
  void Walk(std::vector<Hop>& walk, EntityId at) {
    if (!IsAllowed(walk)) return;
    if (IsAnswer(walk, at)) found_.push_back(Describe(walk));
    if (static_cast<int>(walk.size()) == request_.max_hops) return;
    for (Hop& hop : HopsFrom(at)) {
      const EntityId to = hop.to;
      walk.push_back(std::move(hop));
      Walk(walk, to);
      walk.pop_back();
    }
  }

  std::vector<Hop> HopsFrom(EntityId at) const {
    std::vector<Hop> hops;
    for (const Seen& seen : seen_) {
      for (const bool outgoing : {true, false}) {
        const auto& [id, type, from, to] = seen.ends;
        if ((outgoing ? from : to) != at || !Allows(request_.steps, type, outgoing)) continue;
        // A loop is walked once.
        if (!outgoing && from == to && Allows(request_.steps, type, true)) continue;
        AddHop({{seen}, outgoing ? to : from}, hops);
      }
    }
    return hops;
  }

  void AddHop(Hop hop, std::vector<Hop>& hops) const {
    if (request_.parallel == ChainParallel::kMerged) {
      for (Hop& other : hops) {
        const RelationshipEnds& a = other.parts.front().ends;
        const RelationshipEnds& b = hop.parts.front().ends;
        if (a.type == b.type && a.from == b.from && a.to == b.to) {
          other.parts.push_back(hop.parts.front());
          return;
        }
      }
    }
    hops.push_back(std::move(hop));
  }

  // No entity, or no relationship, twice; dates that can be picked without falling.
  bool IsAllowed(const std::vector<Hop>& walk) const {
    for (size_t i = 0; i < walk.size(); ++i) {
      if (request_.mode == ChainMode::kSimple && walk[i].to == request_.start) return false;
      for (size_t j = 0; j < i; ++j) {
        const bool repeats = request_.mode == ChainMode::kSimple
                                 ? walk[i].to == walk[j].to
                                 : walk[i].parts.front().ends.id == walk[j].parts.front().ends.id;
        if (repeats) return false;
      }
    }
    return !request_.non_decreasing || DatesFit(walk);
  }

  bool DatesFit(const std::vector<Hop>& walk) const {
    std::vector<Bound> dates;
    dates.reserve(walk.size());
    for (const Hop& hop : walk) dates.push_back(hop.parts.front().fact.valid.from);
    if (request_.steps.front().direction == Direction::kIn) {
      std::reverse(dates.begin(), dates.end());
    }
    for (size_t i = 0; i < dates.size(); ++i) {
      for (size_t j = i; j < dates.size(); ++j) {
        const bool fits = dates[j].exact() ? dates[i].earliest <= dates[j].latest
                                           : dates[i].earliest < dates[j].latest;
        if (!fits) return false;
      }
    }
    return true;
  }

  bool IsAnswer(const std::vector<Hop>& walk, EntityId at) const {
    if (static_cast<int>(walk.size()) < request_.min_hops) return false;
    if (request_.end && at != *request_.end) return false;
    if (request_.end_labels.empty()) return true;
    const auto entity = snapshot_.GetEntityRecord(at).value();
    return std::any_of(request_.end_labels.begin(), request_.end_labels.end(),
                       [&](LabelId label) { return entity->HasLabel(label); });
  }

  std::optional<double> Number(const Seen& seen, absl::string_view name) const {
    const auto property = snapshot_.names().FindProperty(name);
    const Value* const value = property ? seen.fact.FindProperty(*property) : nullptr;
    if (value == nullptr) return std::nullopt;
    return value->AsDouble();
  }

  Range ShareOf(const Seen& seen) const {
    Range share{0, 1};
    const auto stated = Number(seen, "share");
    const auto least = Number(seen, "share_min");
    const auto most = Number(seen, "share_max");
    if (stated) {
      share = {*stated, *stated};
    } else if (least || most) {
      share = {least.value_or(0), most.value_or(1)};
    } else if (snapshot_.names().Name(seen.ends.type) == "ACQUIRED") {
      share = {1, 1};
    }
    if (share.low < 0 || share.high > 1 || share.low > share.high) return {0, 1};
    return share;
  }

  Range AmountOf(const Seen& seen) const {
    const auto property = snapshot_.names().FindProperty("amount");
    const Value* const value = property ? seen.fact.FindProperty(*property) : nullptr;
    if (value == nullptr || value->get<Money>().currency != request_.currency) {
      return {0, kInfinity};
    }
    const double amount = value->get<Money>().amount.ToDouble();
    return {amount, amount};
  }

  NaiveChain Describe(const std::vector<Hop>& walk) const {
    NaiveChain chain;
    chain.share = {1, 1};
    Range least{kInfinity, kInfinity};
    for (const Hop& hop : walk) {
      auto& ids = chain.hops.emplace_back();
      Range share{0, 0};
      Range amount{0, 0};
      for (const Seen& part : hop.parts) {
        ids.push_back(part.ends.id);
        const Range s = ShareOf(part);
        share = {share.low + s.low, share.high + s.high};
        const Range a = AmountOf(part);
        amount = {amount.low + a.low, amount.high + a.high};
      }
      chain.entities.push_back(hop.to);
      chain.share = {chain.share.low * std::min(1.0, share.low),
                     chain.share.high * std::min(1.0, share.high)};
      least = {std::min(least.low, amount.low), std::min(least.high, amount.high)};
    }
    if (request_.order == ChainOrder::kAmount) chain.least_amount = least;
    return chain;
  }

  const Snapshot& snapshot_;
  const ReadView& view_;
  const ChainRequest& request_;
  std::vector<Seen> seen_;
  std::vector<NaiveChain> found_;
};

}  // namespace

std::string ToString(const NaiveChain& chain) {
  std::string text = absl::StrCat("#", chain.rank);
  for (size_t i = 0; i < chain.hops.size(); ++i) {
    absl::StrAppend(&text, " -");
    for (const RelationshipId id : chain.hops[i]) absl::StrAppend(&text, "[", id.value(), "]");
    absl::StrAppend(&text, "-> ", chain.entities[i].value());
  }
  absl::StrAppend(&text, " share ", chain.share.low, "..", chain.share.high);
  if (chain.least_amount) {
    absl::StrAppend(&text, " amount ", chain.least_amount->low, "..", chain.least_amount->high);
  }
  return text;
}

void PrintTo(const NaiveChain& chain, std::ostream* out) { *out << ToString(chain); }

NaiveChain Simplified(const Chain& chain) {
  NaiveChain simple;
  for (const ChainHop& hop : chain.hops) {
    auto& ids = simple.hops.emplace_back();
    for (const ChainEdge& edge : hop.edges) ids.push_back(edge.ends.id);
    simple.entities.push_back(hop.to);
  }
  simple.share = chain.share;
  simple.least_amount = chain.least_amount;
  simple.rank = chain.rank;
  return simple;
}

std::vector<NaiveChain> NaiveChains(const Snapshot& snapshot, const ReadView& view,
                                    const ChainRequest& request) {
  return Enumeration(snapshot, view, request).Run();
}

}  // namespace relata
