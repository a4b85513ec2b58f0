#include "base/csv/csv_mapping.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "base/status_macros.h"

namespace relata {
namespace {

absl::Status WrongAt(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", where, "': ", what));
}

template <typename Value>
std::optional<Value> Lookup(absl::Span<const std::pair<absl::string_view, Value>> table,
                            absl::string_view word) {
  for (const auto& [key, value] : table) {
    if (key == word) return value;
  }
  return std::nullopt;
}

constexpr std::pair<absl::string_view, CsvTarget> kTargetWords[] = {
    {"key", CsvTarget::kKey},
    {"label", CsvTarget::kLabel},
    {"type", CsvTarget::kType},
    {"from", CsvTarget::kFrom},
    {"to", CsvTarget::kTo},
    {"valid_from", CsvTarget::kValidFrom},
    {"valid_to", CsvTarget::kValidTo},
    {"source", CsvTarget::kSource},
    {"reported", CsvTarget::kReported},
    {"confidence", CsvTarget::kConfidence},
    {"stance", CsvTarget::kStance},
    {"locator", CsvTarget::kLocator}};
constexpr std::pair<absl::string_view, CsvNameKind> kNameWords[] = {
    {"name", CsvNameKind::kPreferred},
    {"alias", CsvNameKind::kAlias},
    {"abbreviation", CsvNameKind::kAbbreviation},
    {"former", CsvNameKind::kFormer}};
// Units of numbers since 1970, in microseconds.
constexpr std::pair<absl::string_view, int64_t> kUnits[] = {
    {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}};

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

absl::string_view Stripped(absl::string_view field) {
  if (field.empty() ||
      (!absl::ascii_isspace(field.front()) && !absl::ascii_isspace(field.back()))) {
    return field;
  }
  return absl::StripAsciiWhitespace(field);
}

// A term without its template.
absl::StatusOr<CsvTerm> ParseTarget(absl::string_view text) {
  CsvTerm term;
  term.written = std::string(text);
  if (const auto target = Lookup<CsvTarget>(kTargetWords, text)) {
    term.target = *target;
    return term;
  }
  for (const CsvTarget target : {CsvTarget::kValidFrom, CsvTarget::kValidTo}) {
    absl::string_view unit = text;
    const bool from = target == CsvTarget::kValidFrom;
    if (!absl::ConsumePrefix(&unit, from ? "valid_from:" : "valid_to:")) continue;
    const std::optional<int64_t> micros = Lookup<int64_t>(kUnits, unit);
    if (!micros) {
      return term.Wrong(
          "there is no such unit: use s, ms or us, for whole numbers since 1970 in UTC");
    }
    term.target = target;
    term.unit_micros = *micros;
    return term;
  }
  const size_t at = text.find('@');
  if (const auto kind = Lookup<CsvNameKind>(kNameWords, text.substr(0, at))) {
    term.target = CsvTarget::kName;
    term.kind = *kind;
    term.name = at == absl::string_view::npos ? "en" : std::string(text.substr(at + 1));
    return term;
  }
  absl::ConsumePrefix(&text, ".");
  const size_t colon = text.find(':');
  term.name = std::string(text.substr(0, colon));
  term.type = colon == absl::string_view::npos ? "text" : std::string(text.substr(colon + 1));
  if (term.name.empty()) return term.Wrong("a property needs a name");
  return term;
}

absl::Status ParseTemplate(absl::string_view text, const CsvFields& headings, CsvTerm* term) {
  while (!text.empty()) {
    const size_t open = text.find('{');
    if (open != 0) {
      term->parts.push_back({CsvTerm::kNoColumn, std::string(text.substr(0, open))});
      text.remove_prefix(std::min(open, text.size()));
      continue;
    }
    const size_t close = text.find('}');
    if (close == absl::string_view::npos) return term->Wrong("a { is never closed");
    const absl::string_view column = text.substr(1, close - 1);
    const auto it = std::find(headings.begin(), headings.end(), column);
    if (it == headings.end()) {
      return term->Wrong(absl::StrCat("the file has no column '", column, "', only ",
                                      absl::StrJoin(headings, ", ")));
    }
    term->parts.push_back({static_cast<size_t>(it - headings.begin()), ""});
    text.remove_prefix(close + 1);
  }
  return absl::OkStatus();
}

// Whether a record may have several of it.
bool IsRepeatable(CsvTarget target) {
  return target == CsvTarget::kLabel || target == CsvTarget::kName ||
         target == CsvTarget::kSource || target == CsvTarget::kProperty;
}

}  // namespace

bool CsvTerm::has_column() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.column != kNoColumn; });
}

