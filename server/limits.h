#ifndef RELATA_SERVER_LIMITS_H_
#define RELATA_SERVER_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace relata {

// Of the texts that every write may carry.
inline constexpr size_t kMaxRequestIdBytes = 128;
inline constexpr size_t kMaxPrincipalBytes = 256;

// What one server allows. Passing a limit is RESOURCE_EXHAUSTED with the limit's name and value,
// except where a field says that it is clamped. Each is an option of relatad (server/config.h).
struct Limits {
  // Bytes of one request message. gRPC refuses larger ones before they are read.
  int max_message_bytes = 64 << 20;
  // Mutations of one write call.
  size_t max_mutations = 1'000'000;
  // Rows of a page where the request asks for none, and the most it can ask for (more is clamped).
  int default_page_size = 100;
  int max_page_size = 1000;
  // References in one batch get.
  size_t max_batch_get = 1000;
  // Hops of chains and of the via paths of timelines.
  int max_hops = 20;
  // Subjects of a timeline, and steps or events of a question.
  size_t max_subjects = 1000;
  size_t max_steps = 100;
  // Relationships that one question looks at, or entities that one page of a search does; a request
  // may ask for less.
  uint64_t max_expansions = 10'000'000;
  // Time for one question; a request or its deadline may ask for less.
  absl::Duration max_answer_time = absl::Seconds(60);
  // How long a read waits for Consistency.at_least_version.
  absl::Duration max_consistency_wait = absl::Seconds(30);
  // Calls of Watch at a time; each holds a thread.
  int max_watch_streams = 64;
  // Bulk writes at a time, and what each may hold of its entries in memory; more goes to scratch
  // files.
  int max_bulk_writes = 2;
  size_t bulk_memory_bytes = size_t{512} << 20;
  // Threads of gRPC, those of Watch included.
  int max_threads = 256;
  // A checkpoint of Watch where the request does not say how often.
  absl::Duration default_heartbeat = absl::Seconds(10);
  // Of one statement of the query language; a request may ask for less. Its time is
  // max_answer_time.
  uint64_t max_query_expansions = 1'000'000'000;
  size_t max_query_bytes = 256 << 20;
  // Threads that can work for one statement (QueryEngine); 0: as many as cores.
  int query_threads = 0;
  // Open transactions of the query service, and how long one may be idle.
  size_t max_transactions = 1000;
  absl::Duration transaction_idle_timeout = absl::Seconds(60);
  // Databases of one server.
  size_t max_databases = 100;
};

}  // namespace relata

#endif  // RELATA_SERVER_LIMITS_H_
