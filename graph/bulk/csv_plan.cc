#include "graph/bulk/csv_plan.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"

namespace relata {
namespace {

absl::Status Wrong(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", where, "': ", what));
}

std::optional<NameKind> NameTarget(absl::string_view word) {
  if (word == "name") return NameKind::kPreferred;
  if (word == "alias") return NameKind::kAlias;
  if (word == "abbreviation") return NameKind::kAbbreviation;
  if (word == "former") return NameKind::kFormer;
  return std::nullopt;
}

// Words between spaces; a double quote anywhere in a word keeps spaces up to the next one.
std::vector<std::string> SplitTerms(absl::string_view text) {
  std::vector<std::string> terms;
  std::string term;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && absl::ascii_isspace(c)) {
      if (!term.empty()) terms.push_back(std::exchange(term, ""));
    } else {
      term += c;
    }
  }
  if (!term.empty()) terms.push_back(std::move(term));
  return terms;
}

absl::StatusOr<Stance> StanceOf(absl::string_view text) {
  if (text == "asserts") return Stance::kAsserts;
  if (text == "disputes") return Stance::kDisputes;
  if (text == "retracts") return Stance::kRetracts;
  return Wrong(text, "a stance is asserts, disputes or retracts");
}

absl::string_view Stripped(absl::string_view field) {
  if (field.empty() ||
      (!absl::ascii_isspace(field.front()) && !absl::ascii_isspace(field.back()))) {
    return field;
  }
  return absl::StripAsciiWhitespace(field);
}

}  // namespace

absl::StatusOr<CsvPlan::Term> CsvPlan::ParseTarget(absl::string_view text) {
  static constexpr std::pair<absl::string_view, Target> kTargets[] = {
      {"key", Target::kKey},
      {"label", Target::kLabel},
      {"type", Target::kType},
      {"from", Target::kFrom},
      {"to", Target::kTo},
      {"valid_from", Target::kValidFrom},
      {"valid_to", Target::kValidTo},
      {"source", Target::kSource},
      {"reported", Target::kReported},
      {"confidence", Target::kConfidence},
      {"stance", Target::kStance},
      {"locator", Target::kLocator}};
  Term term;
  term.written = std::string(text);
  for (const auto& [word, target] : kTargets) {
    if (text != word) continue;
    term.target = target;
    return term;
  }
  for (const Target target : {Target::kValidFrom, Target::kValidTo}) {
    absl::string_view unit = text;
    if (!absl::ConsumePrefix(&unit, target == Target::kValidFrom ? "valid_from:" : "valid_to:")) {
      continue;
    }
    const absl::StatusOr<int64_t> micros = EpochUnitMicros(unit);
    if (!micros.ok()) return Wrong(term.written, micros.status().message());
    term.target = target;
    term.unit_micros = *micros;
    return term;
  }
  const size_t at = text.find('@');
  if (const std::optional<NameKind> kind = NameTarget(text.substr(0, at))) {
    term.target = Target::kName;
    term.kind = *kind;
    term.name = at == absl::string_view::npos ? "en" : std::string(text.substr(at + 1));
    return term;
  }
  absl::ConsumePrefix(&text, ".");
  const size_t colon = text.find(':');
  term.name = std::string(text.substr(0, colon));
  if (term.name.empty()) return Wrong(term.written, "a property needs a name");
  const absl::string_view type =
      colon == absl::string_view::npos ? absl::string_view("text") : text.substr(colon + 1);
  absl::StatusOr<CsvType> parsed = CsvType::Parse(type);
  if (!parsed.ok()) return Wrong(term.written, parsed.status().message());
  term.type = *std::move(parsed);
  return term;
}

absl::Status CsvPlan::ParseTemplate(absl::string_view text, const Fields& headings, Term* term) {
  while (!text.empty()) {
    const size_t open = text.find('{');
    if (open != 0) {
      term->parts.push_back({kNoColumn, std::string(text.substr(0, open))});
      text.remove_prefix(std::min(open, text.size()));
      continue;
    }
    const size_t close = text.find('}');
    if (close == absl::string_view::npos) return Wrong(term->written, "a { is never closed");
    const absl::string_view column = text.substr(1, close - 1);
    const auto it = std::find(headings.begin(), headings.end(), column);
    if (it == headings.end()) {
      return Wrong(term->written, absl::StrCat("the file has no column '", column, "', only ",
                                               absl::StrJoin(headings, ", ")));
    }
    term->parts.push_back({static_cast<size_t>(it - headings.begin()), ""});
    text.remove_prefix(close + 1);
  }
  return absl::OkStatus();
}

