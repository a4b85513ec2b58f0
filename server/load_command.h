#ifndef RELATA_SERVER_LOAD_COMMAND_H_
#define RELATA_SERVER_LOAD_COMMAND_H_

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/bulk/bulk_load.h"

namespace relata {

// `relatad load`: CSV files of this machine into a database of a data folder that no server has
// open, as one commit, in this process.

struct LoadCommand {
  std::string data = "./relata-data";
  std::string database = "main";
  // Records that cannot be added are reported and left out; else the first one ends the load, and
  // nothing is written.
  bool skip_bad = false;
  // Of the query language, run and committed one by one before the files are read.
  std::vector<std::string> statements;
  BulkLoadOptions options;
  // In this order. `mapping` as CsvMapping reads it; empty: the headings say it.
  struct File {
    std::string path;
    std::string mapping;
  };
  std::vector<File> files;
};

// What the words after `relatad load` say; nullopt where they ask for help. INVALID_ARGUMENT names
// the option.
absl::StatusOr<std::optional<LoadCommand>> ParseLoadCommand(
    const std::vector<std::string>& arguments);
extern const char* const kLoadCommandHelp;

struct LoadOutcome {
  BulkLoadResult result;
  int64_t bad_records = 0;
};

// Bad records go to `err`, a line each, the first hundred. INVALID_ARGUMENT and others about a
// record as "FILE:LINE: reason"; NOT_FOUND a file that cannot be read; FAILED_PRECONDITION a server
// has the database open; the errors of a statement, what ran before it stays; else as BulkLoad.
absl::StatusOr<LoadOutcome> RunLoad(const LoadCommand& command, std::ostream& err);

// The whole command, with the exit code: 0, 2 for wrong words, 4 where records were left out, else
// 1.
int LoadMain(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace relata

#endif  // RELATA_SERVER_LOAD_COMMAND_H_
