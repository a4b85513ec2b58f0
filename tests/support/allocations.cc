#include "tests/support/allocations.h"

#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace relata {
namespace {

thread_local bool counting = false;
thread_local int64_t live_bytes = 0;
thread_local Allocations counted;

void* Counted(void* allocated) {
  if (counting && allocated != nullptr) {
    const auto bytes = static_cast<int64_t>(malloc_usable_size(allocated));
    live_bytes += bytes;
    counted.total_bytes += bytes;
    counted.peak_bytes = std::max(counted.peak_bytes, live_bytes);
  }
  return allocated;
}

void* CountedOrThrown(void* allocated) {
  if (allocated == nullptr) throw std::bad_alloc();
  return Counted(allocated);
}

void Free(void* allocated) {
  if (counting && allocated != nullptr) {
    live_bytes -= static_cast<int64_t>(malloc_usable_size(allocated));
  }
  std::free(allocated);
}

}  // namespace

void StartCounting() {
  live_bytes = 0;
  counted = {};
  counting = true;
}

Allocations StopCounting() {
  counting = false;
  return counted;
}

}  // namespace relata

void* operator new(size_t size) { return relata::CountedOrThrown(std::malloc(size)); }
void* operator new(size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return relata::Counted(std::malloc(size));
}
void* operator new(size_t size, std::align_val_t alignment) {
  const auto step = static_cast<size_t>(alignment);
  return relata::CountedOrThrown(std::aligned_alloc(step, (size + step - 1) / step * step));
}
void operator delete(void* allocated) noexcept { relata::Free(allocated); }
void operator delete(void* allocated, size_t /*size*/) noexcept { relata::Free(allocated); }
void operator delete(void* allocated, std::align_val_t /*alignment*/) noexcept {
  relata::Free(allocated);
}
void operator delete(void* allocated, size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  relata::Free(allocated);
}
