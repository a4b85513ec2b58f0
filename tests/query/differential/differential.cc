#include "tests/query/differential/differential.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tests/query/differential/query_generator.h"

namespace relata::differential {

using query::Datum;

namespace {

constexpr int64_t kNaiveSteps = 300'000;
constexpr char kNaive[] = "the naive evaluator: ";
constexpr char kTwoAnswers[] = "\nthe engine: ";

// Floats that differ by less are held to be the same number, summed in another order.
constexpr double kRelativeError = 1e-12;

bool AlmostSame(const Datum& a, const Datum& b) {
  if (query::EquivalentData(a, b)) return true;
  if (a.kind() != b.kind()) return false;
  if (a.kind() == Datum::Kind::kFloat) {
    const double x = a.AsFloat();
    const double y = b.AsFloat();
    return std::abs(x - y) <= kRelativeError * std::max(std::abs(x), std::abs(y));
  }
  if (a.is_list()) {
    return std::equal(a.AsList().begin(), a.AsList().end(), b.AsList().begin(), b.AsList().end(),
                      AlmostSame);
  }
  return a.is_map() && std::equal(a.AsMap().begin(), a.AsMap().end(), b.AsMap().begin(),
                                  b.AsMap().end(), [](const auto& x, const auto& y) {
                                    return x.first == y.first && AlmostSame(x.second, y.second);
                                  });
}

bool AlmostSameRows(const std::vector<Datum>& a, const std::vector<Datum>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), AlmostSame);
}

// Almost the same values are in no order, so that rows which are alike but for last digits stand in
// the same place.
bool RowLess(const std::vector<Datum>& a, const std::vector<Datum>& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (AlmostSame(a[i], b[i])) continue;
    return query::CompareOrder(a[i], b[i]) < 0;
  }
  return a.size() < b.size();
}

void SortBags(const std::vector<std::string>& columns, Answer& answer) {
  for (std::vector<Datum>& row : answer) {
    for (size_t c = 0; c < columns.size() && c < row.size(); ++c) {
      if (!absl::StartsWith(columns[c], "bag") || !row[c].is_list()) continue;
      Datum::List items = row[c].AsList();
      std::sort(items.begin(), items.end(),
                [](const Datum& x, const Datum& y) { return query::CompareOrder(x, y) < 0; });
      row[c] = Datum::Of(std::move(items));
    }
  }
}

template <typename T>
void EraseAt(std::vector<T>& from, size_t at) {
  from.erase(from.begin() + static_cast<std::ptrdiff_t>(at));
}

// Queries that are smaller by one part: a clause, a condition, an item, an order.
std::vector<Query> Smaller(const Query& query) {
  std::vector<Query> smaller;
  const auto without = [&](const std::function<void(Query&)>& drop) {
    smaller.push_back(query);
    drop(smaller.back());
  };
  for (size_t p = 0; p < query.parts.size(); ++p) {
    if (query.parts.size() > 1) without([&](Query& q) { EraseAt(q.parts, p); });
    const std::vector<Clause>& clauses = query.parts[p].clauses;
    for (size_t c = 0; c < clauses.size(); ++c) {
      const auto clause = [p, c](Query& q) -> Clause& { return q.parts[p].clauses[c]; };
      if (c + 1 < clauses.size()) {
        without([&](Query& q) { EraseAt(q.parts[p].clauses, c); });
      }
      if (clauses[c].where) {
        without([&](Query& q) { clause(q).where.reset(); });
        for (const Expression& operand : clauses[c].where->operands) {
          without([&](Query& q) { clause(q).where = operand; });
        }
      }
      const Projection& projection = clauses[c].projection;
      if (!projection.order.empty()) {
        without([&](Query& q) {
          Projection& target = clause(q).projection;
          target.order.clear();
          target.skip.reset();
          target.limit.reset();
        });
      }
      if (projection.distinct) without([&](Query& q) { clause(q).projection.distinct = false; });
      for (size_t i = 0; projection.items.size() > 1 && i < projection.items.size(); ++i) {
        without([&](Query& q) { EraseAt(clause(q).projection.items, i); });
      }
      for (size_t i = 0; clauses[c].patterns.size() > 1 && i < clauses[c].patterns.size(); ++i) {
        without([&](Query& q) { EraseAt(clause(q).patterns, i); });
      }
      for (size_t i = 0; i < clauses[c].patterns.size(); ++i) {
        if (clauses[c].patterns[i].hops.empty()) continue;
        without([&](Query& q) {
          clause(q).patterns[i].hops.pop_back();
          clause(q).patterns[i].nodes.pop_back();
        });
      }
    }
  }
  return smaller;
}

}  // namespace

