#include "client/cli/import/csv_mutations.h"

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "client/cli/literal.h"
#include "relata/v1/value.pb.h"

namespace relata {
namespace {

absl::Status Wrong(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", where, "': ", what));
}

v1::NameKind KindOf(CsvNameKind kind) {
  switch (kind) {
    case CsvNameKind::kPreferred:
      return v1::PREFERRED;
    case CsvNameKind::kAlias:
      return v1::ALIAS;
    case CsvNameKind::kAbbreviation:
      return v1::ABBREVIATION;
    case CsvNameKind::kFormer:
      return v1::FORMER;
  }
  return v1::NAME_KIND_UNSPECIFIED;
}

absl::StatusOr<v1::Stance> CheckedStance(absl::string_view text) {
  if (text == "asserts") return v1::ASSERTS;
  if (text == "disputes") return v1::DISPUTES;
  if (text == "retracts") return v1::RETRACTS;
  return Wrong(text, "a stance is asserts, disputes or retracts");
}

// Any text will do to learn whether a type is one: the message of a wrong type lists all.
absl::Status CheckType(const CsvTerm& term) {
  const absl::Status probe = ParseTypedValue(term.type, "").status();
  if (!absl::StartsWith(probe.message(), "there is no type")) return absl::OkStatus();
  return term.Wrong(probe.message());
}

absl::StatusOr<v1::Value> ValueOf(const CsvTerm& term, absl::string_view text) {
  absl::StatusOr<v1::Value> value = ParseTypedValue(term.type, text);
  if (!value.ok()) return term.Wrong(value.status().message());
  return value;
}

// `?` is unknown, which the API writes as the empty text.
std::string BoundOf(absl::string_view text) { return text == "?" ? "" : std::string(text); }

// The instant that a number of units says, as the API writes it; `..` and `?` as BoundOf.
absl::StatusOr<std::string> EpochBoundOf(absl::string_view text, absl::Duration unit) {
  if (text == ".." || text == "?") return BoundOf(text);
  int64_t units = 0;
  const absl::Time least = absl::FromCivil(absl::CivilSecond(1, 1, 1), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilSecond(10'000, 1, 1), absl::UTCTimeZone());
  const bool whole = absl::SimpleAtoi(text, &units);
  const absl::Time time = absl::UnixEpoch() + unit * units;
  if (!whole || time < least || time >= end) {
    return Wrong(text, "is no number of a time in the years 0001 to 9999: write it as 1700000000");
  }
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<CsvMutations> CsvMutations::Parse(absl::string_view mapping,
                                                 const CsvFields& headings) {
  RELATA_ASSIGN_OR_RETURN(CsvMapping parsed, CsvMapping::Parse(mapping, headings));
  for (const CsvTerm& term : parsed.terms()) {
    if (term.target == CsvTarget::kProperty) RELATA_RETURN_IF_ERROR(CheckType(term));
  }
  return CsvMutations(std::move(parsed));
}

absl::StatusOr<std::vector<v1::Citation>> CsvMutations::Citations(const CsvFields& fields) const {
  std::vector<v1::Citation> citations;
  v1::Citation shared;
  std::string buffer;
  for (const CsvTerm& term : mapping_.terms()) {
    const absl::string_view text = term.TextOf(fields, &buffer);
    if (text.empty()) continue;
    if (term.target == CsvTarget::kSource) {
      for (const absl::string_view key : SplitCsvField(text)) {
        citations.emplace_back().mutable_source()->set_key(std::string(key));
      }
    } else if (term.target == CsvTarget::kReported) {
      shared.set_reported(BoundOf(text));
    } else if (term.target == CsvTarget::kLocator) {
      shared.set_locator(std::string(text));
    } else if (term.target == CsvTarget::kStance) {
      RELATA_ASSIGN_OR_RETURN(const v1::Stance stance, CheckedStance(text));
      shared.set_stance(stance);
    } else if (term.target == CsvTarget::kConfidence) {
      double confidence = 0;
      if (!absl::SimpleAtod(text, &confidence)) return Wrong(text, "confidence is a number");
      shared.set_confidence(confidence);
    }
  }
  for (v1::Citation& citation : citations) citation.MergeFrom(shared);
  return citations;
}

absl::Status CsvMutations::FillFact(const CsvFields& fields, v1::Fact* fact) const {
  RELATA_ASSIGN_OR_RETURN(const std::vector<v1::Citation> citations, Citations(fields));
  for (const v1::Citation& citation : citations) *fact->add_citations() = citation;
  std::string buffer;
  for (const CsvTarget target : {CsvTarget::kValidFrom, CsvTarget::kValidTo}) {
    const absl::string_view text = mapping_.TextOf(target, fields, &buffer);
    if (text.empty()) continue;
    std::string bound = BoundOf(text);
    if (const int64_t unit = mapping_.Find(target)->unit_micros; unit != 0) {
      RELATA_ASSIGN_OR_RETURN(bound, EpochBoundOf(text, absl::Microseconds(unit)));
    }
    if (target == CsvTarget::kValidFrom) {
      fact->set_valid_from(std::move(bound));
    } else {
      fact->set_valid_to(std::move(bound));
    }
  }
  return absl::OkStatus();
}

absl::Status CsvMutations::FillEntity(const CsvFields& fields, v1::EntityWrite* entity) const {
  v1::Fact shared;
  RELATA_RETURN_IF_ERROR(FillFact(fields, &shared));
  std::string buffer;
  for (const CsvTerm& term : mapping_.terms()) {
    const absl::string_view text = term.TextOf(fields, &buffer);
    if (text.empty()) continue;
    if (term.target == CsvTarget::kKey) {
      entity->set_key(std::string(text));
    } else if (term.target == CsvTarget::kLabel) {
      for (const absl::string_view label : SplitCsvField(text)) {
        entity->add_labels(std::string(label));
      }
    } else if (term.target == CsvTarget::kName) {
      v1::Name* const name = entity->add_names();
      name->set_text(std::string(text));
      name->set_language(term.name);
      name->set_kind(KindOf(term.kind));
      *name->mutable_citations() = shared.citations();
    } else if (term.target == CsvTarget::kProperty) {
      v1::PropertyFact* const property = entity->add_properties();
      property->set_name(term.name);
      *property->mutable_fact() = shared;
      RELATA_ASSIGN_OR_RETURN(*property->mutable_fact()->mutable_value(), ValueOf(term, text));
    }
  }
  if (entity->key().empty()) return absl::InvalidArgumentError("the key is empty");
  return absl::OkStatus();
}

absl::Status CsvMutations::FillRelationship(const CsvFields& fields,
                                            v1::RelationshipWrite* relationship) const {
  const auto text_of = [&](CsvTarget target) {
    std::string buffer;
    return std::string(mapping_.TextOf(target, fields, &buffer));
  };
  if (std::string key = text_of(CsvTarget::kKey); !key.empty()) {
    relationship->set_key(std::move(key));
  }
  relationship->set_type(text_of(CsvTarget::kType));
  relationship->mutable_from()->set_key(text_of(CsvTarget::kFrom));
  relationship->mutable_to()->set_key(text_of(CsvTarget::kTo));
  if (relationship->type().empty() || relationship->from().key().empty() ||
      relationship->to().key().empty()) {
    return absl::InvalidArgumentError("the type, from or to is empty");
  }
  v1::Fact* const fact = relationship->add_facts();
  RELATA_RETURN_IF_ERROR(FillFact(fields, fact));
  std::string buffer;
  for (const CsvTerm& term : mapping_.terms()) {
    if (term.target != CsvTarget::kProperty) continue;
    const absl::string_view text = term.TextOf(fields, &buffer);
    if (text.empty()) continue;
    v1::Property* const property = fact->add_properties();
    property->set_name(term.name);
    RELATA_ASSIGN_OR_RETURN(*property->mutable_value(), ValueOf(term, text));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Mutation> CsvMutations::Apply(const CsvFields& fields) const {
  RELATA_RETURN_IF_ERROR(mapping_.CheckWidth(fields));
  v1::Mutation mutation;
  if (mapping_.relationships()) {
    RELATA_RETURN_IF_ERROR(FillRelationship(fields, mutation.mutable_put_relationship()));
  } else {
    RELATA_RETURN_IF_ERROR(FillEntity(fields, mutation.mutable_put_entity()));
  }
  return mutation;
}

}  // namespace relata
