#ifndef RELATA_CLIENT_CLI_IMPORT_BULK_IMPORT_H_
#define RELATA_CLIENT_CLI_IMPORT_BULK_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/bulk_writer.h"
#include "client/cli/import/file_import.h"
#include "client/cli/import/mutation_reader.h"
#include "relata/v1/write_service.pb.h"

namespace relata {

// Sends files to a bulk write as one commit. Borrows the writer. Not thread-safe.
class BulkImport {
 public:
  // Told about lines and bytes of a file as they are sent.
  using ProgressFunction = std::function<void(int64_t lines, int64_t bytes)>;

  // With `skip_bad`, as the write has it too, bad lines are left out; else the first one ends it.
  BulkImport(BulkWriter* writer, bool skip_bad) : writer_(writer), skip_bad_(skip_bad) {}

  // A CSV file as it is: the server reads it. UNAVAILABLE where reading it fails half way, else the
  // server's errors as "FILE:LINE: reason".
  absl::Status SendCsv(const std::string& file, const std::string& mapping, std::istream* in,
                       const ProgressFunction& progress);
  // What `reader` gives; likewise.
  absl::Status SendMutations(const std::string& file, MutationReader* reader,
                             const ProgressFunction& progress);
  // The server's answer, in which no errors stand any more.
  absl::StatusOr<v1::BulkWriteResponse> Commit();

  // Lines that were left out, those found here before those the server found; the server names a
  // thousand. Complete after Commit.
  const std::vector<BadLine>& bad_lines() const { return bad_lines_; }
  // How many there are. Complete after Commit.
  size_t bad_line_count() const { return bad_line_count_; }

 private:
  // Mutations that stand on lines one after the other.
  struct Stretch {
    int64_t first_mutation = 0;
    std::string file;
    int64_t first_line = 0;
  };

  void NoteLine(const std::string& file, int64_t line);
  absl::Status WithPlace(const absl::Status& status) const;
  BadLine PlaceOf(int64_t mutation) const;

  BulkWriter* const writer_;
  const bool skip_bad_;
  int64_t mutations_ = 0;
  std::vector<Stretch> stretches_;  // ascending
  std::vector<BadLine> bad_lines_;
  size_t bad_line_count_ = 0;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_BULK_IMPORT_H_
