#include "graph/query/procedures/builtin_procedures.h"

#include <utility>

#include "base/status_macros.h"

namespace relata::query {

absl::Status RegisterBuiltinProcedures(ProcedureRegistry& registry) {
  for (std::vector<Procedure> procedures :
       {AlgorithmProcedures(), AnswerProcedures(), ChangeProcedures(), DbProcedures()}) {
    for (Procedure& procedure : procedures) {
      RELATA_RETURN_IF_ERROR(registry.Register(std::move(procedure)));
    }
  }
  return absl::OkStatus();
}

}  // namespace relata::query
