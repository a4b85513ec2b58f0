#ifndef RELATA_TESTS_QUERY_FINBENCH_ORACLE_H_
#define RELATA_TESTS_QUERY_FINBENCH_ORACLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace relata::finbench {

// One relationship; `from` and `to` are ids within their node types.
struct Edge {
  int64_t from = 0;
  int64_t to = 0;
  int64_t timestamp = 0;  // milliseconds; no two relationships of a graph have the same
  double amount = 0;      // a multiple of 0.25, so that sums are exact in any order
};

// A small generated graph. Ids count from 0 within a type. By relationship type, the types of whose
// ends differ named apart: OWN_P (Person), OWN_C (Company), APPLY, INVEST (Person -> Company),
// GUARANTEE (Person -> Person), TRANSFER, WITHDRAW, DEPOSIT, REPAY, SIGN_IN.
struct Graph {
  int64_t persons = 0, companies = 0, accounts = 0, loans = 0, media = 0;
  std::vector<bool> account_blocked, medium_blocked;
  std::vector<int64_t> account_created;  // milliseconds
  std::vector<std::string> account_type, medium_type;
  std::vector<double> loan_amount, loan_balance;
  std::map<std::string, std::vector<Edge>> edges;
};
Graph Generate(uint64_t seed);

struct Question {
  int64_t id = 0, id1 = 0, id2 = 0;
  double threshold = 0, threshold1 = 0, threshold2 = 0;
  int64_t start = 0, end = 0;
  int64_t truncation = 0;
};

// An integer, boolean or text as it is, a number with a fraction with three digits after the point.
using Row = std::vector<std::string>;
std::string Fraction(double value);

// The answer to `tcr1` .. `tcr12`, `tsr1` .. `tsr6` by loops over the arrays, in any order.
std::vector<Row> Answer(const Graph& graph, const std::string& query, const Question& question);

}  // namespace relata::finbench

#endif  // RELATA_TESTS_QUERY_FINBENCH_ORACLE_H_
