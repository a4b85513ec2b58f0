#ifndef RELATA_CLIENT_CLI_IMPORT_HANDLE_BOOK_H_
#define RELATA_CLIENT_CLI_IMPORT_HANDLE_BOOK_H_

#include <cstdint>
#include <map>
#include <string>

#include "relata/v1/mutation.pb.h"
#include "relata/v1/write_service.pb.h"

namespace relata {

// Carries handles from one batch of an import to the next. A handle holds within one write call
// only; this remembers the ids that the server gave to what bears a handle, and puts them in the
// place of references in later batches. Not thread-safe.
class HandleBook {
 public:
  // Notes the handles of a mutation that was written, with its result.
  void Learn(const v1::Mutation& mutation, const v1::WriteResponse::MutationResult& result);

  // Replaces references by handles that are noted; the others stay, for the server to judge.
  void Resolve(v1::Mutation* mutation) const;

 private:
  // True if `message` is a reference by a handle that is noted, and now holds the id.
  bool ResolveReference(google::protobuf::Message& message) const;
  void ResolveMessage(google::protobuf::Message* message) const;

  std::map<std::string, uint64_t> entities_;
  std::map<std::string, uint64_t> relationships_;
  std::map<std::string, v1::FactRef> facts_;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_HANDLE_BOOK_H_
