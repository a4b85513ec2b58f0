#ifndef RELATA_CLIENT_CLI_IMPORT_CSV_MUTATIONS_H_
#define RELATA_CLIENT_CLI_IMPORT_CSV_MUTATIONS_H_

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/csv/csv_mapping.h"
#include "base/csv/csv_text.h"
#include "relata/v1/mutation.pb.h"

namespace relata {

// What the records of a CSV file become: each one put_entity, or one put_relationship with one
// fact. Immutable; thread-safe.
class CsvMutations {
 public:
  // `mapping` as CsvMapping::Parse reads it. INVALID_ARGUMENT names the term or the heading.
  static absl::StatusOr<CsvMutations> Parse(absl::string_view mapping, const CsvFields& headings);

  // The mutation that a record says. INVALID_ARGUMENT where it has another number of fields than
  // the file has headings, lacks a key, type or end, or holds a text that is no value of its type.
  absl::StatusOr<v1::Mutation> Apply(const CsvFields& fields) const;

 private:
  explicit CsvMutations(CsvMapping mapping) : mapping_(std::move(mapping)) {}

  absl::StatusOr<std::vector<v1::Citation>> Citations(const CsvFields& fields) const;
  absl::Status FillEntity(const CsvFields& fields, v1::EntityWrite* entity) const;
  absl::Status FillRelationship(const CsvFields& fields, v1::RelationshipWrite* relationship) const;
  // Puts the valid time and the citations of the record into `fact`.
  absl::Status FillFact(const CsvFields& fields, v1::Fact* fact) const;

  CsvMapping mapping_;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_CSV_MUTATIONS_H_
