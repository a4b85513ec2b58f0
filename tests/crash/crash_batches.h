#ifndef RELATA_TESTS_CRASH_CRASH_BATCHES_H_
#define RELATA_TESTS_CRASH_CRASH_BATCHES_H_

#include <string>

#include "relata/v1/write_service.pb.h"
#include "tests/crash/crash_ledger.h"

namespace relata {

// What the writers write. A batch sets the writer's counter to its number, makes kParts entities
// that bear its tag, each with a cited fact and a relationship to the counter, and every fifth one
// deletes the first part of the batch four before it. So the database must hold all of a batch or
// nothing, and what it must hold follows from the counters alone.
inline constexpr int kParts = 4;
inline constexpr char kSourceKey[] = "source/crash";

std::string CounterKey(int writer);
std::string PartKey(BatchName batch, int part);
std::string TagOf(BatchName batch);
// The principal of a batch: history names the writer and the batch.
std::string PrincipalOf(BatchName batch);
// Every second batch has one; empty: none.
std::string RequestIdOf(BatchName batch);
// Whether the first part of `batch` was deleted by a later batch, where the writer has committed
// `committed`.
bool FirstPartDeleted(BatchName batch, int committed);

// The first commit: the source, and the counters at 0.
v1::WriteRequest SetupRequest(int writers);
v1::WriteRequest BatchRequest(BatchName batch);

}  // namespace relata

#endif  // RELATA_TESTS_CRASH_CRASH_BATCHES_H_
