#ifndef RELATA_BENCH_RELATA_BENCH_ASKER_H_
#define RELATA_BENCH_RELATA_BENCH_ASKER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/relata_bench/answer.h"
#include "bench/relata_bench/question.h"

namespace relata {

class Client;
class Database;
namespace query {
class QueryEngine;
}

namespace bench {

// One way to put the questions to the graph. Used by one thread at a time.
class Asker {
 public:
  virtual ~Asker() = default;
  // Whether it has a way to ask this question.
  virtual bool CanAsk(const QuestionDefinition& question) const = 0;
  // Asks, reads the whole answer and reduces it to what is compared.
  virtual absl::StatusOr<Answer> Ask(const QuestionDefinition& question, const Draw& draw) = 0;
};

// How a question goes in as text: as a pattern, or as a CALL of a procedure where there is one.
enum class TextForm { kPattern, kCall };

// Each borrows what it asks. Texts are asked of the state at a commit version; 0: the latest one.
// Through gRPC: the question's text, or the typed call.
std::unique_ptr<Asker> MakeQueryAsker(Client* client, TextForm form, uint64_t version = 0);
std::unique_ptr<Asker> MakeTypedAsker(Client* client);
// In this process, without a server: the text by the query engine, or the functions of
// graph/answers.
std::unique_ptr<Asker> MakeEngineAsker(query::QueryEngine* engine, TextForm form,
                                       uint64_t version = 0);
std::unique_ptr<Asker> MakeGraphAsker(Database* database);
// Over plain arrays, loaded from the CSV files of `folder`: what the answers must be, and a floor
// for what they cost. Fails as PlainGraph::Load.
absl::StatusOr<std::unique_ptr<Asker>> MakeOracleAsker(const std::string& folder);

}  // namespace bench
}  // namespace relata

#endif  // RELATA_BENCH_RELATA_BENCH_ASKER_H_
