#include "graph/answers/via_paths.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/adjacency/node_set.h"

namespace relata {
namespace {

// How many entities are walked from between two looks at the budget.
constexpr size_t kPiece = 64;

}  // namespace

ViaPaths::ViaPaths(const Snapshot& snapshot, const ReadView& view, const TimelineRequest& request,
                   Budget& budget)
    : snapshot_(snapshot),
      view_{ValidTime::All(), view.policy},
      request_(request),
      budget_(budget) {}

absl::Status ViaPaths::Walk() {
  if (CanSkipPaths()) return Reach();
  std::vector<PathId> level;
  absl::flat_hash_set<EntityId> subjects;
  for (const EntityId subject : request_.subjects) {
    if (!subjects.insert(subject).second) continue;
    level.push_back(nodes_.size());
    nodes_.push_back({0, nullptr, subject, 1});
    if (request_.min_hops == 0) Count(level.back());
  }
  for (int hops = 1; hops <= request_.max_hops && !level.empty(); ++hops) {
    RELATA_RETURN_IF_ERROR(ReadLinks(level));
    std::vector<PathId> next;
    size_t done = 0;
    for (; done < level.size() && budget_.open(); ++done) {
      RELATA_RETURN_IF_ERROR(Extend(level[done], hops, next));
    }
    if (!budget_.open()) {
      absl::flat_hash_set<EntityId> left;
      for (size_t i = done; i < level.size(); ++i) left.insert(nodes_[level[i]].vertex);
      if (hops < request_.max_hops) {
        for (const PathId path : next) left.insert(nodes_[path].vertex);
      }
      frontier_left_ = left.size();
      break;
    }
    level = std::move(next);
  }
  return absl::OkStatus();
}

absl::Status ViaPaths::Reach() {
  NodeSet met;
  std::vector<EntityId> level;
  nodes_.push_back({0, nullptr, request_.subjects.front(), 1});
  const auto reach = [&](EntityId entity) { reached_.push_back({entity, 1, 0, {}}); };
  for (const EntityId subject : request_.subjects) {
    if (!met.insert(subject)) continue;
    level.push_back(subject);
    if (request_.min_hops == 0) reach(subject);
  }
  for (int hops = 1; hops <= request_.max_hops && !level.empty(); ++hops) {
    std::vector<EntityId> next;
    size_t done = 0;
    while (done < level.size() && budget_.open()) {
      const auto piece = absl::MakeConstSpan(level).subspan(done, kPiece);
      uint64_t edges = 0;
      RELATA_RETURN_IF_ERROR(ForEachEdge(snapshot_, piece, request_.via, view_,
                                         [&](size_t /*vertex*/, const auto& edge) {
                                           ++edges;
                                           const EntityId entity = edge.neighbour();
                                           if (met.insert(entity)) next.push_back(entity);
                                         }));
      RELATA_RETURN_IF_ERROR(budget_.Spend(edges));
      done += piece.size();
    }
    for (const EntityId entity : next) reach(entity);
    if (!budget_.open()) {
      frontier_left_ = level.size() - done + (hops < request_.max_hops ? next.size() : 0);
      break;
    }
    level = std::move(next);
  }
  return absl::OkStatus();
}

absl::Status ViaPaths::ReadLinks(absl::Span<const PathId> level) {
  for (const PathId path : level) {
    const EntityId vertex = nodes_[path].vertex;
    if (links_.contains(vertex)) continue;
    if (!budget_.open()) break;
    Expansion expansion;
    const EdgeTimes times = request_.path_at_date ? EdgeTimes::kGiven : EdgeTimes::kNone;
    RELATA_RETURN_IF_ERROR(Expand(snapshot_, {vertex}, request_.via, view_, &expansion, times));
    RELATA_RETURN_IF_ERROR(budget_.Spend(expansion.edges.size()));
    links_.emplace(vertex, std::make_unique<const std::vector<Link>>(MakeLinks(vertex, expansion)));
  }
  return absl::OkStatus();
}

std::vector<ViaPaths::Link> ViaPaths::MakeLinks(EntityId vertex, const Expansion& expansion) const {
  std::vector<Link> links;
  for (size_t i = 0; i < expansion.edges.size(); ++i) {
    const Edge& edge = expansion.edges[i];
    if (edge.neighbour == vertex) continue;
    // The facts of one relationship stand together.
    if (links.empty() || links.back().ends.id != edge.relationship) {
      links.push_back({edge.Ends(vertex), edge.neighbour, 1, {}});
    }
    if (request_.path_at_date) links.back().valid.push_back(expansion.valid[i]);
  }
  const auto by_id = [](const Link& a, const Link& b) { return a.ends.id < b.ends.id; };
  std::sort(links.begin(), links.end(), by_id);
  if (request_.path_at_date) return links;
  // The one with the lowest id stands for all that lead to one entity.
  std::stable_sort(links.begin(), links.end(),
                   [](const Link& a, const Link& b) { return a.to < b.to; });
  size_t kept = 0;
  for (size_t i = 0; i < links.size(); ++i) {
    if (kept > 0 && links[kept - 1].to == links[i].to) {
      ++links[kept - 1].parallel;
    } else {
      if (kept != i) links[kept] = std::move(links[i]);
      ++kept;
    }
  }
  links.resize(kept);
  std::sort(links.begin(), links.end(), by_id);
  return links;
}

absl::Status ViaPaths::Extend(PathId path, int hops, std::vector<PathId>& next) {
  const auto links = links_.find(nodes_[path].vertex);
  if (links == links_.end()) return absl::OkStatus();
  const bool counts = hops >= request_.min_hops;
  const bool is_last = hops == request_.max_hops;
  for (const Link& link : *links->second) {
    if (Visits(path, link.to)) continue;
    const PathId extended = nodes_.size();
    nodes_.push_back({path, &link, link.to, nodes_[path].parallel * link.parallel});
    if (counts) Count(extended);
    // At the last hop only those paths are kept that something refers to.
    const bool is_needed =
        !is_last ||
        (counts && (request_.path_at_date || reached_[place_.at(link.to)].shortest == extended));
    if (!is_needed) {
      nodes_.pop_back();
    } else {
      next.push_back(extended);
    }
  }
  return budget_.Spend(links->second->size());
}

bool ViaPaths::Visits(PathId path, EntityId vertex) const {
  for (;; path = nodes_[path].parent) {
    if (nodes_[path].vertex == vertex) return true;
    if (nodes_[path].link == nullptr) return false;
  }
}

void ViaPaths::Count(PathId path) {
  const EntityId vertex = nodes_[path].vertex;
  const auto [place, is_new] = place_.emplace(vertex, reached_.size());
  if (is_new) reached_.push_back({vertex, 0, path, {}});
  Reached& reached = reached_[place->second];
  reached.paths += nodes_[path].parallel;
  if (request_.path_at_date) reached.all.push_back(path);
}

EntityId ViaPaths::SubjectOf(PathId path) const {
  while (nodes_[path].link != nullptr) path = nodes_[path].parent;
  return nodes_[path].vertex;
}

std::vector<TimelineHop> ViaPaths::HopsOf(PathId path) const {
  std::vector<TimelineHop> hops;
  for (; nodes_[path].link != nullptr; path = nodes_[path].parent) {
    hops.push_back({nodes_[path].link->ends, nodes_[path].vertex});
  }
  std::reverse(hops.begin(), hops.end());
  return hops;
}

bool ViaPaths::ValidAt(PathId path, const Bound& date) const {
  if (AllValidAt(path, date.earliest)) return true;
  // Else they become so where the last of them begins, if at all.
  for (PathId at = path; nodes_[at].link != nullptr; at = nodes_[at].parent) {
    for (const Interval& valid : nodes_[at].link->valid) {
      const Instant begin = valid.from.earliest;
      if (date.earliest < begin && begin < date.latest && AllValidAt(path, begin)) return true;
    }
  }
  return false;
}

bool ViaPaths::AllValidAt(PathId path, Instant t) const {
  for (; nodes_[path].link != nullptr; path = nodes_[path].parent) {
    const std::vector<Interval>& valid = nodes_[path].link->valid;
    if (std::none_of(valid.begin(), valid.end(),
                     [&](const Interval& interval) { return PossiblyValid(interval, t); })) {
      return false;
    }
  }
  return true;
}

}  // namespace relata
