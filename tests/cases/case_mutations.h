#ifndef RELATA_TESTS_CASES_CASE_MUTATIONS_H_
#define RELATA_TESTS_CASES_CASE_MUTATIONS_H_

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "graph/mutation/mutation.h"
#include "graph/store/states.h"

namespace relata {

// Facts that a case gave a name (`as`), as they were written.
using NamedFacts = std::map<std::string, FactOwner>;

// A `commit` op as a batch. Names of facts become handles; `cite` of a fact of an earlier commit
// goes by its id.
absl::StatusOr<Batch> BatchFromCase(const nlohmann::json& op, const NamedFacts& named);
// After the batch was applied: the facts that the op named, by the ids in the result.
void NoteNamedFacts(const nlohmann::json& op, const BatchResult& result,
                    const std::function<PropertyId(const std::string&)>& property,
                    NamedFacts& named);

}  // namespace relata

#endif  // RELATA_TESTS_CASES_CASE_MUTATIONS_H_
