#ifndef RELATA_STORAGE_MEMORY_FAULT_PLAN_H_
#define RELATA_STORAGE_MEMORY_FAULT_PLAN_H_

#include <cstdint>

namespace relata {

// Which faults MemoryKv makes, and when. Counts start at 1 and with the call of MemoryKv::Arm; 0 is
// never. The same plan and the same calls give the same faults.
struct FaultPlan {
  // Decides what of the unsynced writes outlives a crash, and which reads are corrupted, where.
  uint64_t seed = 1;
  // This write fails and leaves no trace, in memory or in the log. Later writes work.
  uint64_t fail_write_at = 0;
  // The device stops in the middle of this write: some of its operations reach the log, none the
  // readers. This and every later write fails; reads go on.
  uint64_t tear_write_at = 0;
  // This synced write reaches the log whole, but nobody knows whether the device has it; readers do
  // not see it. This and every later write fails; reads go on.
  uint64_t fail_sync_at = 0;
  // Probability, 0 to 1, that a value as read has one bit flipped (an empty value stays). What is
  // stored stays right.
  double corrupt_reads = 0;
};

}  // namespace relata

#endif  // RELATA_STORAGE_MEMORY_FAULT_PLAN_H_
