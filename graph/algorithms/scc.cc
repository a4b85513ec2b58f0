#include "graph/algorithms/scc.h"

#include <algorithm>

#include "base/status_macros.h"

namespace relata {
namespace {

// One depth-first search over all vertices, as a class so that a step of it is a function.
class Search {
 public:
  Search(const Arcs& out, RunControl& control)
      : out_(out),
        control_(control),
        order_(out.vertices(), 0),
        low_(out.vertices(), 0),
        component_(out.vertices(), kNoVertex) {}

  absl::Status Run() {
    for (VertexIndex v = 0; v < out_.vertices(); ++v) {
      if (order_[v] == 0) RELATA_RETURN_IF_ERROR(From(v));
    }
    return absl::OkStatus();
  }

  std::vector<VertexIndex> TakeComponents() { return std::move(component_); }

 private:
  // A vertex on the way down, and its next arc.
  struct Frame {
    VertexIndex vertex;
    uint64_t next;
  };

  absl::Status From(VertexIndex root) {
    Enter(root);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      const VertexIndex v = frame.vertex;
      const uint64_t end = out_.offsets[v + 1];
      VertexIndex down = kNoVertex;
      while (frame.next < end && down == kNoVertex) {
        const VertexIndex w = out_.targets[frame.next++];
        if (order_[w] == 0) {
          down = w;
        } else if (component_[w] == kNoVertex) {
          low_[v] = std::min(low_[v], order_[w]);
        }
      }
      if (down != kNoVertex) {
        Enter(down);
      } else {
        Leave(v);
        RELATA_RETURN_IF_ERROR(control_.Advance(out_.degree(v) + 1));
      }
    }
    return absl::OkStatus();
  }

  void Enter(VertexIndex v) {
    order_[v] = low_[v] = ++entered_;
    open_.push_back(v);
    path_.push_back({v, out_.offsets[v]});
  }

  void Leave(VertexIndex v) {
    path_.pop_back();
    if (!path_.empty()) {
      VertexIndex& above = low_[path_.back().vertex];
      above = std::min(above, low_[v]);
    }
    if (low_[v] == order_[v]) Close(v);
  }

  // All that is open from `v` on is its component.
  void Close(VertexIndex v) {
    const auto first = std::find(open_.rbegin(), open_.rend(), v).base() - 1;
    const VertexIndex lowest = *std::min_element(first, open_.end());
    for (auto w = first; w != open_.end(); ++w) component_[*w] = lowest;
    open_.erase(first, open_.end());
  }

  const Arcs& out_;
  RunControl& control_;
  uint32_t entered_ = 0;
  std::vector<uint32_t> order_;  // when it was entered, from 1 on; 0: not yet
  std::vector<uint32_t> low_;
  std::vector<VertexIndex> component_;
  std::vector<VertexIndex> open_;
  std::vector<Frame> path_;
};

}  // namespace

absl::StatusOr<std::vector<VertexIndex>> StrongComponents(const Projection& projection,
                                                          RunControl& control) {
  constexpr size_t kBytesPerVertex = 4 * sizeof(VertexIndex) + 2 * sizeof(uint64_t);
  RELATA_RETURN_IF_ERROR(control.Reserve(projection.vertices() * kBytesPerVertex));
  RELATA_RETURN_IF_ERROR(
      control.Begin("strong components", projection.vertices() + projection.arcs()));
  Search search(projection.out(), control);
  RELATA_RETURN_IF_ERROR(search.Run());
  return search.TakeComponents();
}

}  // namespace relata
