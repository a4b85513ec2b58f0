// Questions answered from plain arrays, by the algorithms of the peer benchmark's oracle.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/plain_graph.h"

namespace relata::bench {
namespace {

constexpr size_t kBestChains = 10;
constexpr size_t kChainHops = 4;
constexpr int kPathHops = 10;
constexpr size_t kEvents = 100;

absl::Span<const int32_t> EdgesOf(const EdgeIndex& index, int32_t vertex) {
  const auto v = static_cast<size_t>(vertex);
  return absl::MakeConstSpan(index.edges)
      .subspan(static_cast<size_t>(index.offsets[v]),
               static_cast<size_t>(index.offsets[v + 1] - index.offsets[v]));
}

template <typename T>
const T& At(const std::vector<T>& items, int32_t i) {
  return items[static_cast<size_t>(i)];
}

class Oracle final : public Asker {
 public:
  explicit Oracle(PlainGraph graph) : graph_(std::move(graph)), marks_(graph_.id.size(), 0) {}

  bool CanAsk(const QuestionDefinition&) const override { return true; }
  absl::StatusOr<Answer> Ask(const QuestionDefinition& question, const Draw& draw) override;

 private:
  // True the first time since NewStamp.
  bool Mark(int32_t vertex) {
    int32_t& mark = marks_[static_cast<size_t>(vertex)];
    return std::exchange(mark, stamp_) != stamp_;
  }
  void NewStamp() { ++stamp_; }

  Answer Company(int32_t v) const;
  Answer Transfers(int32_t v) const;
  Answer ThreeHops(int32_t v);
  Answer Chains(int32_t v, int32_t since) const;
  void ExtendChain(int32_t v, double product, int32_t since, std::vector<int32_t>& chain,
                   std::vector<double>& products) const;
  Answer ShortestPath(int32_t from, int32_t to);
  Answer Timeline(int32_t v);
  Answer AmountsByCountry() const;
  Answer TwoHopPaths() const;

