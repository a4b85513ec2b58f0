#ifndef RELATA_BASE_THREAD_PRIORITY_H_
#define RELATA_BASE_THREAD_PRIORITY_H_

#include "absl/functional/function_ref.h"

namespace relata {

// Lets other threads go first when there are more of them than cores: the calling thread, and
// threads that it starts from now on, get about a tenth of what another gets that wants the same
// core, and all of it where none does. For the rest of the thread's life, since the system lets
// nobody but root take it back. Where it is refused the thread is as it was.
void LetOthersGoFirst();

// Runs `work` on a thread of its own that lets others go first, and returns when it has ended. What
// it throws, this throws. For threads that are lent, as those of a server's calls are.
void RunBehindOthers(absl::FunctionRef<void()> work);

}  // namespace relata

#endif  // RELATA_BASE_THREAD_PRIORITY_H_
