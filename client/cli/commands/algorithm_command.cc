#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/known_names.h"
#include "client/cli/output/progress.h"
#include "relata/v1/algorithm_service.pb.h"

namespace relata {
namespace {

using Row = v1::RunAlgorithmResponse::Row;

double NumberOf(const Row& row) {
  return row.has_number() ? row.number() : static_cast<double>(row.integer());
}

std::string ValueText(const Row& row) {
  return row.has_number() ? absl::StrCat(row.number()) : absl::StrCat(row.integer());
}

std::string NameOf(const Row& row) {
  return row.key().empty() ? absl::StrCat("#", row.id()) : row.key();
}

class AlgorithmCommand : public Command {
 public:
  absl::string_view name() const override { return "algorithm"; }
  absl::string_view summary() const override {
    return "Run an algorithm over the whole graph: pagerank, wcc, …";
  }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }
  bool unlimited_time() const override { return true; }

  void Declare(Arguments& arguments) override {
    arguments.Word("NAME", &algorithm_,
                   "betweenness, bfs, cdlp, kcore, lcc, louvain, pagerank, scc, sssp, triangles, "
                   "wcc");
    arguments.Texts("--label", "L", &labels_, "only entities with any of these labels");
    arguments.Texts("--type", "T", &types_, "only relationships of any of these types");
    arguments.Choice("--orientation", {"default", "directed", "reverse", "undirected"},
                     &orientation_, "which way relationships lead");
    arguments.Text("--source", "ENTITY", &source_, "for bfs and sssp: key, #ID or exact name");
    arguments.Text("--weight", "PROPERTY", &weight_, "what a relationship weighs; default: 1");
    arguments.Number("--default-weight", "N", &default_weight_,
                     "of a relationship without the property");
    arguments.Number("--damping", "D", &damping_, "for pagerank; default 0.85");
    arguments.Integer("--iterations", "N", &iterations_, 0, "for pagerank and cdlp");
    arguments.Number("--tolerance", "T", &tolerance_, "for pagerank and louvain");
    arguments.Integer("--samples", "N", &samples_, 0, "for betweenness: sources drawn; 0: all");
    arguments.Integer("--top", "N", &top_, 0, "only the N largest values, largest first; 0: all");
    arguments.Text("--write", "PROPERTY", &write_property_,
                   "set this property of each entity to its value, in one commit, instead of "
                   "printing the values");
    arguments.Footer(
        "Over what is valid now, or at --as-of. --write removes the property where there is no "
        "value.");
  }

  absl::Status Run(CommandContext& context) override {
    if (!write_property_.empty() && top_ > 0) {
      return UsageError("--write writes all values, so it does not go with --top");
    }
    RELATA_ASSIGN_OR_RETURN(const v1::RunAlgorithmRequest request, Request(context));
    // Before the run: it may be long, or fail for want of what is named wrongly.
    NoteUnknownNames(context, {.labels = labels_, .types = types_, .properties = {weight_}});
    v1::RunAlgorithmResponse answer;
    {
      std::string stage;
      std::optional<Progress> progress;
      RELATA_RETURN_IF_ERROR(context.client().RunAlgorithm(
          request, [&](const v1::RunAlgorithmResponse& part) -> absl::Status {
            if (part.has_progress()) {
              const auto& now = part.progress();
              if (!progress || now.stage() != stage) {
                stage = now.stage();
                progress.emplace(&context.err(), context.err_is_terminal(), context.clock(), stage,
                                 "steps", static_cast<int64_t>(now.total()));
              }
              progress->Update(static_cast<int64_t>(now.done()), static_cast<int64_t>(now.done()));
            }
            for (const Row& row : part.rows()) *answer.add_rows() = row;
            if (part.has_summary()) *answer.mutable_summary() = part.summary();
            return absl::OkStatus();
          }));
    }
    if (!write_property_.empty()) return PrintWritten(context, answer);
    KeepTop(&answer);
    Table table({"entity", answer.summary().value_name()});
    table.set_when_empty("no entity has a value");
    for (const Row& row : answer.rows()) table.AddRow({NameOf(row), ValueText(row)});
    RELATA_RETURN_IF_ERROR(context.Print(table, answer, "rows"));
    Summarize(context, answer.summary());
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<v1::RunAlgorithmRequest> Request(const CommandContext& context) const {
    v1::RunAlgorithmRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    request.set_algorithm(algorithm_);
    for (const std::string& label : labels_) request.add_labels(label);
    for (const std::string& type : types_) request.add_types(type);
    request.set_orientation(orientation_ == "directed"  ? v1::RunAlgorithmRequest::DIRECTED
                            : orientation_ == "reverse" ? v1::RunAlgorithmRequest::REVERSE
                            : orientation_ == "undirected"
                                ? v1::RunAlgorithmRequest::UNDIRECTED
                                : v1::RunAlgorithmRequest::ORIENTATION_UNSPECIFIED);
    if (!source_.empty()) {
      RELATA_ASSIGN_OR_RETURN(*request.mutable_source(), FindEntity(context, source_));
    }
    request.set_weight(weight_);
    if (default_weight_) request.set_default_weight(*default_weight_);
    if (damping_) request.set_damping(*damping_);
    if (iterations_) request.set_iterations(static_cast<int32_t>(*iterations_));
    if (tolerance_) request.set_tolerance(*tolerance_);
    request.set_samples(static_cast<uint64_t>(samples_));
    request.set_write_property(write_property_);
    return request;
  }

  absl::Status PrintWritten(CommandContext& context, const v1::RunAlgorithmResponse& answer) const {
    const auto& summary = answer.summary();
    Table table({"property", "written", "version"});
    table.AddRow({write_property_, absl::StrCat(summary.written()),
                  summary.commit_version() == 0 ? "" : absl::StrCat(summary.commit_version())});
    RELATA_RETURN_IF_ERROR(context.Print(table, answer, "rows"));
    Summarize(context, summary);
    return absl::OkStatus();
  }

  // Ties in the order of ids.
  void KeepTop(v1::RunAlgorithmResponse* answer) const {
    if (top_ == 0) return;
    auto& rows = *answer->mutable_rows();
    std::stable_sort(rows.pointer_begin(), rows.pointer_end(),
                     [](const Row* a, const Row* b) { return NumberOf(*a) > NumberOf(*b); });
    if (rows.size() > top_) {
      rows.DeleteSubrange(static_cast<int>(top_), rows.size() - static_cast<int>(top_));
    }
  }

  static void Summarize(const CommandContext& context,
                        const v1::RunAlgorithmResponse::Summary& summary) {
    std::string text = absl::StrCat(summary.vertices(), " entities, ", summary.arcs(), " arcs");
    if (!summary.name().empty()) absl::StrAppend(&text, ", ", summary.name(), " ", summary.value());
    context.Note(text);
  }

  std::string algorithm_;
  std::vector<std::string> labels_;
  std::vector<std::string> types_;
  std::string orientation_ = "default";
  std::string source_;
  std::string weight_;
  std::optional<double> default_weight_;
  std::optional<double> damping_;
  std::optional<int64_t> iterations_;
  std::optional<double> tolerance_;
  int64_t samples_ = 0;
  int64_t top_ = 0;
  std::string write_property_;
};

}  // namespace

std::unique_ptr<Command> MakeAlgorithmCommand() { return std::make_unique<AlgorithmCommand>(); }

}  // namespace relata
