#ifndef RELATA_TESTS_BENCH_FINBENCH_UPDATED_GRAPH_H_
#define RELATA_TESTS_BENCH_FINBENCH_UPDATED_GRAPH_H_

#include <cstdint>
#include <set>
#include <string>

#include "bench/finbench/network.h"
#include "bench/finbench/operations.h"
#include "bench/finbench/workload.h"
#include "tests/query/finbench/oracle.h"

namespace relata::finbench {

// What the updates of a workload must do to a network, one after the other, over plain arrays.
class UpdatedGraph {
 public:
  // The network as it is at kSnapshotEnd.
  explicit UpdatedGraph(const Network& network);

  const Graph& graph() const { return graph_; }
  bool HasAccount(int64_t id) const { return accounts_.contains(id); }
  // Which of tw1 to tw19 and trw1 to trw3; the patterns of the read-writes are found by the oracle.
  Outcome Apply(const std::string& name, const Parameters& parameters);

 private:
  void AddSnapshot(const Network& network);
  bool Insert(const std::string& write, const Parameters& parameters);
  Outcome InsertChecked(const std::string& name, const Parameters& parameters);
  bool Detected(const std::string& name, const Parameters& parameters, int64_t from, int64_t to);
  bool DeleteAccount(int64_t account);
  void DeleteLoan(int64_t loan);
  bool IsBlocked(bool person, int64_t id) const;
  void Block(bool person, int64_t id);

  Graph graph_;
  std::set<int64_t> accounts_;  // that are there
  std::set<int64_t> loans_;
  std::set<int64_t> blocked_persons_;
};

}  // namespace relata::finbench

#endif  // RELATA_TESTS_BENCH_FINBENCH_UPDATED_GRAPH_H_
