#include "client/cli/entity_names.h"

#include <cstdint>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "client/cli/output/fact_text.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

// The most candidates that the message about an ambiguous name lists.
constexpr int kMaxCandidates = 10;

bool IdOf(absl::string_view text, uint64_t* id) {
  return absl::ConsumePrefix(&text, "#") && absl::SimpleAtoi(text, id);
}

v1::EntitySummary NamedEntity(const v1::Entity& entity) {
  v1::EntitySummary summary;
  summary.set_id(entity.id());
  summary.set_key(entity.key());
  return summary;
}

absl::StatusOr<std::vector<v1::EntitySummary>> EntitiesNamed(const CommandContext& context,
                                                             const v1::ReadOptions& read,
                                                             const std::string& name) {
  v1::FindEntitiesRequest request;
  *request.mutable_read() = read;
  request.set_name(name);
  request.set_detail(v1::SUMMARY);
  request.set_page_size(kMaxCandidates);
  RELATA_ASSIGN_OR_RETURN(const v1::FindEntitiesResponse found,
                          context.client().FindEntities(request));
  std::vector<v1::EntitySummary> exact;
  std::vector<v1::EntitySummary> folded;
  for (const auto& match : found.matches()) {
    (match.name().text() == name ? exact : folded).push_back(NamedEntity(match.entity()));
  }
  return exact.empty() ? folded : exact;
}

}  // namespace

v1::EntityRef EntityByKeyOrId(absl::string_view text) {
  v1::EntityRef ref;
  uint64_t id = 0;
  if (IdOf(text, &id)) {
    ref.set_id(id);
  } else {
    ref.set_key(std::string(text));
  }
  return ref;
}

v1::RelationshipRef RelationshipByKeyOrId(absl::string_view text) {
  v1::RelationshipRef ref;
  uint64_t id = 0;
  if (IdOf(text, &id)) {
    ref.set_id(id);
  } else {
    ref.set_key(std::string(text));
  }
  return ref;
}

absl::StatusOr<v1::EntityRef> FindEntity(const CommandContext& context, absl::string_view text) {
  const v1::EntityRef ref = EntityByKeyOrId(text);
  if (text.empty()) return UsageError("an entity is a key, #ID or a name, not an empty text");
  if (ref.has_id()) return ref;
  RELATA_ASSIGN_OR_RETURN(const v1::ReadOptions read, context.ReadOfVersion());
  v1::BatchGetEntitiesRequest by_key;
  *by_key.mutable_read() = read;
  *by_key.add_entities() = ref;
  by_key.set_detail(v1::SUMMARY);
  RELATA_ASSIGN_OR_RETURN(const v1::BatchGetEntitiesResponse got,
                          context.client().BatchGetEntities(by_key));
  if (got.results_size() == 1 && got.results(0).has_entity()) return ref;
  RELATA_ASSIGN_OR_RETURN(const std::vector<v1::EntitySummary> named,
                          EntitiesNamed(context, read, ref.key()));
  if (named.empty()) {
    return absl::NotFoundError(absl::StrCat("there is no entity '", text, "'"));
  }
  if (named.size() > 1) {
    return absl::FailedPreconditionError(absl::StrCat(
        "'", text, "' is the name of several entities: ",
        absl::StrJoin(named, ", ", [](std::string* out, const v1::EntitySummary& entity) {
          absl::StrAppend(out, EntityReference(entity));
        })));
  }
  v1::EntityRef by_id;
  by_id.set_id(named.front().id());
  return by_id;
}

}  // namespace relata
