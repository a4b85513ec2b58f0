#include "tests/graph/database_harness.h"

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace relata {
namespace {

template <typename T>
T Present(absl::StatusOr<std::optional<T>> result) {
  std::optional<T> value = Must(std::move(result));
  if (!value) EndTest(absl::NotFoundError("it is not there"));
  return *std::move(value);
}

std::string IntervalText(const Interval& valid) {
  return absl::StrCat(valid.from.ToString(), "/", valid.to.ToString());
}

Interval Between(absl::string_view from, absl::string_view to) {
  return Must(Interval::Make(Must(Bound::Parse(from, BoundRole::kFrom)),
                             Must(Bound::Parse(to, BoundRole::kTo))));
}

}  // namespace

void EndTest(const absl::Status& why) {
  std::cerr << "what a test starts from or reads is not what it should be: " << why << std::endl;
  std::abort();
}

DatabaseHarness::DatabaseHarness(DatabaseOptions options)
    : options_(options),
      clock_(Must(ParseInstant("2026-06-01"))),
      kv_(std::make_unique<MemoryKv>()) {
  Open();
}

void DatabaseHarness::Open() { db_ = Must(Database::Open(kv_.get(), &clock_, options_)); }

void DatabaseHarness::Reopen() {
  db_.reset();
  Open();
}

void DatabaseHarness::CrashAndReopen() {
  db_.reset();
  kv_ = kv_->Crash();
  Open();
}

absl::StatusOr<BatchResult> DatabaseHarness::Apply(std::vector<Mutation> mutations) {
  Batch batch;
  batch.mutations = std::move(mutations);
  return Apply(batch);
}

absl::StatusOr<BatchResult> DatabaseHarness::Apply(const Batch& batch) {
  clock_.AdvanceMicros(1'000'000);
  return db_->Apply(batch);
}

BatchResult DatabaseHarness::MustApply(std::vector<Mutation> mutations) {
  return Must(Apply(std::move(mutations)));
}

Snapshot DatabaseHarness::At(uint64_t version) const {
  return Must(db_->AtVersion(CommitVersion(version)));
}

EntityId DatabaseHarness::IdOf(absl::string_view key) const {
  return Present(Latest().FindEntity(key));
}

RelationshipId DatabaseHarness::RelationshipOf(absl::string_view key) const {
  return Present(Latest().FindRelationship(key));
}

EntityState DatabaseHarness::Entity(absl::string_view key) const {
  return Present(Latest().GetEntity(IdOf(key)));
}

RelationshipState DatabaseHarness::Relationship(absl::string_view key) const {
  return Present(Latest().GetRelationship(RelationshipOf(key)));
}

bool DatabaseHarness::Exists(absl::string_view key) const {
  return Must(Latest().FindEntity(key)).has_value();
}

std::vector<Fact> DatabaseHarness::Facts(absl::string_view key, absl::string_view property) const {
  const EntityState state = Entity(key);
  const std::optional<PropertyId> id = db_->names().FindProperty(property);
  const std::vector<Fact>* facts = id ? state.FindProperty(*id) : nullptr;
  return facts == nullptr ? std::vector<Fact>() : *facts;
}

std::vector<std::string> DatabaseHarness::Texts(absl::string_view key,
                                                absl::string_view property) const {
  std::vector<std::string> texts;
  for (const Fact& fact : Facts(key, property)) {
    texts.push_back(absl::StrCat(fact.value.ToString(), "@", IntervalText(fact.valid)));
  }
  return texts;
}

std::vector<std::string> DatabaseHarness::LinkTexts(absl::string_view key) const {
  std::vector<std::string> texts;
  for (const Fact& fact : Relationship(key).facts) {
    const std::string properties =
        absl::StrJoin(fact.properties, ",", [this](std::string* out, const auto& entry) {
          absl::StrAppend(out, db_->names().Name(entry.first), "=", entry.second.ToString());
        });
    texts.push_back(absl::StrCat(properties, "@", IntervalText(fact.valid)));
  }
  return texts;
}

std::vector<std::string> DatabaseHarness::Named(absl::string_view name, bool prefix,
                                                size_t limit) const {
  std::vector<std::string> keys;
  for (const NameMatch& match : Must(Latest().FindByName(name, prefix, limit))) {
    keys.push_back(Present(Latest().GetEntityRecord(match.entity)).key);
  }
  return keys;
}

EntityRef Key(absl::string_view key) { return EntityKeyRef{std::string(key)}; }
RelationshipRef LinkKey(absl::string_view key) { return RelationshipKeyRef{std::string(key)}; }
Value Text(absl::string_view text) { return Value::String(text); }

CitationWrite CitedFrom(absl::string_view source, Stance stance, absl::string_view reported,
                        double confidence) {
  CitationWrite citation;
  citation.source = Key(source);
  citation.stance = stance;
  citation.confidence = confidence;
  if (!reported.empty()) citation.reported = Must(Bound::Parse(reported, BoundRole::kFrom));
  return citation;
}

FactWrite Says(Value value, absl::string_view from, absl::string_view to,
               std::vector<CitationWrite> citations) {
  FactWrite fact;
  fact.value = std::move(value);
  fact.valid = Between(from, to);
  fact.citations = std::move(citations);
  return fact;
}

FactWrite Holds(std::vector<std::pair<std::string, Value>> properties, absl::string_view from,
                absl::string_view to, std::vector<CitationWrite> citations) {
  FactWrite fact = Says(Value(), from, to, std::move(citations));
  fact.properties = std::move(properties);
  return fact;
}

EntityWrite Put(absl::string_view key, std::vector<std::string> labels,
                std::vector<std::pair<std::string, FactWrite>> properties) {
  EntityWrite write;
  write.put = true;
  write.key = std::string(key);
  write.labels = std::move(labels);
  write.properties = std::move(properties);
  return write;
}

EntityWrite Create(absl::string_view key, std::vector<std::string> labels) {
  EntityWrite write = Put(key, std::move(labels));
  write.put = false;
  return write;
}

NameWrite Named(absl::string_view text, absl::string_view language, NameKind kind) {
  NameWrite write;
  write.name = {std::string(text), std::string(language), kind};
  return write;
}

AddNames Names(absl::string_view key, std::vector<NameWrite> names) {
  return {Key(key), std::move(names)};
}

AddFacts Add(absl::string_view key, absl::string_view property, std::vector<FactWrite> facts) {
  return {Key(key), std::string(property), std::move(facts)};
}

SetProperty Set(absl::string_view key, absl::string_view property, Value value, Portion portion) {
  return {Key(key), std::string(property), std::move(value), portion};
}

SetProperty SetLink(absl::string_view key, absl::string_view property, Value value,
                    Portion portion) {
  return {LinkKey(key), std::string(property), std::move(value), portion};
}

ChangeLabels Labels(absl::string_view key, std::vector<std::string> add,
                    std::vector<std::string> remove) {
  return {Key(key), std::move(add), std::move(remove)};
}

RelationshipWrite Link(absl::string_view key, absl::string_view type, absl::string_view from,
                       absl::string_view to, std::vector<FactWrite> facts) {
  RelationshipWrite write;
  write.put = true;
  write.key = std::string(key);
  write.type = std::string(type);
  write.from = Key(from);
  write.to = Key(to);
  write.facts = std::move(facts);
  return write;
}

DeleteEntity Delete(absl::string_view key, bool detach) { return {Key(key), detach, false}; }
DeleteRelationship Unlink(absl::string_view key, Portion portion) {
  return {LinkKey(key), portion};
}
RetractSource Retract(absl::string_view source) { return {Key(source)}; }
ChangeIndex Index(absl::string_view label, absl::string_view property) {
  return {std::string(label), "", {std::string(property)}, false, false};
}
ChangeIndex Unique(absl::string_view label, absl::string_view property) {
  return {std::string(label), "", {std::string(property)}, true, false};
}
DeclareProperty Property(absl::string_view label, absl::string_view property,
                         std::vector<ValueType> types, bool required) {
  DeclareProperty declaration;
  declaration.label = std::string(label);
  declaration.property = std::string(property);
  declaration.types = std::move(types);
  declaration.required = required;
  return declaration;
}

Portion During(absl::string_view from, absl::string_view to) {
  return Must(Portion::Parse(from, to));
}

}  // namespace relata
