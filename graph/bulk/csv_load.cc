#include "graph/bulk/csv_load.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/mutation/input_checks.h"

namespace relata {
namespace {

// A record is held whole. Far beyond what a record says; what comes in a stream must end somewhere.
constexpr size_t kMaxRecordBytes = size_t{16} << 20;
// Plain relationships that are looked at together.
constexpr size_t kRecordsAtHand = 32;

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
  if (!plan_) {
    if (!text_.Next(&fields_)) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(text_.status());
    RELATA_RETURN_IF_ERROR(Begin());
  }
  if (plain_) return AddPlainRecords();
  while (text_.Next(&fields_)) {
    const absl::Status split = text_.status();
    RELATA_RETURN_IF_ERROR(Settle(text_.line(), split.ok() ? AddRecord() : split));
  }
  return absl::OkStatus();
}

absl::Status CsvLoad::Settle(int64_t line, const absl::Status& added) {
  ++records_;
  if (added.ok()) return absl::OkStatus();
  if (!BulkLoad::IsAboutItem(added)) return added;
  return bad_record_(line, added);
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
    return mutations_.AddOne(relationship);
  }
  EntityWrite entity;
  RELATA_RETURN_IF_ERROR(plan_->Fill(fields_, &entity));
  return mutations_.AddOne(entity);
}

// As AddRecord, without what takes memory anew for each record, and some records at a time, so that
// the keys of their ends are looked up together.
absl::Status CsvLoad::AddPlainRecords() {
  records_at_hand_.resize(kRecordsAtHand);
  for (;;) {
    size_t count = 0;
    keys_.clear();
    while (count < kRecordsAtHand && text_.Next(&records_at_hand_[count].fields)) {
      PlainRecord& record = records_at_hand_[count++];
      record.line = text_.line();
      record.status = text_.status();
      if (record.status.ok()) record.status = FindEnds(record);
      if (!record.status.ok()) keys_.resize(2 * count);  // nothing is looked up for it
    }
    if (count == 0) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(load_.FindEntities(keys_, &ends_));
    for (size_t i = 0; i < count; ++i) {
      const PlainRecord& record = records_at_hand_[i];
      RELATA_RETURN_IF_ERROR(Settle(record.line, record.status.ok()
                                                     ? AddPlain(record, keys_[2 * i], ends_[2 * i],
                                                                keys_[2 * i + 1], ends_[2 * i + 1])
                                                     : record.status));
    }
  }
}

absl::Status CsvLoad::FindEnds(PlainRecord& record) {
  RELATA_RETURN_IF_ERROR(plan_->CheckWidth(record.fields));
  const absl::string_view from = plan_->FromKey(record.fields, &record.from_buffer);
  const absl::string_view to = plan_->ToKey(record.fields, &record.to_buffer);
  if (from.empty() || to.empty()) {
    return absl::InvalidArgumentError("the type, from or to is empty");
  }
  keys_.push_back(from);
  keys_.push_back(to);
  return absl::OkStatus();
}

absl::Status CsvLoad::AddPlain(const PlainRecord& record, absl::string_view from_key,
                               std::optional<EntityId> from, absl::string_view to_key,
                               std::optional<EntityId> to) {
  if (!from || !to) {
    return absl::NotFoundError(
        absl::StrCat("there is no entity `", !from ? from_key : to_key, "`"));
  }
  // It holds something older, whose memory is used again.
  relationship_.key.clear();
  relationship_.ends = {RelationshipId(), plain_type_, *from, *to};
  relationship_.facts.resize(1);
  Fact& fact = relationship_.facts[0];
  if (!fact.value.is_null()) fact.value = Value();
  fact.citations.clear();
  fact.cut_from.reset();
  RELATA_RETURN_IF_ERROR(plan_->ReadValidTime(record.fields, &fact.valid));
  fact.properties.resize(plain_properties_.size());
  size_t said = 0;
  for (const auto& [property, term] : plain_properties_) {
    auto& [id, value] = fact.properties[said];
    RELATA_RETURN_IF_ERROR(plan_->ReadProperty(term, record.fields, &value));
    if (value.is_null()) continue;
    if (value.type() == ValueType::kString) {
      RELATA_RETURN_IF_ERROR(CheckStorable(load_.names().Name(property), value));
    }
    id = property;
    ++said;
  }
  fact.properties.resize(said);
  return load_.AddRelationship(relationship_);
}

}  // namespace relata
