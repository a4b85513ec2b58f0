#ifndef RELATA_BENCH_RELATA_BENCH_QUESTION_H_
#define RELATA_BENCH_RELATA_BENCH_QUESTION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "bench/relata_bench/answer.h"

namespace relata::bench {

// The reading questions of the peer benchmark; docs/benchmarks.md says what each asks.
enum class Question { kQ1, kQ2, kQ3, kQ4, kQ5, kQ6, kQ7, kQ9 };

// A parameter of a question: the column of the draws that it is read from, by position.
struct QuestionParameter {
  absl::string_view name;
  bool is_integer = true;
};

struct QuestionDefinition {
  Question question;
  absl::string_view name;                     // `Q1`
  std::vector<QuestionParameter> parameters;  // none: about the whole graph, asked 10 times
  absl::string_view text;                     // as a pattern of the query language
  absl::string_view call_text;                // as a CALL of a procedure; empty: there is none
};

// All, in the order of their numbers.
const std::vector<QuestionDefinition>& AllQuestions();

// Those that `names` lists (`Q1,Q5`), in that order; empty: all. INVALID_ARGUMENT names an unknown
// one.
absl::StatusOr<std::vector<QuestionDefinition>> ParseQuestions(absl::string_view names);

// The parameters of one time that a question is asked, as texts.
using Draw = std::vector<std::string>;

// The draws of a question, of `folder`/params; ten empty ones for the whole graph. NOT_FOUND.
absl::StatusOr<std::vector<Draw>> ReadDraws(const std::string& folder,
                                            const QuestionDefinition& question);

// What is compared, from the rows of the question's text. INVALID_ARGUMENT where the rows do not
// look as they should.
absl::StatusOr<Answer> AnswerFromTable(Question question, const ResultTable& table);

// The stable key of the entity with an id, as the mapping `key=n/{id}` of a load makes it.
std::string NodeKey(int64_t id);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_QUESTION_H_
