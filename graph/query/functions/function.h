#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_FUNCTION_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_FUNCTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/query/runtime/datum.h"
#include "graph/values/bound.h"

namespace relata::query {

class GraphReader;

// What a type checker knows of an expression: a set of possible kinds, as bits.
using TypeSet = uint32_t;
namespace types {
inline constexpr TypeSet kNull = 1u << 0;
inline constexpr TypeSet kBool = 1u << 1;
inline constexpr TypeSet kInt = 1u << 2;
inline constexpr TypeSet kFloat = 1u << 3;
inline constexpr TypeSet kDecimal = 1u << 4;
inline constexpr TypeSet kMoney = 1u << 5;
inline constexpr TypeSet kString = 1u << 6;
inline constexpr TypeSet kBytes = 1u << 7;
inline constexpr TypeSet kDate = 1u << 8;
inline constexpr TypeSet kLocalTime = 1u << 9;
inline constexpr TypeSet kTime = 1u << 10;
inline constexpr TypeSet kLocalDateTime = 1u << 11;
inline constexpr TypeSet kDateTime = 1u << 12;
inline constexpr TypeSet kDuration = 1u << 13;
inline constexpr TypeSet kList = 1u << 14;
inline constexpr TypeSet kMap = 1u << 15;
inline constexpr TypeSet kNode = 1u << 16;
inline constexpr TypeSet kRelationship = 1u << 17;
inline constexpr TypeSet kPath = 1u << 18;
inline constexpr TypeSet kNumber = kInt | kFloat | kDecimal;
inline constexpr TypeSet kTemporal = kDate | kLocalTime | kTime | kLocalDateTime | kDateTime;
inline constexpr TypeSet kAny = (1u << 19) - 1;
}  // namespace types
// `Integer`, `Integer or Float`, `Any`, for messages.
std::string TypeSetName(TypeSet set);
TypeSet TypeSetOf(const Datum& d);

// What a call may use besides its arguments.
struct CallContext {
  GraphReader* reader =
      nullptr;  // reads nodes and relationships; null where the statement has no graph (constants)
  int64_t now_micros = 0;  // the clock when the statement began: for date() and its like
  Instant valid_now = 0;   // S2.3
  const Datum::Map* parameters = nullptr;
  uint64_t* random_state = nullptr;  // for rand() and randomUUID()

  // The reader; INTERNAL where there is none.
  absl::StatusOr<GraphReader*> Reader() const {
    if (reader != nullptr) return reader;
    return absl::InternalError("a function that reads the graph was called without one");
  }
};

enum class Volatility : uint8_t {
  kPure,       // same arguments, same result: may be folded at plan time
  kStatement,  // fixed within a statement: date(), timestamp()
  kGraph,      // reads the graph
  kVolatile,   // rand()
};

using ScalarFunction = absl::StatusOr<Datum> (*)(CallContext& context,
                                                 absl::Span<const Datum> args);

// A function of the query language: one row of the table.
struct FunctionDefinition {
  absl::string_view name;  // as shown; matched without case
  int min_args = 0;
  int max_args = 0;  // -1: any number
  // Kinds that each argument may have, null always among them for checks at compile time; the last
  // one repeats.
  std::vector<TypeSet> parameters = {};
  TypeSet result = types::kAny;
  Volatility volatility = Volatility::kPure;
  // Whether a null argument makes the result null without a call.
  bool null_if_any_null = true;
  ScalarFunction call = nullptr;
  absl::string_view signature;    // `substring(original :: String, start :: Integer [, length ::
                                  // Integer]) :: String`
  absl::string_view description;  // one sentence, for SHOW FUNCTIONS and the shell
};

// Null where there is none of that name (case does not count) or standard name. Definitions live as
// long as the program.
const FunctionDefinition* FindFunction(absl::string_view name);
// All, ordered by name.
absl::Span<const FunctionDefinition* const> AllFunctions();

// Each subject's rows: functions/<subject>_functions.cc. The table is their union.
std::vector<FunctionDefinition> MathFunctions();
std::vector<FunctionDefinition> StringFunctions();
std::vector<FunctionDefinition> ListFunctions();
std::vector<FunctionDefinition> ConversionFunctions();
std::vector<FunctionDefinition> TemporalFunctions();
std::vector<FunctionDefinition>
EntityFunctions();  // labels, type, keys, properties, startNode, … need context.reader
std::vector<FunctionDefinition>
FactFunctions();  // validFrom, citations, history, …: functions/fact_functions.cc

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_FUNCTION_H_