  const PlainGraph graph_;
  std::vector<int32_t> marks_;
  int32_t stamp_ = 0;
};

Answer Oracle::Company(int32_t v) const {
  return {absl::StrCat(At(graph_.name, v), "|", At(graph_.country, v), "|", At(graph_.founded, v))};
}

Answer Oracle::Transfers(int32_t v) const {
  const PlainEdges& edges = graph_.transferred;
  std::vector<std::tuple<int64_t, double, int64_t>> rows;
  double sum = 0.0;
  for (const int32_t e : EdgesOf(edges.out, v)) {
    rows.emplace_back(At(graph_.id, At(edges.to, e)), At(edges.amount, e), At(edges.instant, e));
    sum += At(edges.amount, e);
  }
  return CountAndSum(rows.size(), sum);
}

Answer Oracle::ThreeHops(int32_t v) {
  const PlainEdges& edges = graph_.transferred;
  std::vector<int32_t> frontier = {v};
  for (int hop = 0; hop < 3; ++hop) {
    NewStamp();
    std::vector<int32_t> next;
    for (const int32_t u : frontier) {
      for (const int32_t e : EdgesOf(edges.out, u)) {
        if (Mark(At(edges.to, e))) next.push_back(At(edges.to, e));
      }
    }
    frontier = std::move(next);
  }
  return Single(static_cast<double>(frontier.size()));
}

void Oracle::ExtendChain(int32_t v, double product, int32_t since, std::vector<int32_t>& chain,
                         std::vector<double>& products) const {
  const PlainEdges& edges = graph_.invested;
  for (const int32_t e : EdgesOf(edges.in, v)) {
    if (At(edges.date, e) < since) continue;
    if (std::find(chain.begin(), chain.end(), e) != chain.end()) continue;
    const double share = product * At(edges.share, e);
    products.push_back(share);
    if (chain.size() + 1 == kChainHops) continue;
    chain.push_back(e);
    ExtendChain(At(edges.from, e), share, since, chain, products);
    chain.pop_back();
  }
}

Answer Oracle::Chains(int32_t v, int32_t since) const {
  std::vector<int32_t> chain;
  std::vector<double> products;
  ExtendChain(v, 1.0, since, chain, products);
  std::sort(products.begin(), products.end(), std::greater<>());
  products.resize(std::min(products.size(), kBestChains));
  return CountAndSum(products.size(), std::accumulate(products.begin(), products.end(), 0.0));
}

Answer Oracle::ShortestPath(int32_t from, int32_t to) {
  const PlainEdges& edges = graph_.transferred;
  NewStamp();
  Mark(from);
  std::vector<int32_t> frontier = {from};
  for (int hops = 1; hops <= kPathHops && !frontier.empty(); ++hops) {
    std::vector<int32_t> next;
    for (const int32_t u : frontier) {
      for (const int32_t e : EdgesOf(edges.out, u)) {
        const int32_t v = At(edges.to, e);
        if (v == to) return Single(hops);
        if (Mark(v)) next.push_back(v);
      }
    }
    frontier = std::move(next);
  }
  return Single(-1.0);
}

Answer Oracle::Timeline(int32_t v) {
  const PlainEdges& invested = graph_.invested;
  const PlainEdges& regulated = graph_.regulated;
  NewStamp();
  Mark(v);
  std::vector<int32_t> around = {v};
  size_t begin = 0;
  for (int hop = 0; hop < 2; ++hop) {
    const size_t end = around.size();
    for (; begin < end; ++begin) {
      const int32_t u = around[begin];
      for (const int32_t e : EdgesOf(invested.out, u)) {
        if (Mark(At(invested.to, e))) around.push_back(At(invested.to, e));
      }
      for (const int32_t e : EdgesOf(invested.in, u)) {
        if (Mark(At(invested.from, e))) around.push_back(At(invested.from, e));
      }
    }
  }
  std::vector<std::tuple<int32_t, int64_t, int64_t>> events;  // date, company, regulator
  for (const int32_t u : around) {
    if (static_cast<size_t>(u) >= graph_.companies) continue;
    for (const int32_t e : EdgesOf(regulated.in, u)) {
      events.emplace_back(At(regulated.date, e), At(graph_.id, u),
                          At(graph_.id, At(regulated.from, e)));
    }
  }
  std::sort(events.begin(), events.end());
  events.resize(std::min(events.size(), kEvents));
  double sum = 0.0;
  for (const auto& [date, company, regulator] : events) sum += static_cast<double>(company);
  return {static_cast<double>(events.size()), sum,
          events.empty() ? "" : DateText(std::get<0>(events.back()))};
}

Answer Oracle::AmountsByCountry() const {
  const PlainEdges& edges = graph_.invested;
  std::map<absl::string_view, double> sums;
  for (size_t e = 0; e < edges.from.size(); ++e) {
    sums[At(graph_.country, edges.from[e])] += edges.amount[e];
  }
  double all = 0.0;
  for (const auto& [country, sum] : sums) all += sum;
  return {static_cast<double>(sums.size()), all, sums["US"]};
}

Answer Oracle::TwoHopPaths() const {
  const PlainEdges& edges = graph_.transferred;
  int64_t paths = 0;
  for (const int32_t v : edges.to) {
    paths += At(edges.out.offsets, v + 1) - At(edges.out.offsets, v);
  }
  return Single(static_cast<double>(paths));
}

absl::StatusOr<Answer> Oracle::Ask(const QuestionDefinition& question, const Draw& draw) {
  if (question.question == Question::kQ7) return AmountsByCountry();
  if (question.question == Question::kQ9) return TwoHopPaths();
  RELATA_ASSIGN_OR_RETURN(const int32_t v, graph_.Vertex(draw[0]));
  switch (question.question) {
    case Question::kQ1:
      return Company(v);
    case Question::kQ2:
      return Transfers(v);
    case Question::kQ3:
      return ThreeHops(v);
    case Question::kQ4: {
      RELATA_ASSIGN_OR_RETURN(const int32_t since, DateNumber(draw[1]));
      return Chains(v, since);
    }
    case Question::kQ5: {
      RELATA_ASSIGN_OR_RETURN(const int32_t to, graph_.Vertex(draw[1]));
      return ShortestPath(v, to);
    }
    default:
      return Timeline(v);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Asker>> MakeOracleAsker(const std::string& folder) {
  RELATA_ASSIGN_OR_RETURN(PlainGraph graph, PlainGraph::Load(folder));
  return std::make_unique<Oracle>(std::move(graph));
}

}  // namespace relata::bench