absl::StatusOr<CsvPlan> CsvPlan::Parse(absl::string_view mapping, const Fields& headings) {
  CsvPlan plan;
  plan.columns_ = headings.size();
  const std::vector<std::string> words = SplitTerms(mapping);
  if (words.empty()) {
    for (size_t i = 0; i < headings.size(); ++i) {
      const absl::string_view heading = Stripped(headings[i]);
      if (heading.empty()) continue;
      RELATA_ASSIGN_OR_RETURN(Term term, ParseTarget(heading));
      term.parts.push_back({i, ""});
      plan.terms_.push_back(std::move(term));
    }
    plan.NoteFirstTerms();
    plan.relationships_ = plan.Find(Target::kFrom) != nullptr;
  } else if (words[0] != "entity" && words[0] != "relationship") {
    return Wrong(mapping, "a mapping starts with the word entity or relationship");
  } else {
    plan.relationships_ = words[0] == "relationship";
  }
  for (size_t i = 1; i < words.size(); ++i) {
    const absl::string_view word = words[i];
    const size_t equals = word.find('=');
    if (equals == absl::string_view::npos) return Wrong(word, "write TARGET=TEMPLATE");
    RELATA_ASSIGN_OR_RETURN(Term term, ParseTarget(word.substr(0, equals)));
    RELATA_RETURN_IF_ERROR(ParseTemplate(word.substr(equals + 1), headings, &term));
    plan.terms_.push_back(std::move(term));
  }
  plan.NoteFirstTerms();
  RELATA_RETURN_IF_ERROR(plan.Check());
  return plan;
}

const CsvPlan::Term* CsvPlan::Find(Target target) const {
  const size_t first = first_[static_cast<size_t>(target)];
  return first == 0 ? nullptr : &terms_[first - 1];
}

void CsvPlan::NoteFirstTerms() {
  for (size_t i = terms_.size(); i > 0; --i) {
    first_[static_cast<size_t>(terms_[i - 1].target)] = i;
  }
}

absl::Status CsvPlan::Check() {
  if (!relationships_) {
    if (Find(Target::kType) != nullptr || Find(Target::kTo) != nullptr) {
      return absl::InvalidArgumentError("the columns name a type or to, but not from");
    }
    if (Find(Target::kKey) != nullptr) return absl::OkStatus();
    return absl::InvalidArgumentError("the columns name no key");
  }
  if (Find(Target::kLabel) != nullptr || Find(Target::kName) != nullptr) {
    return absl::InvalidArgumentError("a relationship has no label and no name");
  }
  if (Find(Target::kFrom) == nullptr || Find(Target::kTo) == nullptr ||
      Find(Target::kType) == nullptr) {
    return absl::InvalidArgumentError("a relationship needs type, from and to");
  }
  return absl::OkStatus();
}

absl::Status CsvPlan::CheckWidth(const Fields& fields) const {
  if (fields.size() == columns_) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(fields.size(), " fields where the headings are ", columns_));
}

absl::string_view CsvPlan::TextOf(const Term& term, const Fields& fields, std::string* buffer) {
  if (term.parts.size() == 1 && term.parts[0].column != kNoColumn) {
    return Stripped(fields[term.parts[0].column]);
  }
  buffer->clear();
  bool columns = false;
  bool filled = false;
  for (const Part& part : term.parts) {
    if (part.column == kNoColumn) {
      buffer->append(part.text);
      continue;
    }
    const absl::string_view field = Stripped(fields[part.column]);
    columns = true;
    filled = filled || !field.empty();
    buffer->append(field.data(), field.size());
  }
  // A template whose columns are all empty says nothing, whatever stands around them.
  return columns && !filled ? absl::string_view() : absl::string_view(*buffer);
}

absl::string_view CsvPlan::TextOf(const Term* term, const Fields& fields,
                                  std::string* buffer) const {
  return term == nullptr ? absl::string_view() : TextOf(*term, fields, buffer);
}

absl::string_view CsvPlan::Key(const Fields& fields, std::string* buffer) const {
  return TextOf(Find(Target::kKey), fields, buffer);
}
absl::string_view CsvPlan::FromKey(const Fields& fields, std::string* buffer) const {
  return TextOf(Find(Target::kFrom), fields, buffer);
}
absl::string_view CsvPlan::ToKey(const Fields& fields, std::string* buffer) const {
  return TextOf(Find(Target::kTo), fields, buffer);
}

absl::Status CsvPlan::ReadValidBound(Target target, BoundRole role, const Fields& fields,
                                     Bound* bound) const {
  const Term* const term = Find(target);
  if (term == nullptr) {
    *bound = Bound::Unbounded(role);
    return absl::OkStatus();
  }
  std::string buffer;
  const absl::string_view text = TextOf(*term, fields, &buffer);
  if (text.empty()) {
    *bound = Bound::Unbounded(role);
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(*bound, term->unit_micros == 0
                                      ? ReadCsvBound(text, role)
                                      : ReadEpochBound(text, term->unit_micros, role));
  return absl::OkStatus();
}

absl::Status CsvPlan::ReadValidTime(const Fields& fields, Interval* valid) const {
  RELATA_RETURN_IF_ERROR(
      ReadValidBound(Target::kValidFrom, BoundRole::kFrom, fields, &valid->from));
  RELATA_RETURN_IF_ERROR(ReadValidBound(Target::kValidTo, BoundRole::kTo, fields, &valid->to));
  if (valid->to.kind == BoundKind::kUnbounded) return absl::OkStatus();
  return Interval::Make(valid->from, valid->to).status();
}

absl::Status CsvPlan::ReadProperty(size_t term, const Fields& fields, Value* value) const {
  const Term& t = terms_[term];
  std::string buffer;
  const absl::string_view text = TextOf(t, fields, &buffer);
  if (text.empty()) {
    *value = Value();
    return absl::OkStatus();
  }
  if (t.type.ReadPlain(text, value)) return absl::OkStatus();
  absl::StatusOr<Value> read = t.type.Read(text);
  if (!read.ok()) return Wrong(t.written, read.status().message());
  *value = *std::move(read);
  return absl::OkStatus();
}

bool CsvPlan::Term::has_column() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.column != kNoColumn; });
}

