#ifndef RELATA_TESTS_SERVER_CALL_ERROR_H_
#define RELATA_TESTS_SERVER_CALL_ERROR_H_

#include <grpcpp/support/status.h>

#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace relata {

// The details of a gRPC error, unpacked.
struct UnpackedError {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;  // empty reason: none came
  google::rpc::BadRequest bad;  // empty: none came
  bool has_retry = false;

  // The first wrong field; empty: none.
  std::string field() const {
    return bad.field_violations_size() == 0 ? "" : bad.field_violations(0).field();
  }
};

inline UnpackedError UnpackError(const grpc::Status& status) {
  UnpackedError error;
  error.status.ParseFromString(status.error_details());
  for (const auto& detail : error.status.details()) {
    if (detail.Is<google::rpc::ErrorInfo>()) detail.UnpackTo(&error.info);
    if (detail.Is<google::rpc::BadRequest>()) detail.UnpackTo(&error.bad);
    if (detail.Is<google::rpc::RetryInfo>()) error.has_retry = true;
  }
  return error;
}

}  // namespace relata

#endif  // RELATA_TESTS_SERVER_CALL_ERROR_H_
