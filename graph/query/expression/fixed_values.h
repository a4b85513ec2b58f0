#ifndef RELATA_GRAPH_QUERY_EXPRESSION_FIXED_VALUES_H_
#define RELATA_GRAPH_QUERY_EXPRESSION_FIXED_VALUES_H_

#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "graph/query/expression/program.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// Results of instructions that are the same throughout a statement, such as datetime($since), so
// that expressions that run often and over few rows compute them once. By the instruction, which
// belongs to the statement's plan and must live as long as this. Small ones alone: what is kept is
// not counted as the statement's memory. Used by one thread.
class FixedValues {
 public:
  // Null: not kept.
  const Column* Find(const Instruction& instruction) const {
    const auto it = kept_.find(&instruction);
    return it == kept_.end() ? nullptr : it->second.get();
  }
  // `value`: of one row. Null where it is too large; then it was not moved from.
  const Column* Keep(const Instruction& instruction, Column&& value) {
    if (value.Bytes() > kLargest) return nullptr;
    auto& kept = kept_[&instruction];
    kept = std::make_unique<const Column>(std::move(value));
    return kept.get();
  }

 private:
  static constexpr size_t kLargest = 1024;

  absl::flat_hash_map<const Instruction*, std::unique_ptr<const Column>> kept_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXPRESSION_FIXED_VALUES_H_
