#include "graph/bulk/csv_load.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/mutation/input_checks.h"

namespace relata {
namespace {

// A record is held whole. Far beyond what a record says; what comes in a stream must end somewhere.
constexpr size_t kMaxRecordBytes = size_t{16} << 20;

}  // namespace

absl::Status CsvLoad::Append(absl::string_view bytes) {
  text_.Append(bytes);
  RELATA_RETURN_IF_ERROR(AddAll());
  if (text_.waiting() <= kMaxRecordBytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("the record after line ", text_.line(),
                                                   " has more than ", kMaxRecordBytes,
                                                   " bytes; a quote may never be closed"));
}

absl::Status CsvLoad::End() {
  text_.End();
  return AddAll();
}

absl::Status CsvLoad::AddAll() {
  while (text_.Next(&fields_)) {
    if (!plan_) {
      RELATA_RETURN_IF_ERROR(text_.status());
      RELATA_RETURN_IF_ERROR(Begin());
      continue;
    }
    ++records_;
    absl::Status added = text_.status();
    if (added.ok()) added = plain_ ? AddPlainRelationship() : AddRecord();
    if (added.ok()) continue;
    if (!BulkLoad::IsAboutItem(added)) return added;
    RELATA_RETURN_IF_ERROR(bad_record_(text_.line(), added));
  }
  return absl::OkStatus();
}

absl::Status CsvLoad::Begin() {
  RELATA_ASSIGN_OR_RETURN(plan_, CsvPlan::Parse(mapping_, fields_));
  const std::optional<CsvPlan::PlainRelationship> plain = plan_->plain_relationship();
  if (!plain) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CheckWord("a relationship type", plain->type));
  plain_type_ = load_.names().InternType(plain->type);
  for (const auto& [name, term] : plain->properties) {
    RELATA_RETURN_IF_ERROR(CheckPropertyName(name));
    plain_properties_.emplace_back(load_.names().InternProperty(name), term);
  }
  std::sort(plain_properties_.begin(), plain_properties_.end());
  for (size_t i = 1; i < plain_properties_.size(); ++i) {
    if (plain_properties_[i - 1].first != plain_properties_[i].first) continue;
    return absl::InvalidArgumentError(absl::StrCat("the property `",
                                                   load_.names().Name(plain_properties_[i].first),
                                                   "` is given twice in one fact"));
  }
  plain_ = true;
  return absl::OkStatus();
}

absl::Status CsvLoad::AddRecord() {
  if (plan_->relationships()) {
    RelationshipWrite relationship;
    RELATA_RETURN_IF_ERROR(plan_->Fill(fields_, &relationship));
    return mutations_.Add(relationship);
  }
  EntityWrite entity;
  RELATA_RETURN_IF_ERROR(plan_->Fill(fields_, &entity));
  return mutations_.Add(entity);
}

// As AddRecord, without what takes memory anew for each record.
absl::Status CsvLoad::AddPlainRelationship() {
  RELATA_RETURN_IF_ERROR(plan_->CheckWidth(fields_));
  const absl::string_view from = plan_->FromKey(fields_, &from_);
  const absl::string_view to = plan_->ToKey(fields_, &to_);
  if (from.empty() || to.empty()) {
    return absl::InvalidArgumentError("the type, from or to is empty");
  }
  // It holds something older, whose memory is used again.
  relationship_.key.clear();
  relationship_.ends.type = plain_type_;
  for (const auto& [key, id] :
       {std::pair{from, &relationship_.ends.from}, std::pair{to, &relationship_.ends.to}}) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> found, load_.FindEntity(key));
    if (!found) return absl::NotFoundError(absl::StrCat("there is no entity `", key, "`"));
    *id = *found;
  }
  relationship_.facts.resize(1);
  Fact& fact = relationship_.facts[0];
  fact.value = Value();
  fact.citations.clear();
  fact.cut_from.reset();
  RELATA_ASSIGN_OR_RETURN(fact.valid, plan_->ValidTime(fields_));
  fact.properties.clear();
  for (const auto& [property, term] : plain_properties_) {
    RELATA_ASSIGN_OR_RETURN(Value value, plan_->PropertyValue(term, fields_));
    if (value.is_null()) continue;
    if (value.type() == ValueType::kString) {
      RELATA_RETURN_IF_ERROR(CheckStorable(load_.names().Name(property), value));
    }
    fact.properties.emplace_back(property, std::move(value));
  }
  return load_.AddRelationship(relationship_);
}

}  // namespace relata
