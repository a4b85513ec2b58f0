#include "graph/bulk/csv_plan.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata {
namespace {

absl::Status Wrong(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", where, "': ", what));
}

NameKind KindOf(CsvNameKind kind) {
  switch (kind) {
    case CsvNameKind::kPreferred:
      return NameKind::kPreferred;
    case CsvNameKind::kAlias:
      return NameKind::kAlias;
    case CsvNameKind::kAbbreviation:
      return NameKind::kAbbreviation;
    case CsvNameKind::kFormer:
      return NameKind::kFormer;
  }
  return NameKind::kAlias;
}

absl::StatusOr<Stance> StanceOf(absl::string_view text) {
  if (text == "asserts") return Stance::kAsserts;
  if (text == "disputes") return Stance::kDisputes;
  if (text == "retracts") return Stance::kRetracts;
  return Wrong(text, "a stance is asserts, disputes or retracts");
}

}  // namespace

absl::StatusOr<CsvPlan> CsvPlan::Parse(absl::string_view mapping, const CsvFields& headings) {
  RELATA_ASSIGN_OR_RETURN(CsvMapping parsed, CsvMapping::Parse(mapping, headings));
  CsvPlan plan(std::move(parsed));
  for (const CsvTerm& term : plan.mapping_.terms()) {
    CsvType& type = plan.types_.emplace_back();
    if (term.target != CsvTarget::kProperty) continue;
    absl::StatusOr<CsvType> declared = CsvType::Parse(term.type);
    if (!declared.ok()) return term.Wrong(declared.status().message());
    type = *std::move(declared);
  }
  return plan;
}

absl::string_view CsvPlan::Key(const CsvFields& fields, std::string* buffer) const {
  return mapping_.TextOf(CsvTarget::kKey, fields, buffer);
}
absl::string_view CsvPlan::FromKey(const CsvFields& fields, std::string* buffer) const {
  return mapping_.TextOf(CsvTarget::kFrom, fields, buffer);
}
absl::string_view CsvPlan::ToKey(const CsvFields& fields, std::string* buffer) const {
  return mapping_.TextOf(CsvTarget::kTo, fields, buffer);
}

