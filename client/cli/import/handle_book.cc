#include "client/cli/import/handle_book.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <vector>

namespace relata {
namespace {

// The handles of the facts of a mutation in the order in which results list their ids: names before
// properties; empty where a fact has none.
std::vector<std::string> FactHandles(const v1::Mutation& mutation) {
  std::vector<std::string> handles;
  const auto add_all = [&handles](const auto& items) {
    for (const auto& item : items) handles.push_back(item.handle());
  };
  const auto add_entity = [&](const v1::EntityWrite& entity) {
    add_all(entity.names());
    for (const auto& property : entity.properties()) handles.push_back(property.fact().handle());
  };
  switch (mutation.kind_case()) {
    case v1::Mutation::kCreateEntity:
      add_entity(mutation.create_entity());
      break;
    case v1::Mutation::kPutEntity:
      add_entity(mutation.put_entity());
      break;
    case v1::Mutation::kCreateRelationship:
      add_all(mutation.create_relationship().facts());
      break;
    case v1::Mutation::kPutRelationship:
      add_all(mutation.put_relationship().facts());
      break;
    case v1::Mutation::kAddFacts:
      add_all(mutation.add_facts().facts());
      break;
    case v1::Mutation::kAddNames:
      add_all(mutation.add_names().names());
      break;
    default:
      break;
  }
  return handles;
}

}  // namespace

void HandleBook::Learn(const v1::Mutation& mutation,
                       const v1::WriteResponse::MutationResult& result) {
  const std::string& entity = mutation.has_create_entity() ? mutation.create_entity().handle()
                                                           : mutation.put_entity().handle();
  if (!entity.empty()) entities_[entity] = result.entity_id();
  const std::string& relationship = mutation.has_create_relationship()
                                        ? mutation.create_relationship().handle()
                                        : mutation.put_relationship().handle();
  if (!relationship.empty()) relationships_[relationship] = result.relationship_id();
  const std::vector<std::string> handles = FactHandles(mutation);
  // The preferred name's property `name` (S4.5) may add an id at the end.
  for (size_t i = 0; i < handles.size() && i < static_cast<size_t>(result.fact_ids_size()); ++i) {
    if (handles[i].empty()) continue;
    v1::FactRef::ById* const by_id = facts_[handles[i]].mutable_by_id();
    by_id->set_id(result.fact_ids(static_cast<int>(i)));
    if (result.relationship_id() != 0) {
      by_id->mutable_relationship()->set_id(result.relationship_id());
    } else {
      by_id->mutable_entity()->set_id(result.entity_id());
    }
  }
}

void HandleBook::Resolve(v1::Mutation* mutation) const {
  if (entities_.empty() && relationships_.empty() && facts_.empty()) return;
  ResolveMessage(mutation);
}

bool HandleBook::ResolveReference(google::protobuf::Message& message) const {
  const google::protobuf::Descriptor* const type = message.GetDescriptor();
  if (type == v1::EntityRef::descriptor()) {
    auto& entity = static_cast<v1::EntityRef&>(message);
    const auto it = entity.has_handle() ? entities_.find(entity.handle()) : entities_.end();
    if (it == entities_.end()) return false;
    entity.set_id(it->second);
    return true;
  }
  if (type == v1::RelationshipRef::descriptor()) {
    auto& relationship = static_cast<v1::RelationshipRef&>(message);
    const auto it = relationship.has_handle() ? relationships_.find(relationship.handle())
                                              : relationships_.end();
    if (it == relationships_.end()) return false;
    relationship.set_id(it->second);
    return true;
  }
  if (type == v1::FactRef::descriptor()) {
    auto& fact = static_cast<v1::FactRef&>(message);
    const auto it = fact.has_handle() ? facts_.find(fact.handle()) : facts_.end();
    if (it == facts_.end()) return false;
    fact = it->second;
    return true;
  }
  return false;
}

void HandleBook::ResolveMessage(google::protobuf::Message* message) const {
  if (ResolveReference(*message)) return;
  const google::protobuf::Reflection* const reflection = message->GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const auto* const field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      ResolveMessage(reflection->MutableMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
      ResolveMessage(reflection->MutableRepeatedMessage(message, field, i));
    }
  }
}

}  // namespace relata
