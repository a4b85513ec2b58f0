#include "client/cli/import/csv_mapping.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
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

std::optional<v1::NameKind> NameTarget(absl::string_view word) {
  if (word == "name") return v1::PREFERRED;
  if (word == "alias") return v1::ALIAS;
  if (word == "abbreviation") return v1::ABBREVIATION;
  if (word == "former") return v1::FORMER;
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

absl::StatusOr<v1::Stance> CheckedStance(absl::string_view text) {
  if (text == "asserts") return v1::ASSERTS;
  if (text == "disputes") return v1::DISPUTES;
  if (text == "retracts") return v1::RETRACTS;
  return Wrong(text, "a stance is asserts, disputes or retracts");
}

// `?` is unknown, which the API writes as the empty text.
std::string BoundOf(absl::string_view text) { return text == "?" ? "" : std::string(text); }

// A unit of numbers since 1970.
std::optional<absl::Duration> EpochUnit(absl::string_view name) {
  if (name == "s") return absl::Seconds(1);
  if (name == "ms") return absl::Milliseconds(1);
  if (name == "us") return absl::Microseconds(1);
  return std::nullopt;
}

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

const absl::string_view kCsvMappingHelp =
    R"(CSV files have a line of headings. Each record becomes one putEntity, or, where there are
columns `from` and `to`, one putRelationship with one fact. A heading says what its column is:
  key                   key of the entity or of the relationship
  label                 labels, with ; between
  name, name@LANGUAGE   preferred name (en); likewise alias@, abbreviation@, former@
  type, from, to        type and end keys of a relationship; without key each import makes a
                        new one, save in types of one per pair
  valid_from, valid_to  the time in which the record's facts hold: 2026, 2026-03, 2026-03-11,
                        .. open, ? unknown; names hold always
  valid_from:UNIT, valid_to:UNIT
                        the same as a whole number since 1970, UTC: UNIT is s, ms or us
  source                keys of the sources of the record's facts and names, with ; between
  reported, confidence, stance, locator
                        what the citations say
  PROPERTY, PROPERTY:TYPE, .PROPERTY
                        a property; without a type it is text. Types: text, int, float, decimal,
                        bool, money (2.8e9 USD), money(USD), date, time, localtime, datetime,
                        localdatetime, duration. ~ > >= < <= before a number: about, over, at
                        least, under, at most. A . before a name that is one of the words above.
An empty field says nothing, and neither does a column with an empty heading.
For files with other headings --csv says the mapping: `entity` or `relationship`, then
TARGET=TEMPLATE, where TARGET is a word as above and {COLUMN} in TEMPLATE stands for a column:
  --csv 'entity label=Company key=company/{id} name={title} country={land} founded:date={since}'
  --csv 'relationship type=INVESTED_IN from=company/{src} to=company/{dst} valid_from={date}
         share:float={pct} amount:money(USD)={usd} source=source/{doc}')";

absl::StatusOr<CsvMapping::Term> CsvMapping::ParseTarget(absl::string_view text) {
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
    if (!EpochUnit(unit)) {
      return Wrong(term.written,
                   "there is no such unit: use s, ms or us, for whole numbers since "
                   "1970 in UTC");
    }
    term.target = target;
    term.type = std::string(unit);
    return term;
  }
  const size_t at = text.find('@');
  if (const auto kind = NameTarget(text.substr(0, at))) {
    term.target = Target::kName;
    term.kind = *kind;
    term.name = at == absl::string_view::npos ? "en" : std::string(text.substr(at + 1));
    return term;
  }
  absl::ConsumePrefix(&text, ".");
  const size_t colon = text.find(':');
  term.target = Target::kProperty;
  term.name = std::string(text.substr(0, colon));
  term.type = colon == absl::string_view::npos ? "text" : std::string(text.substr(colon + 1));
  if (term.name.empty()) return Wrong(term.written, "a property needs a name");
  // Any text will do to learn whether the type is one: the message of a wrong type lists all.
  const auto probe = ParseTypedValue(term.type, "");
  if (!probe.ok() && absl::StartsWith(probe.status().message(), "there is no type")) {
    return Wrong(term.written, probe.status().message());
  }
  return term;
}

