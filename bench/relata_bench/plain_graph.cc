#include "bench/relata_bench/plain_graph.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "bench/relata_bench/csv_file.h"

namespace relata::bench {
namespace {

EdgeIndex IndexBy(const std::vector<int32_t>& vertices, size_t vertex_count) {
  EdgeIndex index;
  index.offsets.assign(vertex_count + 1, 0);
  index.edges.resize(vertices.size());
  for (const int32_t v : vertices) ++index.offsets[static_cast<size_t>(v) + 1];
  for (size_t v = 0; v < vertex_count; ++v) index.offsets[v + 1] += index.offsets[v];
  std::vector<int32_t> next(index.offsets.begin(), index.offsets.end() - 1);
  for (size_t e = 0; e < vertices.size(); ++e) {
    index.edges[static_cast<size_t>(next[static_cast<size_t>(vertices[e])]++)] =
        static_cast<int32_t>(e);
  }
  return index;
}

absl::Status AddEntity(const CsvRow& row, PlainGraph& graph) {
  RELATA_ASSIGN_OR_RETURN(const int64_t id, IntegerField(row[0]));
  graph.vertex_of[id] = static_cast<int32_t>(graph.id.size());
  graph.id.push_back(id);
  graph.name.emplace_back(row[1]);
  graph.country.emplace_back(row.size() > 2 ? row[2] : "");
  if (row.size() > 3) graph.founded.emplace_back(row[3]);
  return absl::OkStatus();
}

absl::Status AddEnds(const CsvRow& row, const PlainGraph& graph, PlainEdges& edges) {
  for (const int end : {0, 1}) {
    RELATA_ASSIGN_OR_RETURN(const int64_t id, IntegerField(row[static_cast<size_t>(end)]));
    const auto it = graph.vertex_of.find(id);
    if (it == graph.vertex_of.end()) {
      return absl::InvalidArgumentError(absl::StrCat("an edge ends at ", id, ", which is no one"));
    }
    (end == 0 ? edges.from : edges.to).push_back(it->second);
  }
  return absl::OkStatus();
}

absl::Status AddInvestment(const CsvRow& row, PlainGraph& graph) {
  RELATA_RETURN_IF_ERROR(AddEnds(row, graph, graph.invested));
  RELATA_ASSIGN_OR_RETURN(graph.invested.amount.emplace_back(), NumberField(row[2]));
  RELATA_ASSIGN_OR_RETURN(graph.invested.share.emplace_back(), NumberField(row[3]));
  RELATA_ASSIGN_OR_RETURN(graph.invested.date.emplace_back(), DateNumber(row[4]));
  return absl::OkStatus();
}

absl::Status AddTransfer(const CsvRow& row, PlainGraph& graph) {
  RELATA_RETURN_IF_ERROR(AddEnds(row, graph, graph.transferred));
  RELATA_ASSIGN_OR_RETURN(graph.transferred.amount.emplace_back(), NumberField(row[2]));
  RELATA_ASSIGN_OR_RETURN(graph.transferred.instant.emplace_back(), IntegerField(row[3]));
  return absl::OkStatus();
}

absl::Status AddRegulation(const CsvRow& row, PlainGraph& graph) {
  RELATA_RETURN_IF_ERROR(AddEnds(row, graph, graph.regulated));
  RELATA_ASSIGN_OR_RETURN(graph.regulated.date.emplace_back(), DateNumber(row[2]));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int32_t> DateNumber(absl::string_view date) {
  RELATA_ASSIGN_OR_RETURN(const int64_t number,
                          IntegerField(absl::StrReplaceAll(date, {{"-", ""}})));
  return static_cast<int32_t>(number);
}

std::string DateText(int32_t number) {
  return absl::StrFormat("%04d-%02d-%02d", number / 10'000, number / 100 % 100, number % 100);
}

absl::StatusOr<PlainGraph> PlainGraph::Load(const std::string& folder) {
  PlainGraph graph;
  const auto read = [&](const char* file, size_t columns,
                        absl::Status (*add)(const CsvRow&, PlainGraph&)) {
    return ForEachRow(absl::StrCat(folder, "/", file), columns,
                      [&](const CsvRow& row) { return add(row, graph); });
  };
  RELATA_RETURN_IF_ERROR(read("company.csv", 4, AddEntity));
  graph.companies = graph.id.size();
  RELATA_RETURN_IF_ERROR(read("person.csv", 3, AddEntity));
  RELATA_RETURN_IF_ERROR(read("regulator.csv", 2, AddEntity));
  RELATA_RETURN_IF_ERROR(read("invested_company.csv", 5, AddInvestment));
  RELATA_RETURN_IF_ERROR(read("invested_person.csv", 5, AddInvestment));
  RELATA_RETURN_IF_ERROR(read("transferred.csv", 4, AddTransfer));
  RELATA_RETURN_IF_ERROR(read("regulated.csv", 4, AddRegulation));
  for (PlainEdges* edges : {&graph.invested, &graph.transferred, &graph.regulated}) {
    edges->out = IndexBy(edges->from, graph.id.size());
    edges->in = IndexBy(edges->to, graph.id.size());
  }
  return graph;
}

absl::StatusOr<int32_t> PlainGraph::Vertex(const std::string& text) const {
  RELATA_ASSIGN_OR_RETURN(const int64_t number, IntegerField(text));
  const auto it = vertex_of.find(number);
  if (it != vertex_of.end()) return it->second;
  return absl::NotFoundError(absl::StrCat("there is no entity ", text));
}

}  // namespace relata::bench