absl::string_view CsvTerm::TextOf(const CsvFields& fields, std::string* buffer) const {
  if (parts.size() == 1 && parts[0].column != kNoColumn) return Stripped(fields[parts[0].column]);
  buffer->clear();
  bool columns = false;
  bool filled = false;
  for (const Part& part : parts) {
    if (part.column == kNoColumn) {
      buffer->append(part.text);
      continue;
    }
    const absl::string_view field = Stripped(fields[part.column]);
    columns = true;
    filled = filled || !field.empty();
    buffer->append(field.data(), field.size());
  }
  return columns && !filled ? absl::string_view() : absl::string_view(*buffer);
}

absl::Status CsvTerm::Wrong(absl::string_view what) const { return WrongAt(written, what); }

absl::StatusOr<CsvMapping> CsvMapping::Parse(absl::string_view text, const CsvFields& headings) {
  CsvMapping mapping;
  mapping.columns_ = headings.size();
  const std::vector<std::string> words = SplitTerms(text);
  if (words.empty()) {
    RELATA_RETURN_IF_ERROR(mapping.ReadHeadings(headings));
  } else if (words[0] == "entity" || words[0] == "relationship") {
    mapping.relationships_ = words[0] == "relationship";
    RELATA_RETURN_IF_ERROR(mapping.ReadTerms(words, headings));
  } else {
    return WrongAt(text, "a mapping starts with the word entity or relationship");
  }
  mapping.NoteFirstTerms();
  RELATA_RETURN_IF_ERROR(mapping.CheckTerms());
  RELATA_RETURN_IF_ERROR(mapping.CheckTargets());
  return mapping;
}

absl::Status CsvMapping::ReadHeadings(const CsvFields& headings) {
  for (size_t i = 0; i < headings.size(); ++i) {
    const absl::string_view heading = Stripped(headings[i]);
    if (heading.empty()) continue;
    RELATA_ASSIGN_OR_RETURN(CsvTerm term, ParseTarget(heading));
    term.parts.push_back({i, ""});
    relationships_ = relationships_ || term.target == CsvTarget::kFrom;
    terms_.push_back(std::move(term));
  }
  return absl::OkStatus();
}

// The first word says what the records are.
absl::Status CsvMapping::ReadTerms(const std::vector<std::string>& words,
                                   const CsvFields& headings) {
  for (size_t i = 1; i < words.size(); ++i) {
    const absl::string_view word = words[i];
    const size_t equals = word.find('=');
    if (equals == absl::string_view::npos) return WrongAt(word, "write TARGET=TEMPLATE");
    RELATA_ASSIGN_OR_RETURN(CsvTerm term, ParseTarget(word.substr(0, equals)));
    RELATA_RETURN_IF_ERROR(ParseTemplate(word.substr(equals + 1), headings, &term));
    terms_.push_back(std::move(term));
  }
  return absl::OkStatus();
}

void CsvMapping::NoteFirstTerms() {
  for (size_t i = terms_.size(); i > 0; --i) {
    first_[static_cast<size_t>(terms_[i - 1].target)] = i;
  }
}

absl::Status CsvMapping::CheckTerms() const {
  for (const CsvTerm& term : terms_) {
    if (&term != Find(term.target) && !IsRepeatable(term.target)) {
      return term.Wrong("is there twice, and a record has one of it");
    }
    if (term.target > CsvTarget::kSource && Find(CsvTarget::kSource) == nullptr) {
      return term.Wrong(
          "says something about citations, and no column says their source; for a property of this "
          "name put a . before it");
    }
  }
  return absl::OkStatus();
}

absl::Status CsvMapping::CheckTargets() const {
  const auto has = [this](CsvTarget target) { return Find(target) != nullptr; };
  if (!relationships_) {
    for (const CsvTarget target : {CsvTarget::kValidFrom, CsvTarget::kValidTo}) {
      if (!has(target) || has(CsvTarget::kProperty)) continue;
      return Find(target)->Wrong(
          "says when properties hold, and no column is one; names hold always");
    }
    if (has(CsvTarget::kType) || has(CsvTarget::kTo)) {
      return absl::InvalidArgumentError("the columns name a type or to, but not from");
    }
    return has(CsvTarget::kKey) ? absl::OkStatus()
                                : absl::InvalidArgumentError("the columns name no key");
  }
  if (has(CsvTarget::kLabel) || has(CsvTarget::kName)) {
    return absl::InvalidArgumentError("a relationship has no label and no name");
  }
  if (!has(CsvTarget::kFrom) || !has(CsvTarget::kTo) || !has(CsvTarget::kType)) {
    return absl::InvalidArgumentError("a relationship needs type, from and to");
  }
  return absl::OkStatus();
}

absl::Status CsvMapping::CheckWidth(const CsvFields& fields) const {
  if (fields.size() == columns_) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(fields.size(), " fields where the headings are ", columns_));
}

std::vector<absl::string_view> SplitCsvField(absl::string_view text) {
  std::vector<absl::string_view> parts = absl::StrSplit(text, ';', absl::SkipWhitespace());
  for (absl::string_view& part : parts) part = Stripped(part);
  return parts;
}

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

}  // namespace relata
