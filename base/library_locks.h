#ifndef RELATA_BASE_LIBRARY_LOCKS_H_
#define RELATA_BASE_LIBRARY_LOCKS_H_

namespace relata {

// Debian builds Abseil with its debugging aids, so that every lock that gRPC takes is also looked
// up in a graph of all locks held, in search of deadlocks. This turns that off, as a build for
// production does by itself; docs/decisions/2026-11-23-commits.md has what it saves. For the
// first line of a program's main, before other threads run.
void TurnOffDeadlockSearch();

}  // namespace relata

#endif  // RELATA_BASE_LIBRARY_LOCKS_H_
