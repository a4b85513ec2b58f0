#include "graph/query/planner/step_chains.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "graph/query/planner/pattern_parts.h"

namespace relata::query {
namespace {

// Longer ones are not found level by level.
constexpr size_t kLongestChain = 8;

bool MayMeet(const BoundEdge& a, const BoundEdge& b) {
  if (a.types.empty() || b.types.empty()) return true;
  return std::any_of(a.types.begin(), a.types.end(), [&](const std::string& type) {
    return std::find(b.types.begin(), b.types.end(), type) != b.types.end();
  });
}

// Finds chains within one path and folds the first.
class ChainFolder {
 public:
  ChainFolder(BoundPattern* pattern, const std::function<bool(VariableId)>& used)
      : pattern_(*pattern), used_(used) {}

  // False: there is none.
  bool FoldOne() {
    for (const BoundPath& path : pattern_.paths) {
      if (!IsPlain(path)) continue;
      for (size_t begin = 0; begin < path.edges.size(); ++begin) {
        size_t end = begin + 1;
        while (end < path.edges.size() && Continues(path, end) && StepFits(path, begin) &&
               StepFits(path, end) && Alike(path, begin, end)) {
          ++end;
        }
        const size_t length = end - begin;
        if (length < 2 || length > kLongestChain || MeetsOthers(path, begin, end)) continue;
        if (path.nodes[begin] == path.nodes[end]) continue;
        Fold(path, begin, end);
        return true;
      }
    }
    return false;
  }

 private:
  bool IsPlain(const BoundPath& path) const {
    const bool trail = path.mode == BoundPathMode::kTrail;
    const bool walk = path.mode == BoundPathMode::kWalk && !pattern_.different_relationships;
    return (trail || walk) && path.selector == BoundPath::Selector::kAll &&
           (path.variable == kNoVariable || !used_(path.variable));
  }

  const BoundEdge& EdgeAt(const BoundPath& path, size_t i) const {
    return pattern_.edges[path.edges[i]];
  }

  bool StepFits(const BoundPath& path, size_t i) const {
    const BoundEdge& step = EdgeAt(path, i);
    return step.kind == BoundEdge::Kind::kSingle && !step.bound && !used_(step.variable) &&
           step.types_condition == nullptr && step.left != step.right;
  }

  // Whether the node before the i-th edge is nothing but the end of one step and the start of the
  // next.
  bool Continues(const BoundPath& path, size_t i) const {
    const size_t node = path.nodes[i];
    const BoundNode& between = pattern_.nodes[node];
    if (between.bound || between.labels != nullptr || used_(between.variable)) return false;
    size_t ends = 0;
    for (const BoundEdge& edge : pattern_.edges) {
      ends += (edge.left == node ? 1 : 0) + (edge.right == node ? 1 : 0);
    }
    size_t places = 0;
    for (const BoundPath& other : pattern_.paths) {
      places += static_cast<size_t>(std::count(other.nodes.begin(), other.nodes.end(), node));
    }
    return ends == 2 && places == 1;
  }

  bool Alike(const BoundPath& path, size_t a, size_t b) const {
    return EdgeAt(path, a).types == EdgeAt(path, b).types &&
           DirectionFrom(EdgeAt(path, a), path.nodes[a]) ==
               DirectionFrom(EdgeAt(path, b), path.nodes[b]);
  }

  bool MeetsOthers(const BoundPath& path, size_t begin, size_t end) const {
    for (size_t e = 0; e < pattern_.edges.size(); ++e) {
      const auto last = path.edges.begin() + static_cast<ptrdiff_t>(end);
      const auto first = path.edges.begin() + static_cast<ptrdiff_t>(begin);
      if (std::find(first, last, e) != last) continue;
      if (MayMeet(pattern_.edges[e], EdgeAt(path, begin))) return true;
    }
    return false;
  }

  void Fold(const BoundPath& path, size_t begin, size_t end) {
    const std::vector<size_t> edges(path.edges.begin() + static_cast<ptrdiff_t>(begin) + 1,
                                    path.edges.begin() + static_cast<ptrdiff_t>(end));
    const std::vector<size_t> nodes(path.nodes.begin() + static_cast<ptrdiff_t>(begin) + 1,
                                    path.nodes.begin() + static_cast<ptrdiff_t>(end));
    BoundEdge& folded = pattern_.edges[path.edges[begin]];
    folded.direction = DirectionFrom(folded, path.nodes[begin]);
    folded.kind = BoundEdge::Kind::kRepeated;
    folded.left = path.nodes[begin];
    folded.right = path.nodes[end];
    folded.min = folded.max = static_cast<int64_t>(end - begin);
    for (BoundPath& each : pattern_.paths) {
      std::erase_if(each.edges, [&](size_t e) { return Contains(edges, e); });
      std::erase_if(each.nodes, [&](size_t n) { return Contains(nodes, n); });
      Renumber(each.edges, edges);
      Renumber(each.nodes, nodes);
    }
    for (BoundEdge& edge : pattern_.edges) {
      edge.left = NumberWithout(nodes, edge.left);
      edge.right = NumberWithout(nodes, edge.right);
    }
    Erase(pattern_.edges, edges);
    Erase(pattern_.nodes, nodes);
  }

  static bool Contains(const std::vector<size_t>& numbers, size_t number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
  }
  static size_t NumberWithout(const std::vector<size_t>& gone, size_t number) {
    return number - static_cast<size_t>(std::count_if(gone.begin(), gone.end(),
                                                      [&](size_t g) { return g < number; }));
  }
  static void Renumber(std::vector<size_t>& numbers, const std::vector<size_t>& gone) {
    for (size_t& number : numbers) number = NumberWithout(gone, number);
  }
  template <typename T>
  static void Erase(std::vector<T>& all, const std::vector<size_t>& gone) {
    std::vector<T> kept;
    for (size_t i = 0; i < all.size(); ++i) {
      if (!Contains(gone, i)) kept.push_back(std::move(all[i]));
    }
    all = std::move(kept);
  }

  BoundPattern& pattern_;
  const std::function<bool(VariableId)>& used_;
};

}  // namespace

void FoldStepChains(BoundPattern& pattern, const std::function<bool(VariableId)>& used) {
  ChainFolder folder(&pattern, used);
  while (folder.FoldOne()) {
  }
}

}  // namespace relata::query
