#include "storage/run_sorter.h"

#include <algorithm>
#include <utility>

namespace relata {

RunSorter::RunSorter(std::string scratch_folder)
    : scratch_folder_(std::move(scratch_folder)), chunk_(std::make_unique<RunChunk>()) {}

RunSorter::~RunSorter() = default;

void RunSorter::Add(absl::string_view key, absl::string_view value, bool marked) {
  chunk_->Add(key, value, marked);
  ++size_;
  bytes_ += key.size() + value.size();
}

std::function<absl::Status()> RunSorter::TakeToSpill() {
  if (chunk_->empty()) return [] { return absl::OkStatus(); };
  std::shared_ptr<RunChunk> taken = std::exchange(chunk_, std::make_unique<RunChunk>());
  scratch_files_.push_back(std::make_unique<ScratchFile>());
  return [chunk = std::move(taken), file = scratch_files_.back().get(),
          folder = scratch_folder_]() mutable {
    chunk->Sort();
    const absl::Status written = file->Write(*chunk->Read(0, chunk->stretches(), ""), folder);
    chunk.reset();
    return written;
  };
}

void RunSorter::Sort() { chunk_->Sort(); }

std::vector<RunSorter::Part> RunSorter::Parts(size_t bytes) const {
  return scratch_files_.empty() ? PartsOfMemory(bytes) : PartsOfFiles(bytes);
}

std::vector<RunSorter::Part> RunSorter::PartsOfMemory(size_t bytes) const {
  std::vector<Part> parts(1);
  size_t taken = 0;
  for (size_t i = 0; i < chunk_->stretches(); ++i) {
    if (taken >= bytes) {
      parts.push_back({"", "", i, i});
      taken = 0;
    }
    parts.back().end = i + 1;
    taken += chunk_->StretchBytes(i);
  }
  return parts;
}

// Cut where marks of scratch files are, or stretches in memory begin.
std::vector<RunSorter::Part> RunSorter::PartsOfFiles(size_t bytes) const {
  std::vector<absl::string_view> keys;
  for (const std::unique_ptr<ScratchFile>& file : scratch_files_) {
    for (const ScratchFile::Mark& mark : file->marks()) keys.emplace_back(mark.key);
  }
  for (size_t i = 0; i < chunk_->stretches(); ++i) {
    const size_t marks = chunk_->StretchBytes(i) / ScratchFile::kMarkBytes;
    if (marks > 0) keys.insert(keys.end(), marks, chunk_->LowestKey(i));
  }
  std::sort(keys.begin(), keys.end());
  std::vector<Part> parts(1);
  const size_t marks_each = std::max<size_t>(1, bytes / ScratchFile::kMarkBytes);
  for (size_t i = marks_each; i < keys.size(); i += marks_each) {
    if (keys[i] == parts.back().from) continue;
    parts.back().to = std::string(keys[i]);
    parts.back().end = chunk_->StretchesBelow(keys[i]);
    // The last stretch with keys below may hold others as well.
    const size_t begin = parts.back().end;
    parts.push_back({parts.back().to, "", begin > 0 ? begin - 1 : 0, 0});
  }
  parts.back().end = chunk_->stretches();
  return parts;
}

RunMerge::RunMerge(const RunSorter* sorter, const RunSorter::Part& part) : to_(part.to) {
  for (const std::unique_ptr<ScratchFile>& file : sorter->scratch_files_) {
    sources_.push_back(file->Read(part.from));
  }
  sources_.push_back(sorter->chunk_->Read(part.begin, part.end, part.from));
  Pick();
}

RunMerge::~RunMerge() = default;

// Whether `a` is read after `b`.
bool RunMerge::After(const RunEntrySource* a, const RunEntrySource* b) {
  return RunEntryKey(b->entry()) < RunEntryKey(a->entry());
}

bool RunMerge::HasMore(const RunEntrySource* source) const {
  return source->entry() != nullptr && (to_.empty() || RunEntryKey(source->entry()) < to_);
}

void RunMerge::Pick() {
  for (const std::unique_ptr<RunEntrySource>& source : sources_) {
    status_.Update(source->status());
    if (HasMore(source.get())) heap_.push_back(source.get());
  }
  std::make_heap(heap_.begin(), heap_.end(), After);
  current_ = heap_.empty() || !status_.ok() ? nullptr : heap_.front();
}

void RunMerge::Next() {
  RunEntrySource* const moved = current_;
  moved->Next();
  if (!HasMore(moved)) {
    status_.Update(moved->status());
    heap_.front() = heap_.back();
    heap_.pop_back();
  }
  Sink();
  current_ = heap_.empty() || !status_.ok() ? nullptr : heap_.front();
}

void RunMerge::Sink() {
  if (heap_.size() < 2) return;
  RunEntrySource* const moved = heap_.front();
  size_t at = 0;
  for (size_t child = 1; child < heap_.size(); child = 2 * at + 1) {
    if (child + 1 < heap_.size() && After(heap_[child], heap_[child + 1])) ++child;
    if (!After(moved, heap_[child])) break;
    heap_[at] = heap_[child];
    at = child;
  }
  heap_[at] = moved;
}

}  // namespace relata
