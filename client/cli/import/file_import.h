#ifndef RELATA_CLIENT_CLI_IMPORT_FILE_IMPORT_H_
#define RELATA_CLIENT_CLI_IMPORT_FILE_IMPORT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/import/handle_book.h"
#include "client/cli/import/mutation_reader.h"
#include "client/client.h"

namespace relata {

struct FileImportOptions {
  std::string database = "main";
  // Mutations of one write; 0: the whole file is one write.
  int64_t batch = 0;
  // Good lines are written and bad ones reported; else a bad line stops the import, and nothing of
  // its write is done.
  bool skip_bad = false;
  // Everything is checked and nothing is written.
  bool dry_run = false;
};

// A line that was not written.
struct BadLine {
  std::string file;
  int64_t line = 0;
  std::string reason;
};

// What an import has done so far.
struct ImportCounts {
  int64_t mutations = 0;
  int64_t commits = 0;
  int64_t entities_created = 0;
  int64_t relationships_created = 0;
  // The last commit; 0 where there is none.
  uint64_t version = 0;
  // By file and line within each file, save for those that bisection finds.
  std::vector<BadLine> bad_lines;
};

// Writes the mutations of a file. Borrows the client. Not thread-safe.
class FileImport {
 public:
  // Told about lines and bytes as they are dealt with.
  using ProgressFunction = std::function<void(int64_t lines, int64_t bytes)>;

  FileImport(Client* client, FileImportOptions options, std::string file, ProgressFunction progress)
      : client_(client),
        options_(std::move(options)),
        file_(std::move(file)),
        progress_(std::move(progress)) {}

  // Imports what `reader` gives. Without skip_bad an error is "FILE:LINE: reason"; batches before
  // it are written (counts() tells). With skip_bad only errors that are about no line end the
  // import.
  absl::Status Run(MutationReader* reader);

  const ImportCounts& counts() const { return counts_; }

 private:
  absl::Status WriteBatch(std::vector<ImportLine> lines);
  // Writes all of `lines` that the server takes; each refused one becomes a bad line.
  absl::Status WriteGood(std::vector<ImportLine> lines);
  absl::StatusOr<v1::WriteResponse> Write(const std::vector<ImportLine>& lines);
  void Count(const std::vector<ImportLine>& lines, const v1::WriteResponse& response);
  void AddBadLine(const ImportLine& line, std::string reason);
  std::string FileOf(const ImportLine& line) const;
  // "FILE:LINE: reason" where the error is about one line, else "FILE: reason".
  absl::Status WithPlace(const std::vector<ImportLine>& lines, const absl::Status& status) const;
  absl::Status BadLinesError() const;

  Client* const client_;
  const FileImportOptions options_;
  const std::string file_;
  const ProgressFunction progress_;
  HandleBook handles_;
  ImportCounts counts_;
  int64_t lines_done_ = 0;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_FILE_IMPORT_H_
