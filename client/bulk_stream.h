#ifndef RELATA_CLIENT_BULK_STREAM_H_
#define RELATA_CLIENT_BULK_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"
#include "client/bulk_writer.h"
#include "relata/v1/write_service.grpc.pb.h"

namespace relata {

// What BulkWriter keeps out of its header; only Client makes one.
struct BulkWriter::Stream {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::BulkWriteRequest, v1::BulkWriteResponse>> calls;
  v1::BulkWriteRequest message;  // not sent yet
  size_t bytes = 0;              // of its mutations
  bool finished = false;

  // Reads what the server says until it says no more.
  std::thread reader;
  Mutex mutex;
  v1::BulkWriteResponse received ABSL_GUARDED_BY(mutex);
};

}  // namespace relata

#endif  // RELATA_CLIENT_BULK_STREAM_H_