absl::Status CsvPlan::ReadValidBound(CsvTarget target, BoundRole role, const CsvFields& fields,
                                     Bound* bound) const {
  std::string buffer;
  const CsvTerm* const term = mapping_.Find(target);
  const absl::string_view text =
      term == nullptr ? absl::string_view() : term->TextOf(fields, &buffer);
  if (text.empty()) {
    *bound = Bound::Unbounded(role);
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(*bound, term->unit_micros == 0
                                      ? ReadCsvBound(text, role)
                                      : ReadEpochBound(text, term->unit_micros, role));
  return absl::OkStatus();
}

absl::Status CsvPlan::ReadValidTime(const CsvFields& fields, Interval* valid) const {
  RELATA_RETURN_IF_ERROR(
      ReadValidBound(CsvTarget::kValidFrom, BoundRole::kFrom, fields, &valid->from));
  RELATA_RETURN_IF_ERROR(ReadValidBound(CsvTarget::kValidTo, BoundRole::kTo, fields, &valid->to));
  if (valid->to.kind == BoundKind::kUnbounded) return absl::OkStatus();
  return Interval::Make(valid->from, valid->to).status();
}

absl::Status CsvPlan::ReadProperty(size_t term, const CsvFields& fields, Value* value) const {
  const CsvTerm& t = mapping_.terms()[term];
  std::string buffer;
  const absl::string_view text = t.TextOf(fields, &buffer);
  if (text.empty()) {
    *value = Value();
    return absl::OkStatus();
  }
  if (types_[term].ReadPlain(text, value)) return absl::OkStatus();
  absl::StatusOr<Value> read = types_[term].Read(text);
  if (!read.ok()) return t.Wrong(read.status().message());
  *value = *std::move(read);
  return absl::OkStatus();
}

std::optional<CsvPlan::Plain> CsvPlan::plain() const {
  Plain plain;
  std::string buffer;
  for (size_t i = 0; i < mapping_.terms().size(); ++i) {
    const CsvTerm& term = mapping_.terms()[i];
    switch (term.target) {
      case CsvTarget::kFrom:
      case CsvTarget::kTo:
      case CsvTarget::kValidFrom:
      case CsvTarget::kValidTo:
        break;
      case CsvTarget::kKey:
        if (relationships()) return std::nullopt;
        break;
      case CsvTarget::kLabel:
        if (term.has_column()) return std::nullopt;
        for (const absl::string_view label : SplitCsvField(term.TextOf({}, &buffer))) {
          plain.labels.emplace_back(label);
        }
        break;
      case CsvTarget::kType:
        if (term.has_column()) return std::nullopt;
        plain.type = std::string(term.TextOf({}, &buffer));
        break;
      case CsvTarget::kProperty:
        plain.properties.push_back({term.name, i});
        break;
      default:
        return std::nullopt;
    }
  }
  return plain;
}

absl::StatusOr<std::vector<CitationWrite>> CsvPlan::Citations(const CsvFields& fields) const {
  std::vector<CitationWrite> citations;
  CitationWrite shared;
  std::string buffer;
  for (const CsvTerm& term : mapping_.terms()) {
    if (term.target < CsvTarget::kSource) continue;
    const absl::string_view text = term.TextOf(fields, &buffer);
    if (text.empty()) continue;
    if (term.target == CsvTarget::kSource) {
      for (const absl::string_view key : SplitCsvField(text)) {
        citations.emplace_back().source = EntityKeyRef{std::string(key)};
      }
    } else if (term.target == CsvTarget::kReported) {
      RELATA_ASSIGN_OR_RETURN(shared.reported, ReadCsvBound(text, BoundRole::kFrom));
    } else if (term.target == CsvTarget::kLocator) {
      shared.locator = std::string(text);
    } else if (term.target == CsvTarget::kStance) {
      RELATA_ASSIGN_OR_RETURN(shared.stance, StanceOf(text));
    } else if (!absl::SimpleAtod(text, &shared.confidence)) {
      return Wrong(text, "confidence is a number");
    }
  }
  for (CitationWrite& citation : citations) {
    EntityRef source = std::move(citation.source);
    citation = shared;
    citation.source = std::move(source);
  }
  return citations;
}

absl::Status CsvPlan::Fill(const CsvFields& fields, EntityWrite* out) const {
  RELATA_RETURN_IF_ERROR(CheckWidth(fields));
  *out = EntityWrite();
  out->put = true;
  RELATA_ASSIGN_OR_RETURN(const std::vector<CitationWrite> citations, Citations(fields));
  Interval valid;
  RELATA_RETURN_IF_ERROR(ReadValidTime(fields, &valid));
  std::string buffer;
  for (size_t i = 0; i < mapping_.terms().size(); ++i) {
    const CsvTerm& term = mapping_.terms()[i];
    const absl::string_view text = term.TextOf(fields, &buffer);
    if (text.empty()) continue;
    if (term.target == CsvTarget::kKey) {
      out->key = std::string(text);
    } else if (term.target == CsvTarget::kLabel) {
      for (const absl::string_view label : SplitCsvField(text)) out->labels.emplace_back(label);
    } else if (term.target == CsvTarget::kName) {
      NameWrite& name = out->names.emplace_back();
      name.name = EntityName{std::string(text), term.name, KindOf(term.kind)};
      name.citations = citations;
    } else if (term.target == CsvTarget::kProperty) {
      FactWrite fact;
      RELATA_RETURN_IF_ERROR(ReadProperty(i, fields, &fact.value));
      fact.valid = valid;
      fact.citations = citations;
      out->properties.emplace_back(term.name, std::move(fact));
    }
  }
  if (out->key.empty()) return absl::InvalidArgumentError("the key is empty");
  return absl::OkStatus();
}

absl::Status CsvPlan::Fill(const CsvFields& fields, RelationshipWrite* out) const {
  RELATA_RETURN_IF_ERROR(CheckWidth(fields));
  *out = RelationshipWrite();
  out->put = true;
  std::string buffer;
  out->key = std::string(Key(fields, &buffer));
  out->type = std::string(mapping_.TextOf(CsvTarget::kType, fields, &buffer));
  const std::string from(FromKey(fields, &buffer));
  const std::string to(ToKey(fields, &buffer));
  if (out->type.empty() || from.empty() || to.empty()) {
    return absl::InvalidArgumentError("the type, from or to is empty");
  }
  out->from = EntityKeyRef{from};
  out->to = EntityKeyRef{to};
  FactWrite& fact = out->facts.emplace_back();
  RELATA_RETURN_IF_ERROR(ReadValidTime(fields, &fact.valid));
  RELATA_ASSIGN_OR_RETURN(fact.citations, Citations(fields));
  for (size_t i = 0; i < mapping_.terms().size(); ++i) {
    const CsvTerm& term = mapping_.terms()[i];
    if (term.target != CsvTarget::kProperty) continue;
    Value value;
    RELATA_RETURN_IF_ERROR(ReadProperty(i, fields, &value));
    if (!value.is_null()) fact.properties.emplace_back(term.name, std::move(value));
  }
  return absl::OkStatus();
}

}  // namespace relata
