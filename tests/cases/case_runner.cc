#include "tests/cases/case_runner.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace relata {
namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 1e-9;

bool Same(const Json& expected, const Json& actual, bool ordered);

bool SameNumber(const Json& a, const Json& b) {
  if (a.is_number_integer() && b.is_number_integer()) return a == b;
  // An integer and a float64 of a property are different answers only beyond the tolerance (S7).
  return std::abs(a.get<double>() - b.get<double>()) <= kTolerance;
}

bool SameObject(const Json& expected, const Json& actual, bool ordered) {
  for (const auto& [name, value] : expected.items()) {
    const bool any_text = (name == "from_text" || name == "to_text") && value.is_null();
    if (any_text) continue;
    if (!actual.contains(name) || !Same(value, actual[name], ordered)) return false;
  }
  for (const auto& [name, value] : actual.items()) {
    if (!expected.contains(name)) return false;
  }
  return true;
}

bool SameMultiset(const Json& expected, const Json& actual) {
  std::vector<bool> used(actual.size(), false);
  for (const Json& wanted : expected) {
    size_t i = 0;
    while (i < actual.size() && (used[i] || !Same(wanted, actual[i], /*ordered=*/false))) ++i;
    if (i == actual.size()) return false;
    used[i] = true;
  }
  return true;
}

bool Same(const Json& expected, const Json& actual, bool ordered) {
  if (expected.is_number() && actual.is_number()) return SameNumber(expected, actual);
  if (expected.type() != actual.type()) return false;
  if (expected.is_object()) return SameObject(expected, actual, ordered);
  if (!expected.is_array()) return expected == actual;
  if (expected.size() != actual.size()) return false;
  if (!ordered) return SameMultiset(expected, actual);
  return std::equal(expected.begin(), expected.end(), actual.begin(),
                    [](const Json& a, const Json& b) { return Same(a, b, true); });
}

const char* CodeName(const absl::Status& status) {
  static thread_local std::string name;
  name = absl::StatusCodeToString(status.code());
  return name.c_str();
}

bool IsExpectedError(const Json& expect, const absl::Status& status) {
  if (!expect.is_object() || !expect.contains("error")) return false;
  const Json& codes = expect["error"];
  return std::find(codes.begin(), codes.end(), CodeName(status)) != codes.end();
}

bool ExpectsError(const Json& expect) { return expect.is_object() && expect.contains("error"); }

// Runs one case; adds to `counts`.
class OneCase {
 public:
  OneCase(const Json& json, CaseBackend& backend,
          const std::function<void(const std::string&)>& report, CaseCounts& counts)
      : json_(json), backend_(backend), report_(report), counts_(counts) {}

  void Run() {
    size_t i = 0;
    for (const Json& op : json_["ops"]) RunOp(op, i++);
    i = 0;
    for (const Json& question : json_["questions"]) RunQuestion(question, i++);
  }

 private:
  void RunOp(const Json& op, size_t index) {
    const std::string what = absl::StrCat("op ", index);
    if (op.contains("clock")) Check(what, backend_.SetClock(op["clock"]));
    const Json expect = op.value("expect", Json());
    if (op.contains("answer_system_time")) {
      Outcome(what, expect, backend_.AnswerSystemTime(op["answer_system_time"]), Json(), Json());
      return;
    }
    const absl::StatusOr<uint64_t> version = backend_.Commit(op);
    const Json wanted =
        expect.is_object() && expect.contains("version") ? expect["version"] : Json();
    Outcome(what, expect, version.status(), wanted, version.ok() ? Json(*version) : Json());
  }

  void RunQuestion(const Json& question, size_t index) {
    const std::string ask = question["ask"];
    const std::string what = absl::StrCat("question ", index, " (", ask, ")");
    const Json& at = question.contains("at") ? question["at"] : Json::object();
    if (at.contains("clock")) Check(what, backend_.SetClock(at["clock"]));
    const absl::StatusOr<Json> answer = backend_.Ask(question);
    if (absl::IsUnimplemented(answer.status())) {
      ++counts_.skipped;
      return;
    }
    const Json& expect = question["expect"];
    if (ExpectsError(expect) || !answer.ok()) {
      Outcome(what, expect, answer.status(), Json(), Json());
      return;
    }
    if (SameAnswer(ask, expect, *answer)) {
      ++counts_.passed;
    } else {
      Fail(what, absl::StrCat("asked ", question["params"].dump(), " at ", at.dump(),
                              "\n    expected ", expect.dump(), "\n    got      ", answer->dump()));
    }
  }

  void Outcome(const std::string& what, const Json& expect, const absl::Status& status,
               const Json& wanted, const Json& got) {
    const bool right = ExpectsError(expect) ? !status.ok() && IsExpectedError(expect, status)
                                            : status.ok() && (wanted.is_null() || wanted == got);
    if (right) {
      ++counts_.passed;
    } else {
      Fail(what, absl::StrCat("expected ", expect.dump(), ", got ",
                              status.ok() ? got.dump() : status.ToString()));
    }
  }

  void Check(const std::string& what, const absl::Status& status) {
    if (!status.ok()) Fail(what, status.ToString());
  }

  void Fail(const std::string& what, const std::string& why) {
    ++counts_.failed;
    report_(absl::StrCat("FAILED ", json_["name"].get<std::string>(), ": ", what, ": ", why));
  }

  const Json& json_;
  CaseBackend& backend_;
  const std::function<void(const std::string&)>& report_;
  CaseCounts& counts_;
};

}  // namespace

bool SameAnswer(const std::string& ask, const Json& expected, const Json& actual) {
  if (ask == "chains") {
    return Same(expected.value("chains", Json()), actual.value("chains", Json()), true) &&
           Same(expected.value("invalid_shares", Json()), actual.value("invalid_shares", Json()),
                false);
  }
  return Same(expected, actual, ask == "timeline");
}

absl::StatusOr<CaseCounts> RunCaseFile(const std::string& path, const BackendFactory& make,
                                       const std::function<void(const std::string&)>& report) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  const Json document = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded() || document.value("format", 0) != 1) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is no case file of format 1"));
  }
  CaseCounts counts;
  for (const Json& json : document["cases"]) {
    absl::StatusOr<std::unique_ptr<CaseBackend>> backend = make();
    if (!backend.ok()) return backend.status();
    OneCase(json, **backend, report, counts).Run();
  }
  return counts;
}

}  // namespace relata
