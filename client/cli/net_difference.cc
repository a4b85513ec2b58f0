#include "client/cli/net_difference.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/status_macros.h"
#include "client/cli/pages.h"
#include "client/client.h"
#include "relata/v1/change.pb.h"
#include "relata/v1/read.pb.h"

namespace relata {
namespace {

constexpr size_t kEntitiesOfCall = 200;

// The first and the last that the commits did to a thing.
struct Kinds {
  v1::Change::Kind first = v1::Change::KIND_UNSPECIFIED;
  v1::Change::Kind last = v1::Change::KIND_UNSPECIFIED;

  void Add(v1::Change::Kind kind) {
    if (first == v1::Change::KIND_UNSPECIFIED) first = kind;
    last = kind;
  }
  bool before() const { return first != v1::Change::CREATED; }
  bool after() const { return last != v1::Change::DELETED; }
};

class DifferenceReader {
 public:
  explicit DifferenceReader(const CommandContext& context) : context_(context) {}

  absl::StatusOr<NetDifference> Read(uint64_t from, uint64_t to) {
    RELATA_RETURN_IF_ERROR(ReadChanges(from, to));
    RELATA_RETURN_IF_ERROR(ReadEntities());
    RELATA_RETURN_IF_ERROR(ReadRelationships());
    return std::move(difference_);
  }

 private:
  absl::Status ReadChanges(uint64_t from, uint64_t to) {
    v1::ListChangesRequest request;
    request.set_database(context_.database());
    request.set_from_version(from);
    request.set_to_version(to);
    RELATA_ASSIGN_OR_RETURN(
        const v1::ListChangesResponse response,
        CollectPages<v1::ListChangesResponse>(context_, "changes", 0, request,
                                              [this](const v1::ListChangesRequest& page) {
                                                return context_.client().ListChanges(page);
                                              }));
    difference_.from_version = from;
    difference_.to_version = response.stamp().version();
    for (const v1::Change& change : response.changes()) {
      difference_.schema_changed |= change.schema_changed();
      for (const auto& entity : change.entities()) {
        entities_[entity.entity().id()].Add(entity.kind());
      }
      for (const auto& relationship : change.relationships()) {
        relationships_[relationship.relationship().id()].Add(relationship.kind());
      }
    }
    return absl::OkStatus();
  }

  // Every fact, whatever its status, at exactly this version.
  v1::ReadOptions At(uint64_t version) const {
    v1::ReadOptions read;
    read.set_database(context_.database());
    read.mutable_consistency()->set_exact_version(version);
    read.mutable_valid_time()->set_all(true);
    read.mutable_policy()->set_raw(true);
    return read;
  }

  absl::StatusOr<std::map<uint64_t, v1::Entity>> EntitiesAt(uint64_t version,
                                                            const std::vector<uint64_t>& ids) {
    std::map<uint64_t, v1::Entity> entities;
    for (size_t begin = 0; begin < ids.size(); begin += kEntitiesOfCall) {
      v1::BatchGetEntitiesRequest request;
      *request.mutable_read() = At(version);
      for (size_t i = begin; i < std::min(ids.size(), begin + kEntitiesOfCall); ++i) {
        request.add_entities()->set_id(ids[i]);
      }
      RELATA_ASSIGN_OR_RETURN(v1::BatchGetEntitiesResponse response,
                              context_.client().BatchGetEntities(request));
      for (auto& result : *response.mutable_results()) {
        if (result.has_entity())
          entities[result.entity().id()] = std::move(*result.mutable_entity());
      }
    }
    return entities;
  }

  absl::Status ReadEntities() {
    std::vector<uint64_t> were;
    std::vector<uint64_t> are;
    for (const auto& [id, kinds] : entities_) {
      if (kinds.before()) were.push_back(id);
      if (kinds.after()) are.push_back(id);
    }
    RELATA_ASSIGN_OR_RETURN(auto before, EntitiesAt(difference_.from_version, were));
    RELATA_ASSIGN_OR_RETURN(auto after, EntitiesAt(difference_.to_version, are));
    for (const auto& [id, kinds] : entities_) {
      NetDifference::Pair<v1::Entity> pair;
      if (const auto it = before.find(id); it != before.end()) pair.before = std::move(it->second);
      if (const auto it = after.find(id); it != after.end()) pair.after = std::move(it->second);
      if (pair.before || pair.after) difference_.entities.push_back(std::move(pair));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<v1::Relationship> RelationshipAt(uint64_t version, uint64_t id) {
    v1::GetRelationshipRequest request;
    *request.mutable_read() = At(version);
    request.mutable_relationship()->set_id(id);
    RELATA_ASSIGN_OR_RETURN(v1::GetRelationshipResponse response,
                            context_.client().GetRelationship(request));
    return std::move(*response.mutable_relationship());
  }

  absl::Status ReadRelationships() {
    for (const auto& [id, kinds] : relationships_) {
      NetDifference::Pair<v1::Relationship> pair;
      if (kinds.before()) {
        RELATA_ASSIGN_OR_RETURN(pair.before, RelationshipAt(difference_.from_version, id));
      }
      if (kinds.after()) {
        RELATA_ASSIGN_OR_RETURN(pair.after, RelationshipAt(difference_.to_version, id));
      }
      if (pair.before || pair.after) difference_.relationships.push_back(std::move(pair));
    }
    return absl::OkStatus();
  }

  const CommandContext& context_;
  NetDifference difference_;
  std::map<uint64_t, Kinds> entities_;
  std::map<uint64_t, Kinds> relationships_;
};

}  // namespace

absl::StatusOr<NetDifference> ReadNetDifference(const CommandContext& context,
                                                uint64_t from_version, uint64_t to_version) {
  return DifferenceReader(context).Read(from_version, to_version);
}

}  // namespace relata