std::optional<CsvPlan::PlainEntity> CsvPlan::plain_entity() const {
  if (relationships_) return std::nullopt;
  PlainEntity plain;
  std::string buffer;
  for (size_t i = 0; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    switch (term.target) {
      case Target::kKey:
      case Target::kValidFrom:
      case Target::kValidTo:
        break;
      case Target::kLabel:
        if (term.has_column()) return std::nullopt;
        for (const absl::string_view label :
             absl::StrSplit(TextOf(term, {}, &buffer), ';', absl::SkipWhitespace())) {
          plain.labels.emplace_back(Stripped(label));
        }
        break;
      case Target::kProperty:
        plain.properties.push_back({term.name, i});
        break;
      default:
        return std::nullopt;
    }
  }
  return plain;
}

std::optional<CsvPlan::PlainRelationship> CsvPlan::plain_relationship() const {
  if (!relationships_) return std::nullopt;
  PlainRelationship plain;
  std::string buffer;
  for (size_t i = 0; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    switch (term.target) {
      case Target::kFrom:
      case Target::kTo:
      case Target::kValidFrom:
      case Target::kValidTo:
        break;
      case Target::kType:
        if (term.has_column()) return std::nullopt;
        plain.type = std::string(TextOf(term, {}, &buffer));
        break;
      case Target::kProperty:
        plain.properties.push_back({term.name, i});
        break;
      default:
        return std::nullopt;
    }
  }
  return plain;
}

absl::StatusOr<std::vector<CitationWrite>> CsvPlan::Citations(const Fields& fields) const {
  std::vector<CitationWrite> citations;
  CitationWrite shared;
  std::string buffer;
  for (const Term& term : terms_) {
    if (term.target < Target::kSource) continue;
    const absl::string_view text = TextOf(term, fields, &buffer);
    if (text.empty()) continue;
    if (term.target == Target::kSource) {
      for (const absl::string_view key : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
        citations.emplace_back().source = EntityKeyRef{std::string(Stripped(key))};
      }
    } else if (term.target == Target::kReported) {
      RELATA_ASSIGN_OR_RETURN(shared.reported, ReadCsvBound(text, BoundRole::kFrom));
    } else if (term.target == Target::kLocator) {
      shared.locator = std::string(text);
    } else if (term.target == Target::kStance) {
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

absl::Status CsvPlan::Fill(const Fields& fields, EntityWrite* out) const {
  RELATA_RETURN_IF_ERROR(CheckWidth(fields));
  *out = EntityWrite();
  out->put = true;
  RELATA_ASSIGN_OR_RETURN(const std::vector<CitationWrite> citations, Citations(fields));
  Interval valid;
  RELATA_RETURN_IF_ERROR(ReadValidTime(fields, &valid));
  std::string buffer;
  for (size_t i = 0; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    const absl::string_view text = TextOf(term, fields, &buffer);
    if (text.empty()) continue;
    if (term.target == Target::kKey) {
      out->key = std::string(text);
    } else if (term.target == Target::kLabel) {
      for (const absl::string_view label : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
        out->labels.emplace_back(Stripped(label));
      }
    } else if (term.target == Target::kName) {
      NameWrite& name = out->names.emplace_back();
      name.name = EntityName{std::string(text), term.name, term.kind};
      name.citations = citations;
    } else if (term.target == Target::kProperty) {
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

absl::Status CsvPlan::Fill(const Fields& fields, RelationshipWrite* out) const {
  RELATA_RETURN_IF_ERROR(CheckWidth(fields));
  *out = RelationshipWrite();
  out->put = true;
  std::string buffer;
  out->key = std::string(TextOf(Find(Target::kKey), fields, &buffer));
  out->type = std::string(TextOf(Find(Target::kType), fields, &buffer));
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
  for (size_t i = 0; i < terms_.size(); ++i) {
    if (terms_[i].target != Target::kProperty) continue;
    Value value;
    RELATA_RETURN_IF_ERROR(ReadProperty(i, fields, &value));
    if (!value.is_null()) fact.properties.emplace_back(terms_[i].name, std::move(value));
  }
  return absl::OkStatus();
}

}  // namespace relata
