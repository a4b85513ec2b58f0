#ifndef RELATA_GRAPH_BULK_CSV_PLAN_H_
#define RELATA_GRAPH_BULK_CSV_PLAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/bulk/csv_value.h"
#include "graph/mutation/mutation.h"

namespace relata {

// How the columns of a CSV file become entities or relationships with one fact each: the mapping
// that `relata import` has (its help describes it), from a text `entity TERM…` or `relationship
// TERM…`, or from the headings where that is empty. Immutable; thread-safe.
class CsvPlan {
 public:
  using Fields = std::vector<absl::string_view>;

  // INVALID_ARGUMENT names the term or the heading.
  static absl::StatusOr<CsvPlan> Parse(absl::string_view mapping, const Fields& headings);

  bool relationships() const { return relationships_; }
  // INVALID_ARGUMENT where the record has another number of fields than there are headings.
  absl::Status CheckWidth(const Fields& fields) const;

  // What a record says; `out` is overwritten. INVALID_ARGUMENT where a field is no value of its
  // type, or a key or an end is missing.
  absl::Status Fill(const Fields& fields, EntityWrite* out) const;
  absl::Status Fill(const Fields& fields, RelationshipWrite* out) const;

  // For records that say no more than a key and labels, or a type and ends, with valid time and
  // properties: the parts one by one, so that a record needs no EntityWrite or RelationshipWrite.
  struct PlainProperty {
    std::string name;
    size_t term;
  };
  struct PlainEntity {
    std::vector<std::string> labels;
    std::vector<PlainProperty> properties;
  };
  struct PlainRelationship {
    std::string type;
    std::vector<PlainProperty> properties;
  };
  // nullopt where the mapping says more, or labels or the type are in a column.
  std::optional<PlainEntity> plain_entity() const;
  std::optional<PlainRelationship> plain_relationship() const;
  // The text of a key or an end, `buffer` or a field; empty where the record does not say it.
  absl::string_view Key(const Fields& fields, std::string* buffer) const;
  absl::string_view FromKey(const Fields& fields, std::string* buffer) const;
  absl::string_view ToKey(const Fields& fields, std::string* buffer) const;
  absl::Status ReadValidTime(const Fields& fields, Interval* valid) const;
  // A null value where the record says nothing.
  absl::Status ReadProperty(size_t term, const Fields& fields, Value* value) const;

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
  static constexpr size_t kTargets = static_cast<size_t>(Target::kLocator) + 1;
  static constexpr size_t kNoColumn = static_cast<size_t>(-1);
  // A piece of a template: a column, or a text where the column is kNoColumn.
  struct Part {
    size_t column = kNoColumn;
    std::string text;
  };
  struct Term {
    Target target = Target::kProperty;
    std::string written;  // for messages
    std::string name;     // of a property; of a name its language
    CsvType type;
    NameKind kind = NameKind::kAlias;
    int64_t unit_micros = 0;  // of a valid time in numbers; 0: as text
    std::vector<Part> parts;
    bool has_column() const;
  };

  static absl::StatusOr<Term> ParseTarget(absl::string_view text);
  static absl::Status ParseTemplate(absl::string_view text, const Fields& headings, Term* term);
  void NoteFirstTerms();
  absl::Status Check();
  const Term* Find(Target target) const;
  // What the term says for a record: a part of the record, or `buffer`. Empty: nothing.
  static absl::string_view TextOf(const Term& term, const Fields& fields, std::string* buffer);
  absl::string_view TextOf(const Term* term, const Fields& fields, std::string* buffer) const;
  // Unbounded where the record says nothing.
  absl::Status ReadValidBound(Target target, BoundRole role, const Fields& fields,
                              Bound* bound) const;
  absl::StatusOr<std::vector<CitationWrite>> Citations(const Fields& fields) const;

  bool relationships_ = false;
  size_t columns_ = 0;
  std::vector<Term> terms_;
  // By target: its first term, as an index + 1; 0: none.
  std::array<size_t, kTargets> first_{};
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_CSV_PLAN_H_
