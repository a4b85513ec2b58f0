#include "graph/algorithms/louvain.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/status_macros.h"
#include "base/wrong_field.h"
#include "graph/algorithms/preconditions.h"

namespace relata {
namespace {

// The graph of a level. Every weight counts at both of its ends.
struct Level {
  Arcs arcs;                     // without loops
  std::vector<double> inside;    // of each vertex: what its loops weigh, from both ends
  std::vector<double> strength;  // of each vertex: its arcs and `inside`
  double total = 0;              // of all strengths
};

void SumUp(Level& level) {
  level.strength = level.inside;
  for (VertexIndex v = 0; v < level.arcs.vertices(); ++v) {
    for (uint64_t i = level.arcs.offsets[v]; i < level.arcs.offsets[v + 1]; ++i) {
      level.strength[v] += level.arcs.weight(i);
    }
  }
  level.total = std::accumulate(level.strength.begin(), level.strength.end(), 0.0);
}

Level FirstLevel(const Projection& projection) {
  const Arcs& out = projection.out();
  Level level;
  level.inside.assign(out.vertices(), 0.0);
  level.arcs.targets.reserve(out.size());
  if (out.weighted()) level.arcs.weights.reserve(out.size());
  for (VertexIndex v = 0; v < out.vertices(); ++v) {
    for (uint64_t i = out.offsets[v]; i < out.offsets[v + 1]; ++i) {
      if (out.targets[i] == v) {
        level.inside[v] = 2 * out.weight(i);
        continue;
      }
      level.arcs.targets.push_back(out.targets[i]);
      if (out.weighted()) level.arcs.weights.push_back(out.weights[i]);
    }
    level.arcs.offsets.push_back(level.arcs.size());
  }
  SumUp(level);
  return level;
}

// What a vertex is joined to each community by, one vertex after the other.
class Links {
 public:
  explicit Links(size_t communities) : weight_(communities, 0.0), known_(communities, false) {}

  void Add(VertexIndex community, double weight) {
    if (!known_[community]) {
      known_[community] = true;
      seen_.push_back(community);
    }
    weight_[community] += weight;
  }
  double weight(VertexIndex community) const { return weight_[community]; }
  // In the order in which they were first added.
  const std::vector<VertexIndex>& seen() const { return seen_; }
  void Clear() {
    for (const VertexIndex community : seen_) {
      weight_[community] = 0;
      known_[community] = false;
    }
    seen_.clear();
  }

 private:
  std::vector<double> weight_;
  std::vector<bool> known_;
  std::vector<VertexIndex> seen_;
};

// Moves the vertices of a level between communities.
class Moves {
 public:
  Moves(const Level& level, double tolerance, RunControl& control)
      : level_(level),
        tolerance_(tolerance),
        control_(control),
        community_(level.arcs.vertices()),
        sum_(level.strength),
        links_(level.arcs.vertices()) {
    std::iota(community_.begin(), community_.end(), 0);
  }

  // Rounds over all vertices until one gains less than the tolerance; what was gained in all.
  absl::StatusOr<double> Run() {
    double gained = 0;
    while (true) {
      double round = 0;
      for (VertexIndex v = 0; v < community_.size(); ++v) {
        round += Place(v);
        RELATA_RETURN_IF_ERROR(control_.Advance(1 + level_.arcs.degree(v)));
      }
      gained += round;
      if (round <= tolerance_) return gained;
    }
  }

  std::vector<VertexIndex> TakeCommunities() { return std::move(community_); }

 private:
  // Moves a vertex to where it gains most; how much modularity that gains.
  double Place(VertexIndex v) {
    const VertexIndex home = community_[v];
    links_.Add(home, 0.0);
    for (uint64_t i = level_.arcs.offsets[v]; i < level_.arcs.offsets[v + 1]; ++i) {
      links_.Add(community_[level_.arcs.targets[i]], level_.arcs.weight(i));
    }
    sum_[home] -= level_.strength[v];
    VertexIndex best = home;
    double most = Worth(v, home);
    const double stay = most;
    for (const VertexIndex community : links_.seen()) {
      const double worth = Worth(v, community);
      // Of equal ones the lowest, but a vertex leaves home for a gain only, or it could move for
      // ever.
      if (worth > most || (worth == most && best != home && community < best)) {
        best = community;
        most = worth;
      }
    }
    const double gain = (most - stay) * 2 / level_.total;
    if (gain <= kLeastGain) best = home;
    sum_[best] += level_.strength[v];
    community_[v] = best;
    links_.Clear();
    return best == home ? 0.0 : gain;
  }

  // Of membership, up to a constant and a factor of 2 / total.
  double Worth(VertexIndex v, VertexIndex community) const {
    return links_.weight(community) - sum_[community] * level_.strength[v] / level_.total;
  }

  // Less is the error of rounding.
  static constexpr double kLeastGain = 1e-14;

