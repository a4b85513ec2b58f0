#ifndef RELATA_CLIENT_CLI_IMPORT_CSV_MAPPING_H_
#define RELATA_CLIENT_CLI_IMPORT_CSV_MAPPING_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relata/v1/mutation.pb.h"

namespace relata {

// How the columns of a CSV file become mutations: each record one put_entity, or one
// put_relationship with one fact. kCsvMappingHelp is the whole description for people.
//
// A mapping is a list of targets, each with a template over the columns. It comes from the line of
// headings, where each heading is a target that takes its column, or from a text of terms
// `TARGET=TEMPLATE` in which `{column}` stands for a column. Immutable; thread-safe.
class CsvMapping {
 public:
  // The mapping that the headings of a file say. INVALID_ARGUMENT names the heading.
  static absl::StatusOr<CsvMapping> FromHeadings(const std::vector<std::string>& headings);

  // The mapping of a text `entity TERM...` or `relationship TERM...` for a file with these
  // headings; a term with spaces stands in double quotes. INVALID_ARGUMENT names the term.
  static absl::StatusOr<CsvMapping> Parse(absl::string_view text,
                                          const std::vector<std::string>& headings);

  // The mutation that a record says. INVALID_ARGUMENT where it has another number of fields than
  // the file has headings, lacks a key, type or end, or holds a text that is no value of its type.
  absl::StatusOr<v1::Mutation> Apply(const std::vector<std::string>& fields) const;

 private:
  enum class Target {
    kKey,
    kLabel,
    kName,
    kType,
    kFrom,
    kTo,
    kProperty,
    kValidFrom,
    kValidTo,
    kSource,
    kReported,
    kConfidence,
    kStance,
    kLocator,
  };
  // A piece of a template: a column, or a text where the column is kNoColumn.
  struct Part {
    size_t column;
    std::string text;
  };
  struct Term {
    Target target;
    // As written, for messages.
    std::string written;
    // Of a property its name and type (empty: text); of a valid time the unit of its numbers
    // (empty: as text); of a name its language and kind.
    std::string name;
    std::string type;
    v1::NameKind kind = v1::NAME_KIND_UNSPECIFIED;
    std::vector<Part> parts;
  };
  static constexpr size_t kNoColumn = static_cast<size_t>(-1);

  static absl::StatusOr<Term> ParseTarget(absl::string_view text);
  static absl::Status ParseTemplate(absl::string_view text,
                                    const std::vector<std::string>& headings, Term* term);
  absl::Status Check() const;
  absl::Status CheckSingleTargets() const;
  static bool IsOfCitations(Target target);

  static std::string Fill(const Term& term, const std::vector<std::string>& fields);
  absl::StatusOr<std::vector<v1::Citation>> Citations(const std::vector<std::string>& fields) const;
  absl::Status FillEntity(const std::vector<std::string>& fields, v1::EntityWrite* entity) const;
  absl::Status FillRelationship(const std::vector<std::string>& fields,
                                v1::RelationshipWrite* relationship) const;
  // Puts the valid time and the citations of the record into `fact`.
  absl::Status FillFact(const std::vector<std::string>& fields, v1::Fact* fact) const;

  bool relationships_ = false;
  size_t columns_ = 0;
  std::vector<Term> terms_;
};

// What a mapping may say, for the help of `import`.
extern const absl::string_view kCsvMappingHelp;

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_CSV_MAPPING_H_
