#include "server/call_threads.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>

namespace relata {

void KeepCallThreads(int max_threads, grpc::ServerBuilder& builder) {
  constexpr int kFewest = 2;
  constexpr int kShare = 4;
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS,
                              std::max(kFewest, max_threads / kShare));
}

}  // namespace relata
