#include "tests/tck/gherkin.h"

#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"

namespace relata {
namespace {

// A scenario as written: of an outline, before its examples are filled in.
struct Draft {
  std::string name;
  bool ignored = false;
  int line = 0;
  std::vector<GherkinStep> steps;
  bool outline = false;
  std::vector<GherkinTable> examples;
};

// Reads line by line; what a line belongs to follows from the section that was opened last.
class FeatureReader {
 public:
  FeatureReader(absl::string_view text, absl::string_view file)
      : lines_(absl::StrSplit(text, '\n')), file_(file) {
    for (absl::string_view& line : lines_) line = absl::StripSuffix(line, "\r");
    if (!lines_.empty()) absl::ConsumePrefix(&lines_[0], "\xEF\xBB\xBF");
  }

  absl::StatusOr<std::vector<GherkinScenario>> Read() {
    for (at_ = 0; at_ < lines_.size(); ++at_) {
      const absl::string_view line = absl::StripAsciiWhitespace(lines_[at_]);
      if (line.empty() || line[0] == '#') continue;
      RELATA_RETURN_IF_ERROR(ReadLine(line));
    }
    std::vector<GherkinScenario> scenarios;
    for (const Draft& draft : drafts_) RELATA_RETURN_IF_ERROR(Expand(draft, scenarios));
    return scenarios;
  }

 private:
  enum class Section { kNone, kFeature, kBackground, kScenario, kExamples };

  absl::Status Error(absl::string_view what, int line) const {
    return absl::InvalidArgumentError(absl::StrCat(file_, ":", line, ": ", what));
  }
  absl::Status Error(absl::string_view what) const {
    return Error(what, static_cast<int>(at_) + 1);
  }

  absl::Status ReadLine(absl::string_view line) {
    if (line[0] == '@') {
      for (absl::string_view tag : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
        if (tag == "@ignore") ignore_next_ = true;
      }
      return absl::OkStatus();
    }
    if (absl::StartsWith(line, "Feature:")) {
      section_ = Section::kFeature;
      return absl::OkStatus();
    }
    if (section_ == Section::kNone) return Error("expected `Feature:`");
    if (absl::StartsWith(line, "Background:")) {
      section_ = Section::kBackground;
      return absl::OkStatus();
    }
    for (absl::string_view keyword : {"Scenario Outline:", "Scenario Template:", "Scenario:"}) {
      absl::string_view name = line;
      if (absl::ConsumePrefix(&name, keyword)) return OpenScenario(name, keyword != "Scenario:");
    }
    if (absl::StartsWith(line, "Examples:") || absl::StartsWith(line, "Scenarios:")) {
      if (drafts_.empty() || !drafts_.back().outline) return Error("examples without an outline");
      section_ = Section::kExamples;
      drafts_.back().examples.emplace_back();
      return absl::OkStatus();
    }
    if (line[0] == '|') return ReadRow(line);
    if (absl::StartsWith(line, "\"\"\"") || absl::StartsWith(line, "```")) return ReadDocString();
    return ReadStep(line);
  }

  absl::Status OpenScenario(absl::string_view name, bool outline) {
    section_ = Section::kScenario;
    Draft draft;
    draft.name = std::string(absl::StripAsciiWhitespace(name));
    draft.ignored = std::exchange(ignore_next_, false);
    draft.line = static_cast<int>(at_) + 1;
    draft.outline = outline;
    drafts_.push_back(std::move(draft));
    return absl::OkStatus();
  }

  // Where steps go now; null outside of scenarios and background.
  std::vector<GherkinStep>* Steps() {
    if (section_ == Section::kBackground) return &background_;
    if (section_ == Section::kScenario) return &drafts_.back().steps;
    return nullptr;
  }

  absl::Status ReadStep(absl::string_view line) {
    std::vector<GherkinStep>* steps = Steps();
    if (steps != nullptr) {
      for (absl::string_view keyword : {"Given ", "When ", "Then ", "And ", "But ", "* "}) {
        absl::string_view text = line;
        if (!absl::ConsumePrefix(&text, keyword)) continue;
        GherkinStep step;
        step.text = std::string(absl::StripAsciiWhitespace(text));
        step.line = static_cast<int>(at_) + 1;
        steps->push_back(std::move(step));
        return absl::OkStatus();
      }
      if (!steps->empty()) return Error(absl::StrCat("neither a step nor a section: ", line));
    }
    // Free text is a description where one may stand: before the first step or table row.
    if (section_ == Section::kExamples && !drafts_.back().examples.back().empty()) {
      return Error(absl::StrCat("expected a table row: ", line));
    }
    return absl::OkStatus();
  }

