#ifndef RELATA_TESTS_CRASH_CRASH_CHECKER_H_
#define RELATA_TESTS_CRASH_CRASH_CHECKER_H_

#include <cstdint>
#include <random>

#include "absl/status/status.h"
#include "tests/crash/crash_client.h"
#include "tests/crash/crash_ledger.h"

namespace relata {

// What was found about batches that were in doubt at a kill.
struct DoubtCounts {
  int whole = 0;     // there, though not acknowledged
  int absent = 0;    // not there
  int replayed = 0;  // sent again with their request id: the first answer came back
  int redone = 0;    // sent again with their request id: written now
};

// Compares a restarted server with the ledger. Every function returns DATA_LOSS with what is wrong
// where they differ.

// Decides each batch in doubt: it is whole or absent, and the ledger says so afterwards. Those with
// a request id are sent again, which must never write twice; so is the last one acknowledged with a
// request id.
absl::Status SettleDoubts(CrashClient& client, CrashLedger& ledger, DoubtCounts& counts);
// The present: the head version is the number of commits, the entities and relationships are
// exactly those of the committed batches, and the statistics are what counting gives.
absl::Status CheckPresent(CrashClient& client, const CrashLedger& ledger);
// The past: every commit after `after` in the list of changes, once, in order, by its writer; and
// for up to `samples` batches the states at their version and the one before; and the whole history
// of one counter.
absl::Status CheckPast(CrashClient& client, const CrashLedger& ledger, uint64_t after,
                       size_t samples, std::mt19937_64& random);

}  // namespace relata

#endif  // RELATA_TESTS_CRASH_CRASH_CHECKER_H_
