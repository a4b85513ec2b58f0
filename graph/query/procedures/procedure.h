#ifndef RELATA_GRAPH_QUERY_PROCEDURES_PROCEDURE_H_
#define RELATA_GRAPH_QUERY_PROCEDURES_PROCEDURE_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/mutex.h"
#include "graph/query/functions/function.h"
#include "graph/query/runtime/datum.h"

namespace relata {
class Database;
}  // namespace relata

namespace relata::query {

class ExecutionContext;

// One input or output of a procedure.
struct ProcedureField {
  std::string name;
  TypeSet type = types::kAny;
  std::string type_name;  // as in the signature: `INTEGER?`
  // Inputs only: what stands in where the caller gives fewer arguments. Only the last inputs may
  // have one.
  std::optional<Datum> default_value;
};

// Receives the rows of a procedure.
class RowSink {
 public:
  using Give = std::function<absl::StatusOr<bool>(absl::Span<const Datum> row)>;
  // `wanted`: the outputs that anybody looks at, borrowed.
  RowSink(Give give, absl::Span<const size_t> wanted) : give_(std::move(give)), wanted_(wanted) {}

  // A row of outputs, in the order of the signature; those that are not wanted may be null. False:
  // no more rows are wanted.
  absl::StatusOr<bool> operator()(const std::vector<Datum>& row) const { return give_(row); }
  bool Wants(size_t output) const {
    return std::find(wanted_.begin(), wanted_.end(), output) != wanted_.end();
  }

 private:
  const Give give_;
  const absl::Span<const size_t> wanted_;
};
using ProcedureCall = std::function<absl::Status(
    ExecutionContext& context, absl::Span<const Datum> args, const RowSink& sink)>;

struct Procedure {
  std::string name;  // `relata.chains`; matched without case after an exact match failed
  std::vector<ProcedureField> inputs;
  std::vector<ProcedureField> outputs;
  bool writes = false;
  std::string description;
  ProcedureCall call;

  // `relata.find(text :: STRING, …) :: (entity :: NODE, …)`.
  std::string Signature() const;
};

// Procedures by name. Thread-safe.
class ProcedureRegistry {
 public:
  // ALREADY_EXISTS where the name is taken.
  absl::Status Register(Procedure procedure);
  // Null where there is none; lives as long as the registry.
  std::shared_ptr<const Procedure> Find(absl::string_view name) const;
  std::vector<std::shared_ptr<const Procedure>> All() const;  // by name

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::shared_ptr<const Procedure>> procedures_ ABSL_GUARDED_BY(mutex_);
};

// Registers what Relata offers: db.* (db_procedures.cc), relata.* (answer_procedures.cc) and
// relata.algorithms.* (algorithm_procedures.cc).
absl::Status RegisterBuiltinProcedures(ProcedureRegistry& registry);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PROCEDURES_PROCEDURE_H_
