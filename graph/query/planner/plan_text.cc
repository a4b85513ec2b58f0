#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/planner.h"

namespace relata::query {
namespace {

// By alternative of PlanOperator.
constexpr std::array<absl::string_view, std::variant_size_v<PlanOperator>> kNames = {
    "Argument",
    "NodeScan",
    "KeySeek",
    "IndexSeek",
    "IdSeek",
    "RelationshipScan",
    "RelationshipSeek",
    "Expand",
    "BoundRelationship",
    "VarExpand",
    "QuantifiedExpand",
    "ShortestPath",
    "PathSelect",
    "Filter",
    "DifferentRelationships",
    "Project",
    "Aggregate",
    "Distinct",
    "Sort",
    "SkipLimit",
    "Unwind",
    "Apply",
    "HashJoin",
    "Union",
    "EmptyResult",
    "Eager",
    "Count",
    "TwoHopCount",
    "FarCount",
    "Degree",
    "EdgeAggregate",
    "ProcedureCall",
    "Create",
    "Set",
    "Delete",
    "Merge",
    "Foreach",
    "SchemaChange",
    "Show",
    "Terminate",
    "Gather"};

struct Line {
  std::string tree;
  std::string details;
  std::string estimated;
  std::array<std::string, 7> measured;
};

// Bytes before an operator. Those further down stand below each other, so that the text of a deep
// plan stays about as long as the statement.
constexpr size_t kWidestIndent = 256;

std::string Count(double rows) {
  return rows < 1e6 ? absl::StrFormat("%.0f", std::max(rows, rows > 0 ? 1.0 : 0.0))
                    : absl::StrFormat("%.1e", rows);
}

// What an operator counted without its children. Where they ran on other threads they may have
// counted more.
uint64_t OwnCount(const PlanNode& node, const std::vector<OperatorProfile>& profile,
                  uint64_t OperatorProfile::*count) {
  uint64_t of_children = 0;
  for (const auto& child : node.children) of_children += profile[child->id].*count;
  const uint64_t with_children = profile[node.id].*count;
  return with_children - std::min(with_children, of_children);
}

// Entities and relationships that an operator itself read from storage: ids that it listed or
// sought, and states for the values that it asked for.
uint64_t ReadsOf(const PlanNode& node, const std::vector<OperatorProfile>& profile) {
  return profile[node.id].reads + OwnCount(node, profile, &OperatorProfile::states);
}

Line LineOf(const PlanNode& node, absl::string_view tree,
            const std::vector<OperatorProfile>* profile) {
  Line line;
  line.tree = absl::StrCat(tree, OperatorName(node.op));
  line.details = node.details;
  line.estimated = Count(node.estimated_rows);
  if (profile == nullptr) return line;
  const OperatorProfile& measured = (*profile)[node.id];
  if (!measured.morsels.empty()) {
    absl::StrAppend(&line.details, ", ", absl::StrJoin(measured.morsels, " + "),
                    " on threads of their own");
  }
  line.measured = {absl::StrCat(measured.rows),
                   absl::StrCat(measured.batches),
                   absl::StrCat(measured.expansions),
                   absl::StrCat(OwnCount(node, *profile, &OperatorProfile::hits)),
                   absl::StrCat(ReadsOf(node, *profile)),
                   absl::StrFormat("%.3f", static_cast<double>(measured.nanos) / 1e6),
                   absl::StrCat(measured.memory_bytes)};
  return line;
}

// Without recursion: a plan is as deep as its statement is long.
std::vector<Line> LinesOf(const PlanNode& root, const std::vector<OperatorProfile>* profile) {
  struct Open {
    const PlanNode* node;
    std::string first;  // before the operator
    std::string rest;   // before the lines below it
  };
  std::vector<Line> lines;
  std::vector<Open> open = {{&root, "", ""}};
  while (!open.empty()) {
    const Open next = std::move(open.back());
    open.pop_back();
    lines.push_back(LineOf(*next.node, next.first, profile));
    const bool deep = next.rest.size() > kWidestIndent;
    for (size_t i = next.node->children.size(); i > 0; --i) {
      const bool last = i == next.node->children.size();
      const absl::string_view below = last ? "  " : "│ ";
      open.push_back({next.node->children[i - 1].get(), absl::StrCat(next.rest, last ? "└ " : "├ "),
                      absl::StrCat(next.rest, deep ? "" : below)});
    }
  }
  return lines;
}

// Code points, for aligning.
size_t Width(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

void Pad(std::string& out, const std::string& text, size_t width, bool right) {
  const std::string blanks(width - std::min(width, Width(text)), ' ');
  absl::StrAppend(&out, right ? blanks : "", text, right ? "" : blanks);
}

}  // namespace

absl::string_view OperatorName(const PlanOperator& op) { return kNames[op.index()]; }

std::string PlanText(const CompiledStatement& statement,
                     const std::vector<OperatorProfile>* profile) {
  std::vector<Line> lines = {{"operator",
                              "details",
                              "estimated",
                              {"rows", "batches", "expansions", "hits", "reads", "ms", "bytes"}}};
  for (Line& line : LinesOf(*statement.root, profile)) lines.push_back(std::move(line));
  size_t tree = 0;
  size_t details = 0;
  size_t estimated = 0;
  std::array<size_t, 7> measured = {};
  for (const Line& line : lines) {
    tree = std::max(tree, Width(line.tree));
    details = std::max(details, Width(line.details));
    estimated = std::max(estimated, Width(line.estimated));
    for (size_t i = 0; i < measured.size(); ++i)
      measured[i] = std::max(measured[i], Width(line.measured[i]));
  }
  std::string out;
  for (const Line& line : lines) {
    std::string row;
    Pad(row, line.tree, tree + 2, false);
    Pad(row, line.details, details + 2, false);
    Pad(row, line.estimated, estimated, true);
    for (size_t i = 0; profile != nullptr && i < measured.size(); ++i) {
      row += "  ";
      Pad(row, line.measured[i], measured[i], true);
    }
    absl::StrAppend(&out, row, "\n");
  }
  return out;
}

}  // namespace relata::query
