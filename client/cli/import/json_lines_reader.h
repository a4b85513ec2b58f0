#ifndef RELATA_CLIENT_CLI_IMPORT_JSON_LINES_READER_H_
#define RELATA_CLIENT_CLI_IMPORT_JSON_LINES_READER_H_

#include <cstdint>
#include <istream>

#include "client/cli/import/mutation_reader.h"

namespace relata {

// JSON lines: each a relata.v1.Mutation in protobuf's JSON mapping, empty lines between allowed.
// Unknown fields are errors. Borrows `in`.
class JsonLinesReader : public MutationReader {
 public:
  explicit JsonLinesReader(std::istream* in) : in_(in) {}

  bool Next(ImportLine* line) override;

 private:
  std::istream* const in_;
  int64_t line_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_JSON_LINES_READER_H_
