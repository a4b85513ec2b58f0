#ifndef RELATA_TESTS_CASES_CASE_PROTOS_H_
#define RELATA_TESTS_CASES_CASE_PROTOS_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relata/v1/entity.pb.h"
#include "relata/v1/read.pb.h"
#include "relata/v1/write_service.pb.h"

namespace relata {

// A fact that a case gave a name (`as`), as the server's answer to the write named it.
struct NamedProtoFact {
  bool of_relationship = false;
  uint64_t owner = 0;  // id of the entity or the relationship
  uint64_t fact = 0;
};
using NamedProtoFacts = std::map<std::string, NamedProtoFact>;

// A `commit` op as the API says it. Facts that the op names get that name as their handle; `cite`
// of a fact of an earlier commit goes by its id. UNIMPLEMENTED for an op that is not known here.
absl::StatusOr<v1::WriteRequest> WriteRequestFromCase(const nlohmann::json& op,
                                                      const NamedProtoFacts& named);
// After the write: the facts that the op named.
void NoteNamedFacts(const nlohmann::json& op, const v1::WriteResponse& response,
                    NamedProtoFacts& named);

v1::EntityRef EntityRefFromCase(const nlohmann::json& key);
// By key, or by type and ends.
v1::RelationshipRef RelationshipRefFromCase(const nlohmann::json& rel);
// INVALID_ARGUMENT for what no case may hold.
absl::StatusOr<v1::Value> ProtoFromCaseValue(const nlohmann::json& json);
// The step of a question; without direction OUT.
v1::Step StepFromCase(const nlohmann::json& json);
v1::Direction ProtoDirectionFromCase(const nlohmann::json& step);
// `valid` and `mode` of an `at`; without `valid` only whether it asks for what is certain.
v1::ValidTimeOption ValidTimeOptionFromCase(const nlohmann::json& at);
v1::BeliefPolicy PolicyFromCase(const nlohmann::json& policy);

// Answers in the form of the case files.
nlohmann::json CaseFromValue(const v1::Value& value);
nlohmann::json CaseFromBound(const v1::BoundView& bound);
nlohmann::json CaseFromProperties(const v1::FactView& fact);
nlohmann::json CaseFromFact(const v1::FactView& fact, bool of_relationship);
std::string CaseFromStatus(v1::FactStatus status);
// Its key, `FROM-TYPE->TO` where it has none. Of a Relationship or a RelationshipSummary.
template <typename Proto>
std::string CaseFromRelationship(const Proto& relationship) {
  if (!relationship.key().empty()) return relationship.key();
  return relationship.from().key() + "-" + relationship.type() + "->" + relationship.to().key();
}

}  // namespace relata

#endif  // RELATA_TESTS_CASES_CASE_PROTOS_H_
