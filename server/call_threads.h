#ifndef RELATA_SERVER_CALL_THREADS_H_
#define RELATA_SERVER_CALL_THREADS_H_

namespace grpc {
class ServerBuilder;
}

namespace relata {

// Lets a quarter of `max_threads` (at least 2) wait for the next call. gRPC keeps two: a thread
// that comes back from its call and finds two waiting ends, and the next call that finds none
// starts one, which clients that ask one question after the other meet at every second call. Call
// before `builder` builds. Which thread answers is decided by gRPC's synchronous server alone.
void KeepCallThreads(int max_threads, grpc::ServerBuilder& builder);

}  // namespace relata

#endif  // RELATA_SERVER_CALL_THREADS_H_
