#include "bench/relata_bench/question.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "bench/relata_bench/csv_file.h"

namespace relata::bench {
namespace {

constexpr size_t kWholeGraphDraws = 10;
constexpr size_t kDateLength = 10;

double Sum(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

absl::StatusOr<Answer> CompanyAnswer(const ResultTable& table) {
  if (table.rows != 1) return absl::InvalidArgumentError("Q1 must give one row");
  const auto text = [&](size_t column) { return table.columns[column].texts.front(); };
  return Answer{absl::StrCat(text(0), "|", text(1), "|", table.columns[2].DateAt(0))};
}

Answer TimelineAnswer(const ResultTable& table) {
  return {static_cast<double>(table.rows), Sum(table.columns[1].numbers),
          table.rows == 0 ? "" : table.columns[0].DateAt(table.rows - 1)};
}

Answer CountriesAnswer(const ResultTable& table) {
  const std::vector<std::string>& countries = table.columns[0].texts;
  const std::vector<double>& sums = table.columns[1].numbers;
  const auto us = std::find(countries.begin(), countries.end(), "US");
  return {static_cast<double>(table.rows), Sum(sums),
          us == countries.end() ? 0.0 : sums[static_cast<size_t>(us - countries.begin())]};
}

}  // namespace

const std::vector<QuestionDefinition>& AllQuestions() {
  static const auto* const kQuestions = new std::vector<QuestionDefinition>{
      {Question::kQ1,
       "Q1",
       {{"id"}},
       "MATCH (c:Company {id: $id}) RETURN c.name, c.country, c.founded",
       ""},
      {Question::kQ2,
       "Q2",
       {{"id"}},
       "MATCH (:Company {id: $id})-[t:TRANSFERRED]->(n) RETURN n.id, t.amount, validFrom(t)",
       ""},
      {Question::kQ3,
       "Q3",
       {{"id"}},
       "MATCH WALK (:Company {id: $id})-[:TRANSFERRED]->{3}(n) RETURN count(DISTINCT n)",
       ""},
      {Question::kQ4,
       "Q4",
       {{"id"}, {"since", false}},
       "MATCH TRAIL ()-[r:INVESTED_IN WHERE validFrom(r) >= datetime($since)]->{1,4}"
       "(:Company {id: $id}) "
       "RETURN reduce(product = 1.0, e IN r | product * e.share) AS share "
       "ORDER BY share DESC LIMIT 10",
       "MATCH (c:Company {id: $id}) CALL relata.chains(c, '<INVESTED_IN', {maxHops: 4, "
       "mode: 'TRAIL', startedFrom: $since, limit: 10}) YIELD shareLow RETURN shareLow"},
      {Question::kQ5,
       "Q5",
       {{"src"}, {"dst"}},
       "MATCH p = ANY SHORTEST (:Company {id: $src})-[:TRANSFERRED]->{1,10}(:Company {id: $dst}) "
       "RETURN length(p)",
       "MATCH (a:Company {id: $src}), (b:Company {id: $dst}) CALL relata.paths(a, b, "
       "{steps: 'TRANSFERRED>', maxHops: 10}) YIELD length RETURN length"},
      {Question::kQ6,
       "Q6",
       {{"id"}},
       "MATCH (:Company {id: $id})-[:INVESTED_IN]-{0,2}(c:Company) WITH DISTINCT c "
       "MATCH (c)<-[e:REGULATED]-(g) "
       "RETURN validFrom(e) AS date, c.id AS company, g.id AS regulator "
       "ORDER BY date, company, regulator LIMIT 100",
       "MATCH (s:Company {id: $id}) CALL relata.timeline(s, '<REGULATED', {via: 'INVESTED_IN', "
       "maxHops: 2, limit: 100}) YIELD date, subject, actor RETURN date, subject.id, actor.id"},
      {Question::kQ7,
       "Q7",
       {},
       "MATCH (s)-[r:INVESTED_IN]->() RETURN s.country, sum(r.amount)",
       ""},
      {Question::kQ9,
       "Q9",
       {},
       "MATCH (a)-[:TRANSFERRED]->(b)-[:TRANSFERRED]->(c) RETURN count(*)",
       ""},
  };
  return *kQuestions;
}

absl::StatusOr<std::vector<QuestionDefinition>> ParseQuestions(absl::string_view names) {
  if (names.empty()) return AllQuestions();
  std::vector<QuestionDefinition> questions;
  for (const absl::string_view name : absl::StrSplit(names, ',')) {
    const auto it = std::find_if(AllQuestions().begin(), AllQuestions().end(),
                                 [&](const QuestionDefinition& q) { return q.name == name; });
    if (it == AllQuestions().end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no question ", name, "; there are Q1 to Q7 and Q9"));
    }
    questions.push_back(*it);
  }
  return questions;
}

absl::StatusOr<std::vector<Draw>> ReadDraws(const std::string& folder,
                                            const QuestionDefinition& question) {
  if (question.parameters.empty()) return std::vector<Draw>(kWholeGraphDraws);
  std::vector<Draw> draws;
  RELATA_RETURN_IF_ERROR(
      ForEachRow(absl::StrCat(folder, "/params/q", question.name.substr(1), ".csv"),
                 question.parameters.size(), [&](const CsvRow& row) {
                   draws.emplace_back(row.begin(), row.end());
                   return absl::OkStatus();
                 }));
  return draws;
}

absl::StatusOr<Answer> AnswerFromTable(Question question, const ResultTable& table) {
  static constexpr size_t kColumns[] = {3, 3, 1, 1, 1, 3, 2, 1};
  const size_t columns = kColumns[static_cast<size_t>(question)];
  if (table.columns.size() != columns) {
    return absl::InvalidArgumentError(
        absl::StrCat("the result has ", table.columns.size(), " columns, not ", columns));
  }
  switch (question) {
    case Question::kQ1:
      return CompanyAnswer(table);
    case Question::kQ2:
      return CountAndSum(table.rows, Sum(table.columns[1].numbers));
    case Question::kQ4:
      return CountAndSum(table.rows, Sum(table.columns[0].numbers));
    case Question::kQ5:
      return Single(table.rows == 0 ? -1.0 : table.columns[0].numbers.front());
    case Question::kQ6:
      return TimelineAnswer(table);
    case Question::kQ7:
      return CountriesAnswer(table);
    case Question::kQ3:
    case Question::kQ9:
      break;
  }
  if (table.rows != 1) return absl::InvalidArgumentError("a count must be one row");
  return Single(table.columns[0].numbers.front());
}

std::string ResultColumn::DateAt(size_t row) const {
  if (instants.empty()) return texts[row].substr(0, kDateLength);
  return absl::FormatTime("%E4Y-%m-%d", absl::FromUnixMicros(instants[row]), absl::UTCTimeZone());
}

std::string NodeKey(int64_t id) { return absl::StrCat("n/", id); }

}  // namespace relata::bench