  absl::Status ReadRow(absl::string_view line) {
    RELATA_ASSIGN_OR_RETURN(std::vector<std::string> row, SplitRow(line));
    if (section_ == Section::kExamples) {
      drafts_.back().examples.back().push_back(std::move(row));
      return absl::OkStatus();
    }
    std::vector<GherkinStep>* steps = Steps();
    if (steps == nullptr || steps->empty()) return Error("a table row without a step");
    GherkinStep& step = steps->back();
    if (!step.table) step.table.emplace();
    step.table->push_back(std::move(row));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> SplitRow(absl::string_view line) const {
    std::vector<std::string> cells;
    std::string cell;
    bool closed = true;
    for (size_t i = 1; i < line.size(); ++i) {
      const char c = line[i];
      closed = c == '|';
      if (closed) {
        cells.emplace_back(absl::StripAsciiWhitespace(cell));
        cell.clear();
      } else if (c == '\\' && i + 1 < line.size() &&
                 (line[i + 1] == '|' || line[i + 1] == '\\' || line[i + 1] == 'n')) {
        ++i;
        cell.push_back(line[i] == 'n' ? '\n' : line[i]);
      } else {
        cell.push_back(c);
      }
    }
    if (!closed) return Error("a table row must end with `|`");
    return cells;
  }

  absl::Status ReadDocString() {
    std::vector<GherkinStep>* steps = Steps();
    if (steps == nullptr || steps->empty()) return Error("a doc string without a step");
    const size_t indentation = lines_[at_].find_first_not_of(" \t");
    const absl::string_view fence = lines_[at_].substr(indentation, 3);
    const int opened = static_cast<int>(at_) + 1;
    std::string text;
    bool first = true;
    for (++at_; at_ < lines_.size(); ++at_) {
      absl::string_view line = lines_[at_];
      if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), fence)) {
        steps->back().doc_string = absl::StrReplaceAll(text, {{"\\\"\\\"\\\"", "\"\"\""}});
        return absl::OkStatus();
      }
      size_t blanks = 0;
      while (blanks < indentation && blanks < line.size() &&
             (line[blanks] == ' ' || line[blanks] == '\t')) {
        ++blanks;
      }
      absl::StrAppend(&text, first ? "" : "\n", line.substr(blanks));
      first = false;
    }
    return Error("this doc string has no end", opened);
  }

  absl::Status Expand(const Draft& draft, std::vector<GherkinScenario>& scenarios) const {
    if (!draft.outline) {
      scenarios.push_back(Filled(draft, draft.name, {}));
      return absl::OkStatus();
    }
    int number = 0;
    for (const GherkinTable& table : draft.examples) {
      if (table.empty()) return Error("an outline's examples are empty", draft.line);
      for (size_t row = 1; row < table.size(); ++row) {
        if (table[row].size() != table[0].size()) {
          return Error("an example row has another number of cells than the header", draft.line);
        }
        std::vector<std::pair<std::string, std::string>> cells;
        for (size_t i = 0; i < table[0].size(); ++i) {
          cells.emplace_back(absl::StrCat("<", table[0][i], ">"), table[row][i]);
        }
        scenarios.push_back(Filled(draft, absl::StrCat(draft.name, " #", ++number), cells));
      }
    }
    if (number == 0) return Error("an outline without examples", draft.line);
    return absl::OkStatus();
  }

  GherkinScenario Filled(const Draft& draft, std::string name,
                         const std::vector<std::pair<std::string, std::string>>& cells) const {
    GherkinScenario scenario;
    scenario.file = std::string(file_);
    scenario.name = std::move(name);
    scenario.ignored = draft.ignored;
    scenario.line = draft.line;
    scenario.steps = background_;
    for (GherkinStep step : draft.steps) {
      step.text = absl::StrReplaceAll(step.text, cells);
      if (step.doc_string) step.doc_string = absl::StrReplaceAll(*step.doc_string, cells);
      if (step.table) {
        for (std::vector<std::string>& row : *step.table) {
          for (std::string& cell : row) cell = absl::StrReplaceAll(cell, cells);
        }
      }
      scenario.steps.push_back(std::move(step));
    }
    return scenario;
  }

  std::vector<absl::string_view> lines_;
  const absl::string_view file_;
  size_t at_ = 0;
  Section section_ = Section::kNone;
  bool ignore_next_ = false;
  std::vector<GherkinStep> background_;
  std::vector<Draft> drafts_;
};

}  // namespace

absl::StatusOr<std::vector<GherkinScenario>> ParseFeature(absl::string_view text,
                                                          absl::string_view file) {
  return FeatureReader(text, file).Read();
}

}  // namespace relata
