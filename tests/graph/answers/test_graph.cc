#include "tests/graph/answers/test_graph.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/facts/belief.h"

namespace relata {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << "the test's graph cannot be made or read: " << status << std::endl;
  std::abort();
}

template <typename T>
T Checked(absl::StatusOr<T> result) {
  Check(result.status());
  return *std::move(result);
}

template <typename T>
T Checked(absl::StatusOr<std::optional<T>> result) {
  Check(result.status());
  if (!*result) Check(absl::NotFoundError("nothing bears this key"));
  return **std::move(result);
}

}  // namespace

TestGraph::TestGraph() : clock_(InstantOf("2026-06-01")) {
  database_ = Checked(Database::Open(&kv_, &clock_, DatabaseOptions()));
}

void TestGraph::Entity(absl::string_view key, std::vector<std::string> labels) {
  EntityWrite write;
  write.key = std::string(key);
  write.labels = std::move(labels);
  Stage(std::move(write));
}

void TestGraph::Link(absl::string_view key, absl::string_view type, absl::string_view from,
                     absl::string_view to, std::vector<FactWrite> facts) {
  RelationshipWrite write;
  write.key = std::string(key);
  write.type = std::string(type);
  write.from = EntityKeyRef{std::string(from)};
  write.to = EntityKeyRef{std::string(to)};
  write.facts = std::move(facts);
  Stage(std::move(write));
}

void TestGraph::Commit() {
  clock_.AdvanceMicros(1'000'000);
  Check(database_->Apply(batch_).status());
  batch_ = Batch();
}

EntityId TestGraph::IdOf(absl::string_view key) const { return Checked(Latest().FindEntity(key)); }

RelationshipId TestGraph::RelationshipOf(absl::string_view key) const {
  return Checked(Latest().FindRelationship(key));
}

std::string TestGraph::KeyOf(EntityId id) const {
  return Checked(Latest().GetEntityRecord(id)).key;
}

std::string TestGraph::KeyOf(RelationshipId id) const {
  return Checked(Latest().GetRelationshipKey(id));
}

TypeId TestGraph::TypeOf(absl::string_view name) const {
  return database_->names().FindType(name).value_or(TypeId());
}

PropertyId TestGraph::PropertyOf(absl::string_view name) const {
  return database_->names().FindProperty(name).value_or(PropertyId());
}

FactWrite MakeFact(TestGraph::Properties properties, absl::string_view from, absl::string_view to) {
  FactWrite fact;
  fact.properties = std::move(properties);
  fact.valid.from = Checked(Bound::Parse(from, BoundRole::kFrom));
  fact.valid.to = Checked(Bound::Parse(to, BoundRole::kTo));
  return fact;
}

CitationWrite MakeCitation(absl::string_view source, Stance stance, absl::string_view reported,
                           double confidence) {
  CitationWrite citation;
  citation.source = EntityKeyRef{std::string(source)};
  citation.stance = stance;
  citation.confidence = confidence;
  if (!reported.empty()) citation.reported = Checked(Bound::Parse(reported, BoundRole::kFrom));
  return citation;
}

Value MoneyOf(absl::string_view amount, absl::string_view currency) {
  Money money;
  money.amount = Checked(Decimal::Parse(amount, /*allow_exponent=*/true));
  std::copy_n(currency.begin(), 3, money.currency.begin());
  return Value::Of<Money>(money);
}

Instant InstantOf(absl::string_view text) { return Checked(ParseInstant(text)); }

ReadView At(absl::string_view instant) {
  return {ValidTime::At(InstantOf(instant)), DefaultPolicy()};
}

}  // namespace relata
