#ifndef RELATA_CLIENT_BULK_WRITER_H_
#define RELATA_CLIENT_BULK_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

namespace v1 {
class BulkWriteResponse;
class Mutation;
}  // namespace v1

// One bulk write on its way to the server (Client::BeginBulkWrite): things are added, and Commit
// makes all of them one commit. Gathers what is added into messages; the server's pace holds the
// caller, so what was added is about what the server has taken in. Never tried again by itself: a
// load that breaks wrote nothing unless Commit was called, whose outcome is then unknown; where the
// load has a request id the whole may be sent again. Dropping it before writes nothing. Not
// thread-safe but for received(); must not outlive the client.
class BulkWriter {
 public:
  struct Stream;
  explicit BulkWriter(std::unique_ptr<Stream> stream);
  ~BulkWriter();
  BulkWriter(const BulkWriter&) = delete;
  BulkWriter& operator=(const BulkWriter&) = delete;

  // A new entity or relationship. An error ends the load; it is the server's, about this or
  // something added before.
  absl::Status Add(const v1::Mutation& mutation);
  // A CSV file in pieces, cut anywhere: its name, for messages, and its mapping as `relata import`
  // writes it (empty: the headings say it) come first.
  absl::Status BeginCsv(absl::string_view file, absl::string_view mapping);
  absl::Status AddCsv(absl::string_view bytes);
  absl::Status EndCsv();

  // Call once, at the end. Gives what received() gives then, with the result.
  absl::StatusOr<v1::BulkWriteResponse> Commit();

  // What the server has said so far as one message: the last progress and all errors. Thread-safe.
  v1::BulkWriteResponse received() const;

 private:
  absl::Status Flush();
  absl::Status Finish();

  const std::unique_ptr<Stream> stream_;
};

}  // namespace relata

#endif  // RELATA_CLIENT_BULK_WRITER_H_
