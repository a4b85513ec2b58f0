#include "client/bulk_writer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "client/bulk_stream.h"
#include "client/call_error.h"

namespace relata {
namespace {

// A message is sent when it holds about so many bytes.
constexpr size_t kMessageBytes = size_t{512} << 10;

}  // namespace

BulkWriter::BulkWriter(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {
  // The server waits where nobody reads what it says.
  stream_->reader = std::thread([stream = stream_.get()] {
    v1::BulkWriteResponse message;
    while (stream->calls->Read(&message)) {
      MutexLock lock(&stream->mutex);
      stream->received.MergeFrom(message);
    }
  });
}

BulkWriter::~BulkWriter() {
  if (stream_->finished) return;
  stream_->context.TryCancel();
  Finish().IgnoreError();
}

absl::Status BulkWriter::Finish() {
  stream_->finished = true;
  stream_->reader.join();
  return FromGrpc(stream_->calls->Finish());
}

absl::Status BulkWriter::Flush() {
  const bool sent = !stream_->finished && stream_->calls->Write(stream_->message);
  stream_->message.Clear();
  stream_->bytes = 0;
  if (sent) return absl::OkStatus();
  if (stream_->finished) return absl::FailedPreconditionError("the bulk write is over");
  const absl::Status status = Finish();
  return status.ok() ? absl::InternalError("the server ended the bulk write early") : status;
}

absl::Status BulkWriter::Add(const v1::Mutation& mutation) {
  *stream_->message.add_mutations() = mutation;
  stream_->bytes += mutation.ByteSizeLong();
  return stream_->bytes < kMessageBytes ? absl::OkStatus() : Flush();
}

absl::Status BulkWriter::BeginCsv(absl::string_view file, absl::string_view mapping) {
  RELATA_RETURN_IF_ERROR(Flush());
  auto* const begins = stream_->message.mutable_csv()->mutable_begins();
  begins->set_file(std::string(file));
  begins->set_mapping(std::string(mapping));
  return absl::OkStatus();
}

absl::Status BulkWriter::AddCsv(absl::string_view bytes) {
  while (!bytes.empty()) {
    std::string* const data = stream_->message.mutable_csv()->mutable_data();
    const size_t taken =
        std::min(bytes.size(), kMessageBytes - std::min(data->size(), kMessageBytes));
    data->append(bytes.data(), taken);
    bytes.remove_prefix(taken);
    if (data->size() >= kMessageBytes) RELATA_RETURN_IF_ERROR(Flush());
  }
  return absl::OkStatus();
}

absl::Status BulkWriter::EndCsv() {
  stream_->message.mutable_csv()->set_ends(true);
  return Flush();
}

absl::StatusOr<v1::BulkWriteResponse> BulkWriter::Commit() {
  stream_->message.set_commit(true);
  RELATA_RETURN_IF_ERROR(Flush());
  stream_->calls->WritesDone();
  RELATA_RETURN_IF_ERROR(Finish());
  v1::BulkWriteResponse response = received();
  if (response.has_result()) return response;
  return absl::InternalError("the server ended the bulk write without a result");
}

v1::BulkWriteResponse BulkWriter::received() const {
  MutexLock lock(&stream_->mutex);
  return stream_->received;
}

}  // namespace relata