bool SameAnswers(const std::vector<std::string>& columns, bool ordered, Answer a, Answer b) {
  if (a.size() != b.size()) return false;
  SortBags(columns, a);
  SortBags(columns, b);
  if (!ordered) {
    std::sort(a.begin(), a.end(), RowLess);
    std::sort(b.begin(), b.end(), RowLess);
  }
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), AlmostSameRows);
}

std::string AnswerText(const Answer& answer, size_t most) {
  std::string text = absl::StrCat(answer.size(), " rows\n");
  for (size_t i = 0; i < answer.size() && i < most; ++i) {
    for (const Datum& value : answer[i]) absl::StrAppend(&text, "  ", value.ToString());
    absl::StrAppend(&text, "\n");
  }
  return text;
}

bool IsOrdered(const Query& query) {
  const Projection& last = query.parts.back().clauses.back().projection;
  if (query.parts.size() > 1 || last.order.empty()) return false;
  return std::all_of(last.items.begin(), last.items.end(), [&](const auto& item) {
    return std::any_of(last.order.begin(), last.order.end(), [&](const SortItem& sort) {
      return sort.expression.kind == Expression::Kind::kVariable &&
             sort.expression.name == item.second;
    });
  });
}

const std::vector<RunMode>& RunModes() {
  static const std::vector<RunMode>* const kModes = new std::vector<RunMode>{
      {"plain", 1024, true, true, 0},
      {"batches of one row", 1, true, true, 1},
      {"batches of two rows", 2, true, true, 0},
      {"no indexes", 1024, false, true, 0},
      {"no plan rules", 1024, true, false, 0},
      {"nothing on", 2, false, false, 1},
      {"by morsels", 2, true, true, 4, true},
  };
  return *kModes;
}

query::QueryOptions OptionsOf(const RunMode& mode) {
  query::QueryOptions options;
  options.batch_rows = mode.batch_rows;
  options.use_indexes = mode.use_indexes;
  options.use_plan_rules = mode.use_plan_rules;
  options.max_threads = mode.max_threads;
  if (mode.by_morsels) {
    options.morsel_rows = 0;
    options.morsel_ids = 2;
  }
  return options;
}

std::string DifferentialRun::Compare(const PlainGraph& graph, QueryDatabase& database,
                                     const Query& query, const std::vector<RunMode>& modes) {
  const absl::StatusOr<Table> expected = NaiveEvaluator(graph, kNaiveSteps).Run(query);
  if (!expected.ok()) {
    ++counts_.skipped;
    if (expected.status().code() != absl::StatusCode::kInternal) return "";
    return absl::StrCat(kNaive, expected.status().ToString());
  }
  ++counts_.pairs;
  counts_.with_rows += expected->rows.empty() ? 0 : 1;
  const std::string text = ToText(query);
  for (const RunMode& mode : modes) {
    ++counts_.runs;
    const absl::StatusOr<Answer> answer = database.Run(text, OptionsOf(mode));
    if (!answer.ok()) return absl::StrCat(mode.name, ": ", answer.status().ToString(), "\n");
    if (!SameAnswers(expected->columns, IsOrdered(query), expected->rows, *answer)) {
      return absl::StrCat(mode.name, kTwoAnswers, AnswerText(*answer, 20), kNaive,
                          AnswerText(expected->rows, 20));
    }
  }
  return "";
}

std::string DifferentialRun::CompareLimit(QueryDatabase& database, const Query& query,
                                          const Answer& whole) {
  const Projection& last = query.parts.back().clauses.back().projection;
  if (query.parts.size() > 1 || last.skip || last.limit || whole.empty()) return "";
  for (const auto& [expression, alias] : last.items) {
    if (absl::StartsWith(alias, "bag")) return "";
  }
  const size_t limit = 1 + whole.size() / 3;
  ++counts_.runs;
  const absl::StatusOr<Answer> cut =
      database.Run(absl::StrCat(ToText(query), " LIMIT ", limit), query::QueryOptions());
  if (!cut.ok()) return absl::StrCat("with LIMIT: ", cut.status().ToString(), "\n");
  Answer left = whole;
  bool within = cut->size() == limit;
  for (const std::vector<Datum>& row : *cut) {
    const auto found = std::find_if(left.begin(), left.end(), [&](const std::vector<Datum>& other) {
      return EquivalentRows(row, other);
    });
    within = within && found != left.end();
    if (found != left.end()) left.erase(found);
  }
  if (within) return "";
  return absl::StrCat("with LIMIT ", limit, kTwoAnswers, AnswerText(*cut, 20), kNaive,
                      AnswerText(whole, 20));
}

