#ifndef RELATA_GRAPH_BULK_CSV_PLAN_H_
#define RELATA_GRAPH_BULK_CSV_PLAN_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/csv/csv_mapping.h"
#include "base/csv/csv_text.h"
#include "graph/bulk/csv_value.h"
#include "graph/mutation/mutation.h"

namespace relata {

// How the columns of a CSV file become entities or relationships with one fact each: a mapping, and
// the types of its properties. Immutable; thread-safe.
class CsvPlan {
 public:
  // `mapping` as CsvMapping::Parse reads it. INVALID_ARGUMENT names the term or the heading.
  static absl::StatusOr<CsvPlan> Parse(absl::string_view mapping, const CsvFields& headings);

  bool relationships() const { return mapping_.relationships(); }
  // INVALID_ARGUMENT where the record has another number of fields than there are headings.
  absl::Status CheckWidth(const CsvFields& fields) const { return mapping_.CheckWidth(fields); }

  // What a record says; `out` is overwritten. INVALID_ARGUMENT where a field is no value of its
  // type, or a key or an end is missing.
  absl::Status Fill(const CsvFields& fields, EntityWrite* out) const;
  absl::Status Fill(const CsvFields& fields, RelationshipWrite* out) const;

  // For records that say no more than a key and labels, or a type and ends, with valid time and
  // properties: the parts one by one, so that a record needs no EntityWrite or RelationshipWrite.
  struct PlainProperty {
    std::string name;
    size_t term;
  };
  struct Plain {
    std::vector<std::string> labels;  // of entities
    std::string type;                 // of relationships
    std::vector<PlainProperty> properties;
  };
  // nullopt where the mapping says more, or labels or the type are in a column.
  std::optional<Plain> plain() const;
  // The text of a key or an end, `buffer` or a field; empty where the record does not say it.
  absl::string_view Key(const CsvFields& fields, std::string* buffer) const;
  absl::string_view FromKey(const CsvFields& fields, std::string* buffer) const;
  absl::string_view ToKey(const CsvFields& fields, std::string* buffer) const;
  absl::Status ReadValidTime(const CsvFields& fields, Interval* valid) const;
  // A null value where the record says nothing.
  absl::Status ReadProperty(size_t term, const CsvFields& fields, Value* value) const;

 private:
  explicit CsvPlan(CsvMapping mapping) : mapping_(std::move(mapping)) {}
  // Unbounded where the record says nothing.
  absl::Status ReadValidBound(CsvTarget target, BoundRole role, const CsvFields& fields,
                              Bound* bound) const;
  absl::StatusOr<std::vector<CitationWrite>> Citations(const CsvFields& fields) const;

  CsvMapping mapping_;
  std::vector<CsvType> types_;  // by term; text for those that are no property
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_CSV_PLAN_H_