absl::Status CsvMapping::ParseTemplate(absl::string_view text,
                                       const std::vector<std::string>& headings, Term* term) {
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

absl::StatusOr<CsvMapping> CsvMapping::FromHeadings(const std::vector<std::string>& headings) {
  CsvMapping mapping;
  mapping.columns_ = headings.size();
  for (size_t i = 0; i < headings.size(); ++i) {
    const absl::string_view heading = absl::StripAsciiWhitespace(headings[i]);
    if (heading.empty()) continue;
    RELATA_ASSIGN_OR_RETURN(Term term, ParseTarget(heading));
    term.parts.push_back({i, ""});
    mapping.relationships_ |= term.target == Target::kFrom;
    mapping.terms_.push_back(std::move(term));
  }
  RELATA_RETURN_IF_ERROR(mapping.Check());
  return mapping;
}

absl::StatusOr<CsvMapping> CsvMapping::Parse(absl::string_view text,
                                             const std::vector<std::string>& headings) {
  const std::vector<std::string> words = SplitTerms(text);
  if (words.empty() || (words[0] != "entity" && words[0] != "relationship")) {
    return Wrong(text, "a mapping starts with the word entity or relationship");
  }
  CsvMapping mapping;
  mapping.columns_ = headings.size();
  mapping.relationships_ = words[0] == "relationship";
  for (size_t i = 1; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    if (equals == std::string::npos) return Wrong(words[i], "write TARGET=TEMPLATE");
    RELATA_ASSIGN_OR_RETURN(Term term, ParseTarget(absl::string_view(words[i]).substr(0, equals)));
    RELATA_RETURN_IF_ERROR(
        ParseTemplate(absl::string_view(words[i]).substr(equals + 1), headings, &term));
    mapping.terms_.push_back(std::move(term));
  }
  RELATA_RETURN_IF_ERROR(mapping.Check());
  return mapping;
}

absl::Status CsvMapping::Check() const {
  const auto has = [this](Target target) {
    return std::any_of(terms_.begin(), terms_.end(),
                       [target](const Term& term) { return term.target == target; });
  };
  RELATA_RETURN_IF_ERROR(CheckSingleTargets());
  for (const Term& term : terms_) {
    if (IsOfCitations(term.target) && !has(Target::kSource)) {
      return Wrong(term.written,
                   "says something about citations, and no column says their source; for a "
                   "property of this name put a . before it");
    }
  }
  if (!relationships_) {
    if (has(Target::kType) || has(Target::kTo)) {
      return absl::InvalidArgumentError("the columns name a type or to, but not from");
    }
    return has(Target::kKey) ? absl::OkStatus()
                             : absl::InvalidArgumentError("the columns name no key");
  }
  if (has(Target::kLabel) || has(Target::kName)) {
    return absl::InvalidArgumentError("a relationship has no label and no name");
  }
  if (!has(Target::kFrom) || !has(Target::kTo) || !has(Target::kType)) {
    return absl::InvalidArgumentError("a relationship needs type, from and to");
  }
  return absl::OkStatus();
}

bool CsvMapping::IsOfCitations(Target target) {
  return target == Target::kReported || target == Target::kConfidence ||
         target == Target::kStance || target == Target::kLocator;
}

absl::Status CsvMapping::CheckSingleTargets() const {
  std::vector<Target> seen;
  for (const Term& term : terms_) {
    // An entity may have several labels, names, sources and facts of a property.
    if (term.target == Target::kLabel || term.target == Target::kName ||
        term.target == Target::kSource || term.target == Target::kProperty) {
      continue;
    }
    if (std::find(seen.begin(), seen.end(), term.target) != seen.end()) {
      return Wrong(term.written, "is there twice, and a record has one of it");
    }
    seen.push_back(term.target);
  }
  return absl::OkStatus();
}

std::string CsvMapping::Fill(const Term& term, const std::vector<std::string>& fields) {
  std::string text;
  bool columns = false;
  bool filled = false;
  for (const Part& part : term.parts) {
    if (part.column == kNoColumn) {
      absl::StrAppend(&text, part.text);
      continue;
    }
    const absl::string_view field = absl::StripAsciiWhitespace(fields[part.column]);
    columns = true;
    filled |= !field.empty();
    absl::StrAppend(&text, field);
  }
  // A template whose columns are all empty says nothing, whatever stands around them.
  return columns && !filled ? "" : text;
}

absl::StatusOr<std::vector<v1::Citation>> CsvMapping::Citations(
    const std::vector<std::string>& fields) const {
  std::vector<v1::Citation> citations;
  v1::Citation shared;
  for (const Term& term : terms_) {
    const std::string text = Fill(term, fields);
    if (text.empty()) continue;
    if (term.target == Target::kSource) {
      for (const absl::string_view key : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
        citations.emplace_back().mutable_source()->set_key(
            std::string(absl::StripAsciiWhitespace(key)));
      }
    } else if (term.target == Target::kReported) {
      shared.set_reported(BoundOf(text));
    } else if (term.target == Target::kLocator) {
      shared.set_locator(text);
    } else if (term.target == Target::kStance) {
      RELATA_ASSIGN_OR_RETURN(const v1::Stance stance, CheckedStance(text));
      shared.set_stance(stance);
    } else if (term.target == Target::kConfidence) {
      double confidence = 0;
      if (!absl::SimpleAtod(text, &confidence)) return Wrong(text, "confidence is a number");
      shared.set_confidence(confidence);
    }
  }
  for (v1::Citation& citation : citations) citation.MergeFrom(shared);
  return citations;
}

absl::Status CsvMapping::FillFact(const std::vector<std::string>& fields, v1::Fact* fact) const {
  RELATA_ASSIGN_OR_RETURN(const std::vector<v1::Citation> citations, Citations(fields));
  for (const v1::Citation& citation : citations) *fact->add_citations() = citation;
  for (const Term& term : terms_) {
    if (term.target != Target::kValidFrom && term.target != Target::kValidTo) continue;
    const std::string text = Fill(term, fields);
    if (text.empty()) continue;
    std::string bound = BoundOf(text);
    if (const std::optional<absl::Duration> unit = EpochUnit(term.type)) {
      RELATA_ASSIGN_OR_RETURN(bound, EpochBoundOf(text, *unit));
    }
    if (term.target == Target::kValidFrom) {
      fact->set_valid_from(std::move(bound));
    } else {
      fact->set_valid_to(std::move(bound));
    }
  }
  return absl::OkStatus();
}

absl::Status CsvMapping::FillEntity(const std::vector<std::string>& fields,
                                    v1::EntityWrite* entity) const {
  v1::Fact shared;
  RELATA_RETURN_IF_ERROR(FillFact(fields, &shared));
  for (const Term& term : terms_) {
    const std::string text = Fill(term, fields);
    if (text.empty()) continue;
    if (term.target == Target::kKey) {
      entity->set_key(text);
    } else if (term.target == Target::kLabel) {
      for (const absl::string_view label : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
        entity->add_labels(std::string(absl::StripAsciiWhitespace(label)));
      }
    } else if (term.target == Target::kName) {
      v1::Name* const name = entity->add_names();
      name->set_text(text);
      name->set_language(term.name);
      name->set_kind(term.kind);
      *name->mutable_citations() = shared.citations();
    } else if (term.target == Target::kProperty) {
      v1::PropertyFact* const property = entity->add_properties();
      property->set_name(term.name);
      *property->mutable_fact() = shared;
      auto value = ParseTypedValue(term.type, text);
      if (!value.ok()) return Wrong(term.written, value.status().message());
      *property->mutable_fact()->mutable_value() = *std::move(value);
    }
  }
  if (entity->key().empty()) return absl::InvalidArgumentError("the key is empty");
  return absl::OkStatus();
}

absl::Status CsvMapping::FillRelationship(const std::vector<std::string>& fields,
                                          v1::RelationshipWrite* relationship) const {
  v1::Fact* const fact = relationship->add_facts();
  RELATA_RETURN_IF_ERROR(FillFact(fields, fact));
  for (const Term& term : terms_) {
    const std::string text = Fill(term, fields);
    if (text.empty()) continue;
    if (term.target == Target::kKey) {
      relationship->set_key(text);
    } else if (term.target == Target::kType) {
      relationship->set_type(text);
    } else if (term.target == Target::kFrom) {
      relationship->mutable_from()->set_key(text);
    } else if (term.target == Target::kTo) {
      relationship->mutable_to()->set_key(text);
    } else if (term.target == Target::kProperty) {
      v1::Property* const property = fact->add_properties();
      property->set_name(term.name);
      auto value = ParseTypedValue(term.type, text);
      if (!value.ok()) return Wrong(term.written, value.status().message());
      *property->mutable_value() = *std::move(value);
    }
  }
  if (relationship->type().empty() || relationship->from().key().empty() ||
      relationship->to().key().empty()) {
    return absl::InvalidArgumentError("the type, from or to is empty");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Mutation> CsvMapping::Apply(const std::vector<std::string>& fields) const {
  if (fields.size() != columns_) {
    return absl::InvalidArgumentError(
        absl::StrCat(fields.size(), " fields where the headings are ", columns_));
  }
  v1::Mutation mutation;
  if (relationships_) {
    RELATA_RETURN_IF_ERROR(FillRelationship(fields, mutation.mutable_put_relationship()));
  } else {
    RELATA_RETURN_IF_ERROR(FillEntity(fields, mutation.mutable_put_entity()));
  }
  return mutation;
}

}  // namespace relata
