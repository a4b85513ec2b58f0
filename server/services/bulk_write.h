#ifndef RELATA_SERVER_SERVICES_BULK_WRITE_H_
#define RELATA_SERVER_SERVICES_BULK_WRITE_H_

#include <grpcpp/support/sync_stream.h>

#include "absl/status/status.h"
#include "relata/v1/write_service.pb.h"
#include "server/call_context.h"

namespace relata {

using BulkWriteStream = grpc::ServerReaderWriter<v1::BulkWriteResponse, v1::BulkWriteRequest>;

// WriteService.BulkWrite, as write_service.proto documents it.
absl::Status BulkWrite(const CallContext& call, BulkWriteStream* stream);

}  // namespace relata

#endif  // RELATA_SERVER_SERVICES_BULK_WRITE_H_
