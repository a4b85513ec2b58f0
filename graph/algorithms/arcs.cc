#include "graph/algorithms/arcs.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

using WeightedArc = std::pair<VertexIndex, double>;

double Join(double a, double b, ParallelWeights parallel) {
  return parallel == ParallelWeights::kSum ? a + b : std::min(a, b);
}

// Sorts the arcs [first, last) and moves what is left of them to `end`, which it moves on.
void SortRow(uint64_t first, uint64_t last, ParallelWeights parallel,
             std::vector<WeightedArc>& scratch, Arcs& arcs, uint64_t& end) {
  scratch.clear();
  for (uint64_t i = first; i < last; ++i) scratch.emplace_back(arcs.targets[i], arcs.weights[i]);
  // By weight too, so that a sum does not depend on the order in which the arcs came.
  std::sort(scratch.begin(), scratch.end());
  const uint64_t row = end;
  for (const auto& [target, weight] : scratch) {
    if (end > row && arcs.targets[end - 1] == target) {
      arcs.weights[end - 1] = Join(arcs.weights[end - 1], weight, parallel);
      continue;
    }
    arcs.targets[end] = target;
    arcs.weights[end++] = weight;
  }
}

void SortPlainRow(uint64_t first, uint64_t last, Arcs& arcs, uint64_t& end) {
  const auto begin = arcs.targets.begin();
  std::sort(begin + static_cast<ptrdiff_t>(first), begin + static_cast<ptrdiff_t>(last));
  const uint64_t row = end;
  for (uint64_t i = first; i < last; ++i) {
    if (end > row && arcs.targets[end - 1] == arcs.targets[i]) continue;
    arcs.targets[end++] = arcs.targets[i];
  }
}

// Writes the union of two sorted rows behind `out`.
class RowUnion {
 public:
  RowUnion(const Arcs& a, const Arcs& b, ParallelWeights parallel, Arcs& out)
      : a_(a), b_(b), parallel_(parallel), out_(out) {}

  void Append(VertexIndex v) {
    uint64_t i = a_.offsets[v];
    uint64_t j = b_.offsets[v];
    const uint64_t i_end = a_.offsets[v + 1];
    const uint64_t j_end = b_.offsets[v + 1];
    while (i < i_end || j < j_end) {
      if (j == j_end || (i < i_end && a_.targets[i] < b_.targets[j])) {
        Add(a_.targets[i], a_.weight(i));
        ++i;
      } else if (i == i_end || b_.targets[j] < a_.targets[i]) {
        Add(b_.targets[j], b_.weight(j));
        ++j;
      } else {
        const VertexIndex target = a_.targets[i];
        Add(target, target == v ? a_.weight(i) : Join(a_.weight(i), b_.weight(j), parallel_));
        ++i;
        ++j;
      }
    }
    out_.offsets.push_back(out_.targets.size());
  }

 private:
  void Add(VertexIndex target, double weight) {
    out_.targets.push_back(target);
    if (a_.weighted()) out_.weights.push_back(weight);
  }

  const Arcs& a_;
  const Arcs& b_;
  const ParallelWeights parallel_;
  Arcs& out_;
};

}  // namespace

size_t Arcs::bytes() const {
  return offsets.capacity() * sizeof(uint64_t) + targets.capacity() * sizeof(VertexIndex) +
         weights.capacity() * sizeof(double);
}

absl::Status SortAndMerge(ParallelWeights parallel, RunControl& control, Arcs* arcs) {
  RELATA_RETURN_IF_ERROR(control.Begin("sorting", arcs->size()));
  std::vector<WeightedArc> scratch;
  uint64_t end = 0;
  uint64_t first = 0;
  for (size_t v = 0; v < arcs->vertices(); ++v) {
    const uint64_t last = arcs->offsets[v + 1];
    if (arcs->weighted()) {
      SortRow(first, last, parallel, scratch, *arcs, end);
    } else {
      SortPlainRow(first, last, *arcs, end);
    }
    arcs->offsets[v + 1] = end;
    RELATA_RETURN_IF_ERROR(control.Advance(last - first));
    first = last;
  }
  const bool weighted = arcs->weighted();
  arcs->targets.resize(end);
  arcs->targets.shrink_to_fit();
  if (weighted) arcs->weights.resize(end);
  arcs->weights.shrink_to_fit();
  return absl::OkStatus();
}

absl::StatusOr<Arcs> Transpose(const Arcs& arcs, RunControl& control) {
  RELATA_RETURN_IF_ERROR(control.Begin("turning round", arcs.size()));
  Arcs turned;
  turned.offsets.assign(arcs.offsets.size(), 0);
  for (const VertexIndex target : arcs.targets) ++turned.offsets[target + 1];
  for (size_t v = 0; v < arcs.vertices(); ++v) turned.offsets[v + 1] += turned.offsets[v];
  turned.targets.resize(arcs.size());
  turned.weights.resize(arcs.weights.size());
  std::vector<uint64_t> next(turned.offsets.begin(), turned.offsets.end() - 1);
  for (VertexIndex v = 0; v < arcs.vertices(); ++v) {
    for (uint64_t i = arcs.offsets[v]; i < arcs.offsets[v + 1]; ++i) {
      const uint64_t place = next[arcs.targets[i]]++;
      turned.targets[place] = v;
      if (arcs.weighted()) turned.weights[place] = arcs.weights[i];
    }
    RELATA_RETURN_IF_ERROR(control.Advance(arcs.degree(v)));
  }
  return turned;
}

absl::StatusOr<Arcs> Unite(const Arcs& a, const Arcs& b, ParallelWeights parallel,
                           RunControl& control) {
  RELATA_RETURN_IF_ERROR(control.Begin("joining directions", a.size() + b.size()));
  Arcs united;
  united.offsets.reserve(a.offsets.size());
  united.targets.reserve(a.size() + b.size());
  united.weights.reserve(a.weights.size() + b.weights.size());
  RowUnion rows(a, b, parallel, united);
  for (VertexIndex v = 0; v < a.vertices(); ++v) {
    rows.Append(v);
    RELATA_RETURN_IF_ERROR(control.Advance(a.degree(v) + b.degree(v)));
  }
  united.targets.shrink_to_fit();
  united.weights.shrink_to_fit();
  return united;
}

}  // namespace relata
