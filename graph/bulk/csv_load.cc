#include "graph/bulk/csv_load.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
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
  return LimitReached("record_bytes", kMaxRecordBytes,
                      absl::StrCat("the record after line ", text_.line(), " has more than ",
                                   kMaxRecordBytes, " bytes; a quote may never be closed"));
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
  if (plain_ && plan_->relationships()) return AddPlainRecords();
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
  const std::optional<CsvPlan::Plain> plain = plan_->plain();
  if (!plain) return absl::OkStatus();
  if (plan_->relationships()) return BeginRelationships(*plain);
  BeginEntities(*plain);
  return absl::OkStatus();
}

// False where one is named twice.
bool CsvLoad::TakeProperties(const std::vector<CsvPlan::PlainProperty>& properties) {
  for (const auto& [name, term] : properties) {
    plain_properties_.emplace_back(load_.names().InternProperty(name), term);
  }
  std::sort(plain_properties_.begin(), plain_properties_.end());
  return std::adjacent_find(plain_properties_.begin(), plain_properties_.end(),
                            [](const auto& a, const auto& b) { return a.first == b.first; }) ==
         plain_properties_.end();
}

absl::Status CsvLoad::BeginRelationships(const CsvPlan::Plain& plain) {
  RELATA_RETURN_IF_ERROR(CheckWord("a relationship type", plain.type));
  plain_type_ = load_.names().InternType(plain.type);
  for (const CsvPlan::PlainProperty& property : plain.properties) {
    RELATA_RETURN_IF_ERROR(CheckPropertyName(property.name));
  }
  plain_ = TakeProperties(plain.properties);
  if (plain_) return absl::OkStatus();
  const auto twice =
      std::adjacent_find(plain_properties_.begin(), plain_properties_.end(),
                         [](const auto& a, const auto& b) { return a.first == b.first; });
  return absl::InvalidArgumentError(absl::StrCat("the property `", load_.names().Name(twice->first),
                                                 "` is given twice in one fact"));
}

// What is wrong about a name, or a property that is named twice, is for AddRecord.
void CsvLoad::BeginEntities(const CsvPlan::Plain& plain) {
  for (const std::string& label : plain.labels) {
    if (!CheckWord("a label", label).ok()) return;
  }
  for (const CsvPlan::PlainProperty& property : plain.properties) {
    if (!CheckPropertyName(property.name).ok()) return;
  }
  for (const std::string& label : plain.labels) {
    plain_labels_.push_back(load_.names().InternLabel(label));
  }
  std::sort(plain_labels_.begin(), plain_labels_.end());
  plain_labels_.erase(std::unique(plain_labels_.begin(), plain_labels_.end()), plain_labels_.end());
  plain_ = TakeProperties(plain.properties);
}

absl::Status CsvLoad::AddRecord() {
  if (plan_->relationships()) {
    RelationshipWrite relationship;
    RELATA_RETURN_IF_ERROR(plan_->Fill(fields_, &relationship));
    return mutations_.AddOne(relationship);
  }
  if (plain_) return AddPlainEntity();
  EntityWrite entity;
  RELATA_RETURN_IF_ERROR(plan_->Fill(fields_, &entity));
  return mutations_.AddOne(entity);
}

// As for any other, without what takes memory anew for each record.
absl::Status CsvLoad::AddPlainEntity() {
  RELATA_RETURN_IF_ERROR(plan_->CheckWidth(fields_));
  Interval valid;
  RELATA_RETURN_IF_ERROR(plan_->ReadValidTime(fields_, &valid));
  // The state holds something older, whose memory is used again.
  auto& properties = entity_.properties;
  auto at = properties.begin();
  for (const auto& [property, term] : plain_properties_) {
    while (at != properties.end() && at->first < property) at = properties.erase(at);
    if (at == properties.end() || at->first != property) {
      at = properties.emplace_hint(at, property, std::vector<Fact>());
    }
    at->second.resize(1);
    Fact& fact = at->second[0];
    RELATA_RETURN_IF_ERROR(plan_->ReadProperty(term, fields_, &fact.value));
    if (fact.value.is_null()) {
      at = properties.erase(at);
      continue;
    }
    RELATA_RETURN_IF_ERROR(CheckStorable(load_.names().Name(property), fact.value));
    fact.properties.clear();
    fact.valid = valid;
    fact.citations.clear();
    fact.cut_from.reset();
    ++at;
  }
  properties.erase(at, properties.end());
  const absl::string_view key = plan_->Key(fields_, &key_buffer_);
  if (key.empty()) return absl::InvalidArgumentError("the key is empty");
  RELATA_RETURN_IF_ERROR(CheckKey(key));
  entity_.key.assign(key.data(), key.size());
  entity_.labels = plain_labels_;
  entity_.source_retracted.reset();
  return load_.AddEntity(entity_).status();
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
    const absl::string_view key = !from ? from_key : to_key;
    return WithParts(absl::NotFoundError(absl::StrCat("there is no entity `", key, "`")),
                     {{"entity", std::string(key)}});
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
