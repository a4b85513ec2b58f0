#include "graph/query/executor/operators/label_test.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

bool IsDynamic(const LabelsCondition& condition) {
  return condition.kind == BoundLabels::Kind::kDynamic ||
         std::any_of(condition.args.begin(), condition.args.end(), IsDynamic);
}

absl::Status TestName(absl::string_view name, ExecutionContext& context, const Column& subject,
                      std::vector<uint8_t>* truth) {
  Column has;
  RELATA_RETURN_IF_ERROR(context.reader->HasLabel(subject, name, &has));
  truth->resize(subject.size());
  for (size_t row = 0; row < subject.size(); ++row) {
    (*truth)[row] =
        !has.IsNull(row) &&
        (has.kind() == Column::Kind::kBool ? has.bools()[row] != 0 : has.Get(row).is_true());
  }
  return absl::OkStatus();
}

// The names of a node's labels or of a relationship's type.
absl::StatusOr<std::vector<absl::string_view>> NamesOf(ExecutionContext& context,
                                                       const Datum& subject) {
  std::vector<absl::string_view> names;
  const NameTable& table = context.reader->names();
  if (subject.kind() == Datum::Kind::kRelationship) {
    names.push_back(table.Name(subject.AsRelationship().ends.type));
  } else if (subject.kind() == Datum::Kind::kNode) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<LabelId> labels,
                            context.reader->Labels(subject.AsNode()));
    for (const LabelId label : labels) names.push_back(table.Name(label));
  }
  return names;
}

// `any`: one of a list suffices.
absl::StatusOr<bool> HasNames(const std::vector<absl::string_view>& names, const Datum& wanted,
                              bool any) {
  if (wanted.is_string()) {
    return std::find(names.begin(), names.end(), wanted.AsString()) != names.end();
  }
  if (!wanted.is_list()) {
    return TypeError("InvalidArgumentType",
                     absl::StrCat("a label or type that is computed must be a string or a list of "
                                  "strings, not ",
                                  TypeName(wanted)));
  }
  for (const Datum& element : wanted.AsList()) {
    if (element.is_list()) {
      return TypeError("InvalidArgumentType", "a list of labels must hold strings only");
    }
    RELATA_ASSIGN_OR_RETURN(const bool has, HasNames(names, element, any));
    if (has == any) return any;
  }
  return !any;
}

absl::Status TestRows(const LabelsCondition& condition, ExecutionContext& context,
                      const Batch& rows, const Column& subject, std::vector<uint8_t>* truth) {
  Column wanted;
  if (condition.kind == BoundLabels::Kind::kDynamic) {
    RELATA_RETURN_IF_ERROR(condition.dynamic.Evaluate(context, rows, &wanted));
  }
  truth->assign(subject.size(), 0);
  for (size_t row = 0; row < subject.size(); ++row) {
    if (subject.IsNull(row)) continue;
    RELATA_ASSIGN_OR_RETURN(const std::vector<absl::string_view> names,
                            NamesOf(context, subject.Get(row)));
    if (condition.kind == BoundLabels::Kind::kWildcard) {
      (*truth)[row] = !names.empty();
    } else if (!wanted.IsNull(row)) {
      RELATA_ASSIGN_OR_RETURN(const bool has, HasNames(names, wanted.Get(row), condition.any));
      (*truth)[row] = has;
    }
  }
  return absl::OkStatus();
}

absl::Status TestArgs(const LabelsCondition& condition, ExecutionContext& context,
                      const Batch& rows, size_t subject, std::vector<uint8_t>* truth) {
  const bool conjunction = condition.kind == BoundLabels::Kind::kAnd;
  truth->assign(rows.rows, conjunction ? 1 : 0);
  std::vector<uint8_t> part;
  for (const LabelsCondition& arg : condition.args) {
    RELATA_RETURN_IF_ERROR(TestLabels(arg, context, rows, subject, &part));
    for (size_t row = 0; row < rows.rows; ++row) {
      if (conjunction) {
        (*truth)[row] &= part[row];
      } else {
        (*truth)[row] |= part[row];
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status TestLabels(const LabelsCondition& condition, ExecutionContext& context,
                        const Batch& rows, size_t subject, std::vector<uint8_t>* truth) {
  const Column& column = rows.columns[subject];
  switch (condition.kind) {
    case BoundLabels::Kind::kName:
      return TestName(condition.name, context, column, truth);
    case BoundLabels::Kind::kAnd:
    case BoundLabels::Kind::kOr:
      return TestArgs(condition, context, rows, subject, truth);
    case BoundLabels::Kind::kNot:
      RELATA_RETURN_IF_ERROR(TestLabels(condition.args[0], context, rows, subject, truth));
      for (size_t row = 0; row < rows.rows; ++row) {
        (*truth)[row] = !column.IsNull(row) && (*truth)[row] == 0;
      }
      return absl::OkStatus();
    case BoundLabels::Kind::kWildcard:
    case BoundLabels::Kind::kDynamic:
      return TestRows(condition, context, rows, column, truth);
  }
  return absl::InternalError("unknown kind of label condition");
}

FarLabelTest::FarLabelTest(const LabelsCondition& condition, ExecutionContext* context,
                           ContextId time_context)
    : condition_(condition),
      context_(context),
      time_context_(time_context),
      dynamic_(IsDynamic(condition)) {}

absl::Status FarLabelTest::Test(absl::Span<const EntityId> vertices, const Expansion& expansion,
                                std::vector<uint8_t>* truth) {
  if (dynamic_) return TestEach(vertices, expansion, truth);
  if (verdicts_.size() > kRemembered) verdicts_.clear();
  Batch unknown;
  unknown.columns.emplace_back(Column::Kind::kNode);
  for (const Edge& edge : expansion.edges) {
    if (verdicts_.emplace(edge.neighbour, 0).second) {
      unknown.columns[0].Append(NodeRef{edge.neighbour, time_context_});
    }
  }
  unknown.rows = unknown.columns[0].size();
  if (unknown.rows > 0) {
    RELATA_RETURN_IF_ERROR(TestLabels(condition_, *context_, unknown, 0, truth));
    for (size_t row = 0; row < unknown.rows; ++row) {
      verdicts_[unknown.columns[0].nodes()[row].id] = (*truth)[row];
    }
  }
  truth->resize(expansion.edges.size());
  for (size_t i = 0; i < expansion.edges.size(); ++i) {
    (*truth)[i] = verdicts_.find(expansion.edges[i].neighbour)->second;
  }
  return absl::OkStatus();
}

absl::Status FarLabelTest::TestEach(absl::Span<const EntityId> vertices, const Expansion& expansion,
                                    std::vector<uint8_t>* truth) {
  Batch rows;
  rows.columns.emplace_back(Column::Kind::kNode);
  rows.columns.emplace_back(Column::Kind::kRelationship);
  for (size_t i = 0; i < vertices.size(); ++i) {
    for (const Edge& edge : expansion.of(i)) {
      rows.columns[0].Append(NodeRef{edge.neighbour, time_context_});
      rows.columns[1].Append(ToRelationship(edge, vertices[i], time_context_));
    }
  }
  rows.rows = expansion.edges.size();
  return TestLabels(condition_, *context_, rows, 0, truth);
}

}  // namespace relata::query