  const Level& level_;
  const double tolerance_;
  RunControl& control_;
  std::vector<VertexIndex> community_;
  std::vector<double> sum_;  // strengths in each community
  Links links_;
};

// Numbers communities 0, 1, … in the order of their first vertices. Returns how many there are.
VertexIndex Renumber(std::vector<VertexIndex>& communities) {
  std::vector<VertexIndex> number(communities.size(), kNoVertex);
  VertexIndex count = 0;
  for (VertexIndex& community : communities) {
    if (number[community] == kNoVertex) number[community] = count++;
    community = number[community];
  }
  return count;
}

// Each community as one vertex.
absl::StatusOr<Level> Fold(const Level& level, const std::vector<VertexIndex>& communities,
                           VertexIndex count, RunControl& control) {
  std::vector<VertexIndex> members(communities.size());
  std::iota(members.begin(), members.end(), 0);
  std::stable_sort(members.begin(), members.end(),
                   [&](VertexIndex a, VertexIndex b) { return communities[a] < communities[b]; });
  Level folded;
  folded.inside.assign(count, 0.0);
  Links links(count);
  size_t next = 0;
  for (VertexIndex c = 0; c < count; ++c) {
    for (; next < members.size() && communities[members[next]] == c; ++next) {
      const VertexIndex v = members[next];
      folded.inside[c] += level.inside[v];
      for (uint64_t i = level.arcs.offsets[v]; i < level.arcs.offsets[v + 1]; ++i) {
        links.Add(communities[level.arcs.targets[i]], level.arcs.weight(i));
      }
      RELATA_RETURN_IF_ERROR(control.Advance(1 + level.arcs.degree(v)));
    }
    for (const VertexIndex other : links.seen()) {
      if (other == c) {
        folded.inside[c] += links.weight(c);
        continue;
      }
      folded.arcs.targets.push_back(other);
      folded.arcs.weights.push_back(links.weight(other));
    }
    folded.arcs.offsets.push_back(folded.arcs.size());
    links.Clear();
  }
  SumUp(folded);
  return folded;
}

// For each vertex the lowest one of its community.
void NameByLowest(std::vector<VertexIndex>& communities) {
  std::vector<VertexIndex> lowest(communities.size(), kNoVertex);
  for (VertexIndex v = 0; v < communities.size(); ++v) {
    VertexIndex& name = lowest[communities[v]];
    if (name == kNoVertex) name = v;
    communities[v] = name;
  }
}

}  // namespace

absl::StatusOr<LouvainResult> Louvain(const Projection& projection, const LouvainOptions& options,
                                      RunControl& control) {
  RELATA_RETURN_IF_ERROR(RequireUndirected(projection, "louvain"));
  RELATA_RETURN_IF_ERROR(RequireNoNegativeWeight(projection, "louvain"));
  if (options.max_levels < 1) return WrongField("max_levels", "max_levels must be at least 1");
  if (!(options.tolerance >= 0)) {
    return WrongField("tolerance", "tolerance must not be negative");
  }
  const size_t count = projection.vertices();
  RELATA_RETURN_IF_ERROR(control.Reserve(
      count * 8 * sizeof(double) + 2 * projection.arcs() * (sizeof(VertexIndex) + sizeof(double))));
  LouvainResult result;
  result.communities.resize(count);
  std::iota(result.communities.begin(), result.communities.end(), 0);
  Level level = FirstLevel(projection);
  while (result.levels < options.max_levels && level.total > 0) {
    RELATA_RETURN_IF_ERROR(control.Begin("louvain", 0));
    Moves moves(level, options.tolerance, control);
    RELATA_ASSIGN_OR_RETURN(const double gained, moves.Run());
    std::vector<VertexIndex> communities = moves.TakeCommunities();
    const VertexIndex left = Renumber(communities);
    if (left == communities.size()) break;
    for (VertexIndex& community : result.communities) community = communities[community];
    ++result.levels;
    if (gained <= options.tolerance) break;
    RELATA_ASSIGN_OR_RETURN(level, Fold(level, communities, left, control));
  }
  NameByLowest(result.communities);
  result.modularity = Modularity(projection, result.communities);
  return result;
}

double Modularity(const Projection& projection, absl::Span<const VertexIndex> communities) {
  const Arcs& out = projection.out();
  std::vector<double> strength(out.vertices(), 0.0);  // of communities
  double inside = 0;
  double total = 0;
  for (VertexIndex v = 0; v < out.vertices(); ++v) {
    for (uint64_t i = out.offsets[v]; i < out.offsets[v + 1]; ++i) {
      const double weight = out.weight(i) * (out.targets[i] == v ? 2 : 1);
      strength[communities[v]] += weight;
      total += weight;
      if (communities[out.targets[i]] == communities[v]) inside += weight;
    }
  }
  if (total <= 0) return 0.0;
  double modularity = inside / total;
  for (const double sum : strength) modularity -= (sum / total) * (sum / total);
  return modularity;
}

}  // namespace relata
