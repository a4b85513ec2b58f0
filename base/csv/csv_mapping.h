#ifndef RELATA_BASE_CSV_CSV_MAPPING_H_
#define RELATA_BASE_CSV_CSV_MAPPING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/csv/csv_text.h"

namespace relata {

// What a column of a CSV file may say of the entity or relationship of its record.
enum class CsvTarget {
  kKey,
  kLabel,
  kName,
  kType,
  kFrom,
  kTo,
  kProperty,
  kValidFrom,
  kValidTo,
  // Of the citations; last.
  kSource,
  kReported,
  kConfidence,
  kStance,
  kLocator,
};

enum class CsvNameKind { kPreferred, kAlias, kAbbreviation, kFormer };

// A target with a template over the columns, which says what a record says of it.
struct CsvTerm {
  static constexpr size_t kNoColumn = static_cast<size_t>(-1);
  // A column, or a text where the column is kNoColumn.
  struct Part {
    size_t column = kNoColumn;
    std::string text;
  };

  bool has_column() const;
  // What it says for the record: a part of the record, or `buffer`. Empty: nothing, as where all
  // columns of the template are empty.
  absl::string_view TextOf(const CsvFields& fields, std::string* buffer) const;
  // INVALID_ARGUMENT that names the term as it was written.
  absl::Status Wrong(absl::string_view what) const;

  CsvTarget target = CsvTarget::kProperty;
  std::string written;
  std::string name;  // of a property; of a name its language
  std::string type;  // of a property
  CsvNameKind kind = CsvNameKind::kPreferred;
  int64_t unit_micros = 0;  // of a valid time in numbers; 0: as text
  std::vector<Part> parts;
};

// How the columns of a CSV file become entities or relationships with one fact each. `relata
// import` and the bulk load of the server read the same mappings; kCsvMappingHelp describes them.
// What the types of properties are, each of them knows. Immutable; thread-safe.
class CsvMapping {
 public:
  // The mapping of a text `entity TERM...` or `relationship TERM...` for a file with these
  // headings; where the text is empty, that which the headings say. INVALID_ARGUMENT names the term
  // or the heading.
  static absl::StatusOr<CsvMapping> Parse(absl::string_view text, const CsvFields& headings);

  bool relationships() const { return relationships_; }
  const std::vector<CsvTerm>& terms() const { return terms_; }
  // The first term of the target; null where there is none.
  const CsvTerm* Find(CsvTarget target) const {
    const size_t first = first_[static_cast<size_t>(target)];
    return first == 0 ? nullptr : &terms_[first - 1];
  }
  // As CsvTerm::TextOf of that term; empty where there is none.
  absl::string_view TextOf(CsvTarget target, const CsvFields& fields, std::string* buffer) const {
    const CsvTerm* const term = Find(target);
    return term == nullptr ? absl::string_view() : term->TextOf(fields, buffer);
  }
  // INVALID_ARGUMENT where the record has another number of fields than there are headings.
  absl::Status CheckWidth(const CsvFields& fields) const;

 private:
  static constexpr size_t kTargets = static_cast<size_t>(CsvTarget::kLocator) + 1;

  absl::Status ReadHeadings(const CsvFields& headings);
  absl::Status ReadTerms(const std::vector<std::string>& words, const CsvFields& headings);
  void NoteFirstTerms();
  absl::Status CheckTerms() const;
  absl::Status CheckTargets() const;

  bool relationships_ = false;
  size_t columns_ = 0;
  std::vector<CsvTerm> terms_;
  // By target: its first term, as an index + 1; 0: none.
  std::array<size_t, kTargets> first_{};
};

// The parts of a field that holds several, with `;` between, without blanks around them.
std::vector<absl::string_view> SplitCsvField(absl::string_view text);

// What a mapping may say, for the help of commands.
extern const absl::string_view kCsvMappingHelp;

}  // namespace relata

#endif  // RELATA_BASE_CSV_CSV_MAPPING_H_
