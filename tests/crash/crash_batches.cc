#include "tests/crash/crash_batches.h"

#include "absl/strings/str_cat.h"

namespace relata {
namespace {

// A part is deleted by the batch so many later, which is a multiple of kDeleteEvery.
constexpr int kDeleteEvery = 5;
constexpr int kDeleteAfter = 4;
// Every so many batches write a long text too, so that files are flushed and compacted meanwhile.
constexpr int kLongEvery = 3;
constexpr int kLongBytes = 20'000;

void AddPart(BatchName batch, int part, v1::WriteRequest& request) {
  const std::string handle = absl::StrCat("p", part);
  v1::EntityWrite* const entity = request.add_mutations()->mutable_create_entity();
  entity->set_key(PartKey(batch, part));
  entity->set_handle(handle);
  entity->add_labels("Part");
  v1::PropertyFact* const tag = entity->add_properties();
  tag->set_name("tag");
  tag->mutable_fact()->mutable_value()->set_string_value(TagOf(batch));
  tag->mutable_fact()->add_citations()->mutable_source()->set_key(kSourceKey);

  v1::RelationshipWrite* const link = request.add_mutations()->mutable_create_relationship();
  link->set_type("PART_OF");
  link->mutable_from()->set_handle(handle);
  link->mutable_to()->set_key(CounterKey(batch.writer));
  v1::Fact* const fact = link->add_facts();
  fact->set_valid_from("2026-01-01");
  v1::Property* const property = fact->add_properties();
  property->set_name("batch");
  property->mutable_value()->set_int_value(batch.number);
}

}  // namespace

std::string CounterKey(int writer) { return absl::StrCat("counter/", writer); }

std::string PartKey(BatchName batch, int part) {
  return absl::StrCat("part/", batch.writer, "/", batch.number, "/", part);
}

std::string TagOf(BatchName batch) { return absl::StrCat(batch.writer, "-", batch.number); }

std::string PrincipalOf(BatchName batch) { return absl::StrCat("writer ", TagOf(batch)); }

std::string RequestIdOf(BatchName batch) {
  return batch.number % 2 == 0 ? absl::StrCat("request-", TagOf(batch)) : "";
}

bool FirstPartDeleted(BatchName batch, int committed) {
  const int by = batch.number + kDeleteAfter;
  return by % kDeleteEvery == 0 && by <= committed;
}

v1::WriteRequest SetupRequest(int writers) {
  v1::WriteRequest request;
  v1::EntityWrite* const source = request.add_mutations()->mutable_create_entity();
  source->set_key(kSourceKey);
  source->add_labels("Source");
  for (int writer = 0; writer < writers; ++writer) {
    v1::EntityWrite* const counter = request.add_mutations()->mutable_create_entity();
    counter->set_key(CounterKey(writer));
    counter->add_labels("Counter");
    v1::PropertyFact* const count = counter->add_properties();
    count->set_name("count");
    count->mutable_fact()->mutable_value()->set_int_value(0);
  }
  return request;
}

v1::WriteRequest BatchRequest(BatchName batch) {
  v1::WriteRequest request;
  request.set_principal(PrincipalOf(batch));
  request.set_request_id(RequestIdOf(batch));
  v1::SetProperty* const count = request.add_mutations()->mutable_set_property();
  count->mutable_entity()->set_key(CounterKey(batch.writer));
  count->set_property("count");
  count->mutable_value()->set_int_value(batch.number);
  if (batch.number % kLongEvery == 0) {
    v1::SetProperty* const text = request.add_mutations()->mutable_set_property();
    text->mutable_entity()->set_key(CounterKey(batch.writer));
    text->set_property("text");
    text->mutable_value()->set_string_value(
        std::string(kLongBytes, static_cast<char>('a' + batch.number % 26)));
  }
  for (int part = 0; part < kParts; ++part) AddPart(batch, part, request);
  const BatchName earlier = {batch.writer, batch.number - kDeleteAfter};
  if (batch.number % kDeleteEvery == 0) {
    v1::DeleteEntity* const remove = request.add_mutations()->mutable_delete_entity();
    remove->mutable_entity()->set_key(PartKey(earlier, 0));
    remove->set_detach(true);
  }
  return request;
}

}  // namespace relata
