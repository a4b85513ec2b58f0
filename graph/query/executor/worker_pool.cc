#include "graph/query/executor/worker_pool.h"

#include <system_error>
#include <utility>

namespace relata::query {

WorkerPool::~WorkerPool() {
  std::vector<std::thread> threads;
  {
    MutexLock lock(&mutex_);
    ending_ = true;
    changed_.SignalAll();
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

bool WorkerPool::TryRun(std::function<void()> task) {
  MutexLock lock(&mutex_);
  if (free_ == 0) {
    if (static_cast<int>(threads_.size()) >= most_) return false;
    try {
      threads_.emplace_back([this] { Work(); });
    } catch (const std::system_error&) {
      return false;
    }
    ++free_;
  }
  --free_;
  tasks_.push_back(std::move(task));
  changed_.Signal();
  return true;
}

void WorkerPool::Work() {
  while (true) {
    std::function<void()> task;
    {
      MutexLock lock(&mutex_);
      while (tasks_.empty() && !ending_) changed_.Wait(&mutex_);
      if (tasks_.empty()) return;
      task = std::move(tasks_.back());
      tasks_.pop_back();
    }
    task();
    MutexLock lock(&mutex_);
    ++free_;
  }
}

}  // namespace relata::query
