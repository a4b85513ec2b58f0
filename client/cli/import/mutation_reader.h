#ifndef RELATA_CLIENT_CLI_IMPORT_MUTATION_READER_H_
#define RELATA_CLIENT_CLI_IMPORT_MUTATION_READER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relata/v1/mutation.pb.h"

namespace relata {

// One line of an import file: a mutation, or why it is none.
struct ImportLine {
  // From 1; of a CSV record that spans lines the first.
  int64_t line = 0;
  // Bytes of the file up to the end of this line.
  int64_t bytes = 0;
  absl::Status status;
  // Where several files are read as one, the file; it lives as long as the reader. Else empty.
  absl::string_view file;
  // Only where `status` is OK.
  v1::Mutation mutation;
};

// Reads an import file from begin to end. Not thread-safe.
class MutationReader {
 public:
  MutationReader() = default;
  MutationReader(const MutationReader&) = delete;
  MutationReader& operator=(const MutationReader&) = delete;
  virtual ~MutationReader() = default;

  // Reads the next line that says something into `line`. False at the end. After a bad line reading
  // goes on with the next one.
  virtual bool Next(ImportLine* line) = 0;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_MUTATION_READER_H_
