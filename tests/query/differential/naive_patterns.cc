#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "tests/query/differential/naive_evaluator.h"

// A pattern is matched from left to right: each node in its place, each relationship that is not
// used yet, every walk.
namespace relata::differential {

using query::Datum;

absl::Status NaiveEvaluator::CountStep() {
  if (--steps_ < 0) return absl::ResourceExhaustedError("more steps than the evaluator may take");
  return absl::OkStatus();
}

absl::StatusOr<bool> NaiveEvaluator::Fits(
    const std::vector<std::pair<std::string, Expression>>& wanted, const Properties& properties,
    const Row& row) {
  for (const auto& [name, expression] : wanted) {
    RELATA_ASSIGN_OR_RETURN(const Datum value, Evaluate(expression, row));
    const auto has = properties.find(name);
    if (has == properties.end()) return false;
    if (query::Equals(has->second, value) != query::Ternary::kTrue) return false;
  }
  return true;
}

absl::Status NaiveEvaluator::MatchPatterns(const std::vector<Pattern>& patterns, const Row& row,
                                           const Sink& sink) {
  Match match;
  match.row = row;
  return StartPattern(patterns, 0, match, sink);
}

absl::Status NaiveEvaluator::StartPattern(const std::vector<Pattern>& patterns, size_t which,
                                          const Match& match, const Sink& sink) {
  if (which == patterns.size()) return sink(match.row);
  for (size_t node = 0; node < graph_.nodes.size(); ++node) {
    Match start = match;
    start.path = query::PathValue();
    RELATA_RETURN_IF_ERROR(EnterNode(patterns, which, 0, node, std::move(start), sink));
  }
  return absl::OkStatus();
}

absl::Status NaiveEvaluator::EnterNode(const std::vector<Pattern>& patterns, size_t which,
                                       size_t place, size_t node, Match match, const Sink& sink) {
  RELATA_RETURN_IF_ERROR(CountStep());
  const Pattern& pattern = patterns[which];
  const NodePattern& wanted = pattern.nodes[place];
  const PlainNode& found = graph_.nodes[node];
  if (!wanted.variable.empty()) {
    const auto [bound, is_new] = match.row.insert({wanted.variable, found.value});
    if (!is_new && query::Equals(bound->second, found.value) != query::Ternary::kTrue) {
      return absl::OkStatus();
    }
  }
  for (const std::string& label : wanted.labels) {
    const auto& labels = found.labels;
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(const bool fits, Fits(wanted.properties, found.properties, match.row));
  if (!fits) return absl::OkStatus();
  // A walk has put its last node on the path already.
  if (match.path.relationships.size() == match.path.nodes.size()) {
    match.path.nodes.push_back(found.value.AsNode());
  }
  match.node = node;
  if (place < pattern.hops.size()) {
    if (!pattern.hops[place].min) return TakeHop(patterns, which, place, match, sink);
    return TakeWalk(patterns, which, place, match, {}, sink);
  }
  if (!pattern.variable.empty()) match.row[pattern.variable] = Datum::Of(match.path);
  return StartPattern(patterns, which + 1, match, sink);
}

absl::StatusOr<std::vector<size_t>> NaiveEvaluator::Follow(const HopPattern& hop,
                                                           size_t relationship,
                                                           const Match& match) {
  RELATA_RETURN_IF_ERROR(CountStep());
  std::vector<size_t> ends;
  const PlainRelationship& r = graph_.relationships[relationship];
  if (std::find(match.used.begin(), match.used.end(), relationship) != match.used.end())
    return ends;
  if (!hop.types.empty() &&
      std::find(hop.types.begin(), hop.types.end(), r.type) == hop.types.end()) {
    return ends;
  }
  RELATA_ASSIGN_OR_RETURN(const bool fits, Fits(hop.properties, r.properties, match.row));
  if (!fits) return ends;
  const bool along = hop.direction != HopPattern::Direction::kLeft;
  const bool against = hop.direction != HopPattern::Direction::kRight;
  if (along && r.from == match.node) {
    ends.push_back(r.to);
  } else if (against && r.to == match.node) {
    ends.push_back(r.from);
  }
  return ends;
}

absl::Status NaiveEvaluator::TakeHop(const std::vector<Pattern>& patterns, size_t which,
                                     size_t place, const Match& match, const Sink& sink) {
  const HopPattern& hop = patterns[which].hops[place];
  for (size_t i = 0; i < graph_.relationships.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<size_t> ends, Follow(hop, i, match));
    for (const size_t end : ends) {
      const Datum& value = graph_.relationships[i].value;
      Match next = match;
      if (!hop.variable.empty()) {
        const auto [bound, is_new] = next.row.insert({hop.variable, value});
        if (!is_new && query::Equals(bound->second, value) != query::Ternary::kTrue) continue;
      }
      next.used.push_back(i);
      next.path.relationships.push_back(value.AsRelationship());
      RELATA_RETURN_IF_ERROR(EnterNode(patterns, which, place + 1, end, std::move(next), sink));
    }
  }
  return absl::OkStatus();
}

absl::Status NaiveEvaluator::TakeWalk(const std::vector<Pattern>& patterns, size_t which,
                                      size_t place, const Match& match, const Datum::List& walked,
                                      const Sink& sink) {
  const HopPattern& hop = patterns[which].hops[place];
  const int length = static_cast<int>(walked.size());
  if (length >= *hop.min) {
    Match arrived = match;
    if (!hop.variable.empty()) arrived.row[hop.variable] = Datum::Of(walked);
    RELATA_RETURN_IF_ERROR(
        EnterNode(patterns, which, place + 1, match.node, std::move(arrived), sink));
  }
  if (length == *hop.max) return absl::OkStatus();
  for (size_t i = 0; i < graph_.relationships.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<size_t> ends, Follow(hop, i, match));
    for (const size_t end : ends) {
      Match next = match;
      next.node = end;
      next.used.push_back(i);
      next.path.relationships.push_back(graph_.relationships[i].value.AsRelationship());
      next.path.nodes.push_back(graph_.nodes[end].value.AsNode());
      Datum::List longer = walked;
      longer.push_back(graph_.relationships[i].value);
      RELATA_RETURN_IF_ERROR(TakeWalk(patterns, which, place, next, longer, sink));
    }
  }
  return absl::OkStatus();
}

}  // namespace relata::differential
