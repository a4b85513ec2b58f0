#ifndef RELATA_GRAPH_QUERY_PROCEDURES_ANSWER_ARGUMENTS_H_
#define RELATA_GRAPH_QUERY_PROCEDURES_ANSWER_ARGUMENTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/adjacency/adjacency.h"
#include "graph/budget.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// What the procedures over graph/answers take and give. Errors are ArgumentErrors that name the
// argument.

// A node, or the key of one. NOT_FOUND where no entity has the key.
absl::StatusOr<EntityId> EntityArgument(ExecutionContext& context, absl::string_view name,
                                        const Datum& value);
// One, or a list of them.
absl::StatusOr<std::vector<EntityId>> EntitiesArgument(ExecutionContext& context,
                                                       absl::string_view name, const Datum& value);
// `INVESTED_IN>` out, `<OWNS` in, `PARTNER_OF` either way; `*` in the place of the type: every
// type. One text or a list of them. A type that nothing ever had matches nothing.
absl::StatusOr<std::vector<Step>> StepsArgument(ExecutionContext& context, absl::string_view name,
                                                const Datum& value);
std::vector<LabelId> LabelsFrom(ExecutionContext& context, const std::vector<std::string>& names);

// The optional arguments of a call: a map whose fields are taken one by one. Call Finish in the
// end.
class Options {
 public:
  // `map` is a map or null.
  static absl::StatusOr<Options> From(const Datum& map);

  absl::StatusOr<int64_t> Integer(absl::string_view name, int64_t low, int64_t high,
                                  int64_t otherwise);
  absl::StatusOr<bool> Boolean(absl::string_view name, bool otherwise);
  absl::StatusOr<std::string> Text(absl::string_view name, absl::string_view otherwise);
  absl::StatusOr<std::vector<std::string>> Texts(absl::string_view name);
  absl::StatusOr<Instant> Time(absl::string_view name, Instant otherwise);
  // Null where it is absent.
  const Datum* Take(absl::string_view name);
  // INVALID_ARGUMENT for a field that nobody took.
  absl::Status Finish() const;

 private:
  Datum::Map fields_;
  std::vector<bool> taken_;
};

ProcedureField Input(absl::string_view name, TypeSet type, absl::string_view type_name);
// An input that may be left out.
ProcedureField OptionsInput();
ProcedureField Output(absl::string_view name, TypeSet type, absl::string_view type_name);

// The budget of graph/answers, as long as the statement's lasts.
Budget AnswerBudget(ExecutionContext& context);
Datum NodeDatum(EntityId id);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PROCEDURES_ANSWER_ARGUMENTS_H_