Query DifferentialRun::Shrink(const PlainGraph& graph, QueryDatabase& database, Query query,
                              const std::vector<RunMode>& modes) {
  const Counts before = counts_;
  // What fails for another reason (a variable that is gone) is no smaller form of it.
  const std::string whole = Compare(graph, database, query, modes);
  const char* const sign = absl::StrContains(whole, kTwoAnswers) ? kTwoAnswers : "INTERNAL";
  const auto differs = [&](const Query& candidate) {
    const std::string difference = Compare(graph, database, candidate, modes);
    return absl::StrContains(difference, sign) && !absl::StartsWith(difference, kNaive);
  };
  bool smaller = absl::StrContains(whole, sign);
  while (smaller) {
    smaller = false;
    for (const Query& candidate : Smaller(query)) {
      if (!differs(candidate)) continue;
      query = candidate;
      smaller = true;
      break;
    }
  }
  counts_ = before;
  return query;
}

absl::StatusOr<std::string> DifferentialRun::ComparePartition(QueryDatabase& database,
                                                              const Query& query) {
  ++counts_.partitions;
  Query varied = query;
  std::optional<Expression>& where = varied.parts[0].clauses[0].where;
  const auto run = [&]() -> absl::StatusOr<Answer> {
    ++counts_.runs;
    return database.Run(ToText(varied));
  };
  Expression denied;
  denied.kind = Expression::Kind::kUnary;
  denied.name = "NOT";
  denied.operands = {*where};
  Expression unknown;
  unknown.kind = Expression::Kind::kIsNull;
  unknown.operands = {*where};
  Answer parts;
  for (const Expression& condition : {*where, denied, unknown}) {
    where = condition;
    RELATA_ASSIGN_OR_RETURN(const Answer part, run());
    parts.insert(parts.end(), part.begin(), part.end());
  }
  where.reset();
  RELATA_ASSIGN_OR_RETURN(const Answer whole, run());
  if (SameAnswers({}, false, whole, parts)) return "";
  return absl::StrCat("without the condition: ", AnswerText(whole, 20),
                      "where it holds, does not hold or is null: ", AnswerText(parts, 20));
}

absl::StatusOr<std::optional<Finding>> DifferentialRun::RunGraph(int queries, bool all_modes) {
  PlainGraph graph = RandomGraph(random_);
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<QueryDatabase> database, make_());
  RELATA_RETURN_IF_ERROR(database->Load(graph));
  if (OneIn(random_, 2)) RELATA_RETURN_IF_ERROR(database->CreateIndexes(random_));
  const auto finding = [&](const Query& query, const std::string& difference) {
    return Finding{absl::StrCat(CreateText(graph), ";\n\n", ToText(query), ";\n\n", difference)};
  };
  for (int i = 0; i < queries; ++i) {
    if (OneIn(random_, 20)) RELATA_RETURN_IF_ERROR(database->Reopen());
    if (OneIn(random_, 8)) {
      const Query query = DrawFilter(random_);
      RELATA_ASSIGN_OR_RETURN(const std::string difference, ComparePartition(*database, query));
      if (!difference.empty()) return finding(query, difference);
    }
    const Query query = DrawQuery(random_, QueryShape());
    std::vector<RunMode> modes = RunModes();
    if (!all_modes) modes = {modes[0], PickOne(random_, modes)};
    std::string difference = Compare(graph, *database, query, modes);
    if (difference.empty()) continue;
    const Query shrunk = Shrink(graph, *database, query, modes);
    const std::string smaller = Compare(graph, *database, shrunk, modes);
    return finding(shrunk, smaller.empty() ? difference : smaller);
  }
  return std::nullopt;
}

}  // namespace relata::differential
