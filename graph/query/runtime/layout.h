#ifndef RELATA_GRAPH_QUERY_RUNTIME_LAYOUT_H_
#define RELATA_GRAPH_QUERY_RUNTIME_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace relata::query {

// Which variable each column of a batch holds. Small; a plain type.
class Layout {
 public:
  Layout() = default;
  explicit Layout(std::vector<uint32_t> variables) : variables_(std::move(variables)) {}

  size_t size() const { return variables_.size(); }
  // VariableId of a column.
  uint32_t operator[](size_t column) const { return variables_[column]; }
  std::optional<size_t> Find(uint32_t variable) const {
    for (size_t i = 0; i < variables_.size(); ++i) {
      if (variables_[i] == variable) return i;
    }
    return std::nullopt;
  }
  bool Contains(uint32_t variable) const { return Find(variable).has_value(); }
  // The new column's index.
  size_t Add(uint32_t variable) {
    variables_.push_back(variable);
    return variables_.size() - 1;
  }
  const std::vector<uint32_t>& variables() const { return variables_; }

 private:
  std::vector<uint32_t> variables_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_RUNTIME_LAYOUT_H_
