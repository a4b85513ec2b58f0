#include "client/cli/global_options.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "client/cli/exit_code.h"
#include "relata/v1/read.pb.h"

namespace relata {
namespace {

absl::Status PolicyError(absl::string_view what) {
  return UsageError(absl::StrCat(
      "--policy: ", what,
      ": write raw, or some of min_confidence=X, min_sources=N, trusted=KEY+KEY, barred=KEY+KEY, "
      "disputed=out, reported_until=DATE with commas between"));
}

absl::Status AddPolicyTerm(absl::string_view name, absl::string_view value,
                           v1::BeliefPolicy* policy) {
  const auto add_keys = [value](v1::BeliefPolicy::SourceList* list) {
    for (const absl::string_view key : absl::StrSplit(value, '+', absl::SkipEmpty())) {
      list->add_keys(std::string(key));
    }
    return absl::OkStatus();
  };
  if (name == "min_confidence") {
    double confidence = 0;
    if (!absl::SimpleAtod(value, &confidence) || !(confidence >= 0 && confidence <= 1)) {
      return PolicyError(absl::StrCat("min_confidence '", value, "' is no number from 0 to 1"));
    }
    policy->set_min_confidence(confidence);
    return absl::OkStatus();
  }
  if (name == "min_sources") {
    int32_t sources = 0;
    if (!absl::SimpleAtoi(value, &sources) || sources < 0) {
      return PolicyError(absl::StrCat("min_sources '", value, "' is no number"));
    }
    policy->set_min_sources(sources);
    return absl::OkStatus();
  }
  if (name == "trusted") return add_keys(policy->mutable_trusted());
  if (name == "barred") return add_keys(policy->mutable_barred());
  if (name == "disputed") {
    if (value != "out" && value != "in") {
      return PolicyError(absl::StrCat("disputed '", value, "' is neither out nor in"));
    }
    policy->set_hide_disputed(value == "out");
    return absl::OkStatus();
  }
  if (name == "reported_until") {
    policy->set_reported_until(std::string(value));
    return absl::OkStatus();
  }
  return PolicyError(absl::StrCat("there is no '", name, "'"));
}

absl::Status CheckTerms(const GlobalOptions& options, ReadTerms terms) {
  const bool valid_time =
      options.as_of || !options.between.empty() || options.all_times || options.certainly;
  if (valid_time && terms != ReadTerms::kAll) {
    return UsageError("this command takes no --as-of, --between, --all-times or --certainly");
  }
  if (options.policy && terms != ReadTerms::kAll && terms != ReadTerms::kVersionAndPolicy) {
    return UsageError("this command takes no --policy");
  }
  if (options.known_at && terms == ReadTerms::kNone) {
    return UsageError("this command takes no --known-at");
  }
  const int kinds =
      (options.as_of ? 1 : 0) + (options.between.empty() ? 0 : 1) + (options.all_times ? 1 : 0);
  if (kinds > 1) return UsageError("give one of --as-of, --between and --all-times");
  if (options.certainly && kinds == 0) {
    return UsageError("--certainly goes with --as-of, --between or --all-times");
  }
  return absl::OkStatus();
}

}  // namespace

void DeclareGlobalOptions(Arguments& arguments, GlobalOptions* options) {
  arguments.Text("--server", "HOST:PORT", &options->server,
                 "the server (RELATA_SERVER, else 127.0.0.1:7614)");
  arguments.Text("--database", "NAME", &options->database, "the database (main)");
  arguments.Choice("--format", {"table", "json", "jsonl", "csv"}, &options->format,
                   "how results are written");
  arguments.Text("--as-of", "T", &options->as_of,
                 "what was valid at this date or instant: 2026-03-11, 2026-03-11T10:00:00Z");
  arguments.TextPair("--between", "A B", &options->between,
                     "what was valid at some instant of [A, B); .. leaves an end open");
  arguments.Flag("--all-times", &options->all_times, "every fact, whenever valid");
  arguments.Flag("--certainly", &options->certainly,
                 "with one of these three: what was certainly valid, not possibly");
  arguments.Text("--known-at", "T|VERSION", &options->known_at,
                 "what the database held then: a date or instant, or (digits alone) a commit "
                 "version");
  arguments.Text("--policy", "POLICY", &options->policy,
                 "what to believe: raw, or some of min_confidence=X, min_sources=N, "
                 "trusted=KEY+KEY, barred=KEY+KEY, disputed=out, reported_until=DATE, with commas "
                 "between");
  arguments.Number("--timeout", "SECONDS", &options->timeout,
                   "give up after so long (60; import, export, algorithm, shell and watch: never)");
  arguments.Flag("--no-color", &options->no_color, "no colour, also on a terminal");
}

OutputFormat ParseOutputFormat(absl::string_view text) {
  if (text == "json") return OutputFormat::kJson;
  if (text == "jsonl") return OutputFormat::kJsonLines;
  if (text == "csv") return OutputFormat::kCsv;
  return OutputFormat::kTable;
}

v1::Consistency ParseKnownAt(absl::string_view text) {
  v1::Consistency consistency;
  uint64_t version = 0;
  if (absl::SimpleAtoi(text, &version)) {
    consistency.set_exact_version(version);
  } else {
    consistency.set_exact_time(std::string(text));
  }
  return consistency;
}

absl::StatusOr<v1::BeliefPolicy> ParsePolicy(absl::string_view text) {
  v1::BeliefPolicy policy;
  if (text == "raw") {
    policy.set_raw(true);
    return policy;
  }
  for (const absl::string_view term : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const size_t equals = term.find('=');
    if (equals == absl::string_view::npos) {
      return PolicyError(absl::StrCat("'", term, "' has no ="));
    }
    if (equals + 1 == term.size()) {
      return PolicyError(absl::StrCat("'", term, "' has nothing after the ="));
    }
    RELATA_RETURN_IF_ERROR(AddPolicyTerm(term.substr(0, equals), term.substr(equals + 1), &policy));
  }
  return policy;
}

absl::StatusOr<v1::ReadOptions> ReadOptionsFrom(const GlobalOptions& options, ReadTerms terms) {
  RELATA_RETURN_IF_ERROR(CheckTerms(options, terms));
  v1::ReadOptions read;
  read.set_database(options.database);
  if (options.known_at) *read.mutable_consistency() = ParseKnownAt(*options.known_at);
  if (options.as_of) read.mutable_valid_time()->set_instant(*options.as_of);
  if (!options.between.empty()) {
    auto* const window = read.mutable_valid_time()->mutable_window();
    window->set_from(options.between[0]);
    window->set_to(options.between[1]);
  }
  if (options.all_times) read.mutable_valid_time()->set_all(true);
  if (options.certainly) read.mutable_valid_time()->set_certainly(true);
  if (options.policy) {
    RELATA_ASSIGN_OR_RETURN(*read.mutable_policy(), ParsePolicy(*options.policy));
  }
  return read;
}

}  // namespace relata
