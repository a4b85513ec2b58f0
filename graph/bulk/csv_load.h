#ifndef RELATA_GRAPH_BULK_CSV_LOAD_H_
#define RELATA_GRAPH_BULK_CSV_LOAD_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/csv/csv_text.h"
#include "graph/bulk/bulk_load.h"
#include "graph/bulk/csv_plan.h"
#include "graph/bulk/mutation_loader.h"

namespace relata {

// Adds the records of one CSV file, a line of headings first, to a bulk load. Borrows the loaders.
// Not thread-safe.
class CsvLoad {
 public:
  // Told of a record that cannot be added, by the line it begins on. OK: go on without it; an error
  // ends the load with it.
  using BadRecord = std::function<absl::Status(int64_t line, const absl::Status& why)>;

  // `mapping`: as CsvMapping::Parse reads it.
  CsvLoad(BulkLoad* load, MutationLoader* mutations, std::string mapping, BadRecord bad_record)
      : load_(*load),
        mutations_(*mutations),
        mapping_(std::move(mapping)),
        bad_record_(std::move(bad_record)) {}

  // More of the file, cut anywhere. INVALID_ARGUMENT where headings and mapping do not fit;
  // RESOURCE_EXHAUSTED where a record is longer than 16 MiB; what `bad_record` returned; else the
  // load's own errors, after which it must be dropped.
  absl::Status Append(absl::string_view bytes);
  // The file is over.
  absl::Status End();

  // Records read, bad ones included.
  int64_t records() const { return records_; }

 private:
  // Of a relationship that says no more than CsvPlan::Plain does.
  struct PlainRecord {
    CsvFields fields;
    int64_t line = 0;
    absl::Status status;  // of splitting it and finding the texts of its ends
    std::string from_buffer;
    std::string to_buffer;
  };

  absl::Status AddAll();
  absl::Status Begin();
  absl::Status BeginRelationships(const CsvPlan::Plain& plain);
  void BeginEntities(const CsvPlan::Plain& plain);
  bool TakeProperties(const std::vector<CsvPlan::PlainProperty>& properties);
  // What came of the record that begins on the line; an error ends the load.
  absl::Status Settle(int64_t line, const absl::Status& added);
  absl::Status AddRecord();
  absl::Status AddPlainEntity();
  absl::Status AddPlainRecords();
  absl::Status FindEnds(PlainRecord& record);
  absl::Status AddPlain(const PlainRecord& record, absl::string_view from_key,
                        std::optional<EntityId> from, absl::string_view to_key,
                        std::optional<EntityId> to);

  BulkLoad& load_;
  MutationLoader& mutations_;
  const std::string mapping_;
  const BadRecord bad_record_;
  CsvText text_;
  std::optional<CsvPlan> plan_;
  int64_t records_ = 0;

  // Where the plan is one: its properties ascending by id, with their terms.
  bool plain_ = false;
  std::vector<LabelId> plain_labels_;  // ascending
  TypeId plain_type_;
  std::vector<std::pair<PropertyId, size_t>> plain_properties_;

  // Of the records at hand; kept for their memory.
  CsvFields fields_;
  std::string key_buffer_;
  EntityState entity_;
  std::vector<PlainRecord> records_at_hand_;
  std::vector<absl::string_view> keys_;  // of both ends of each record
  std::vector<std::optional<EntityId>> ends_;
  RelationshipState relationship_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_CSV_LOAD_H_
