#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "tests/query/differential/naive_evaluator.h"

namespace relata::differential {

using query::Datum;

bool EquivalentRows(const std::vector<Datum>& a, const std::vector<Datum>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), query::EquivalentData);
}

namespace {

void RemoveRepeats(std::vector<std::vector<Datum>>& rows) {
  std::vector<std::vector<Datum>> kept;
  for (std::vector<Datum>& row : rows) {
    const bool seen = std::any_of(kept.begin(), kept.end(), [&](const std::vector<Datum>& other) {
      return EquivalentRows(row, other);
    });
    if (!seen) kept.push_back(std::move(row));
  }
  rows = std::move(kept);
}

bool Aggregates(const Projection& projection) {
  return std::any_of(projection.items.begin(), projection.items.end(),
                     [](const auto& item) { return HasAggregate(item.first); });
}

}  // namespace

absl::StatusOr<Table> NaiveEvaluator::Run(const Query& query) {
  Table all;
  for (const SingleQuery& part : query.parts) {
    RELATA_ASSIGN_OR_RETURN(Table table, RunPart(part));
    all.columns = table.columns;
    for (std::vector<Datum>& row : table.rows) all.rows.push_back(std::move(row));
  }
  if (query.parts.size() > 1 && !query.union_all) RemoveRepeats(all.rows);
  return all;
}

absl::StatusOr<Table> NaiveEvaluator::RunPart(const SingleQuery& part) {
  Rows rows(1);
  for (const Clause& clause : part.clauses) {
    RELATA_ASSIGN_OR_RETURN(rows, RunClause(clause, rows));
  }
  Table table;
  for (const auto& [expression, alias] : part.clauses.back().projection.items) {
    table.columns.push_back(alias);
  }
  for (const Row& row : rows) {
    std::vector<Datum> values;
    for (const std::string& column : table.columns) values.push_back(row.at(column));
    table.rows.push_back(std::move(values));
  }
  return table;
}

absl::StatusOr<NaiveEvaluator::Rows> NaiveEvaluator::RunClause(const Clause& clause,
                                                               const Rows& rows) {
  switch (clause.kind) {
    case Clause::Kind::kMatch:
    case Clause::Kind::kOptionalMatch:
      return RunMatch(clause, rows);
    case Clause::Kind::kUnwind:
      return RunUnwind(clause, rows);
    case Clause::Kind::kWith:
    case Clause::Kind::kReturn:
      break;
  }
  RELATA_ASSIGN_OR_RETURN(Rows projected, Project(clause.projection, rows));
  if (!clause.where) return projected;
  Rows kept;
  for (Row& row : projected) {
    RELATA_ASSIGN_OR_RETURN(const bool holds, Holds(*clause.where, row));
    if (holds) kept.push_back(std::move(row));
  }
  return kept;
}

absl::StatusOr<NaiveEvaluator::Rows> NaiveEvaluator::RunMatch(const Clause& clause,
                                                              const Rows& rows) {
  Rows matched;
  for (const Row& row : rows) {
    const size_t before = matched.size();
    RELATA_RETURN_IF_ERROR(
        MatchPatterns(clause.patterns, row, [&](const Row& found) -> absl::Status {
          if (clause.where) {
            RELATA_ASSIGN_OR_RETURN(const bool holds, Holds(*clause.where, found));
            if (!holds) return absl::OkStatus();
          }
          matched.push_back(found);
          return absl::OkStatus();
        }));
    if (clause.kind == Clause::Kind::kMatch || matched.size() > before) continue;
    Row missing = row;  // what OPTIONAL MATCH would have bound is null; insert keeps what is there
    for (const Pattern& pattern : clause.patterns) {
      if (!pattern.variable.empty()) missing.insert({pattern.variable, Datum()});
      for (const NodePattern& node : pattern.nodes) {
        if (!node.variable.empty()) missing.insert({node.variable, Datum()});
      }
      for (const HopPattern& hop : pattern.hops) {
        if (!hop.variable.empty()) missing.insert({hop.variable, Datum()});
      }
    }
    matched.push_back(std::move(missing));
  }
  return matched;
}

absl::StatusOr<NaiveEvaluator::Rows> NaiveEvaluator::RunUnwind(const Clause& clause,
                                                               const Rows& rows) {
  Rows unwound;
  for (const Row& row : rows) {
    RELATA_ASSIGN_OR_RETURN(const Datum list, Evaluate(clause.list, row));
    if (list.is_null()) continue;
    for (const Datum& item : list.AsList()) {
      RELATA_RETURN_IF_ERROR(CountStep());
      Row next = row;
      next[clause.variable] = item;
      unwound.push_back(std::move(next));
    }
  }
  return unwound;
}

absl::StatusOr<NaiveEvaluator::Rows> NaiveEvaluator::Project(const Projection& projection,
                                                             const Rows& rows) {
  std::vector<std::pair<Row, Row>> projected;
  if (Aggregates(projection)) {
    RELATA_ASSIGN_OR_RETURN(projected, ProjectGroups(projection, rows));
  } else {
    RELATA_ASSIGN_OR_RETURN(projected, ProjectEach(projection, rows));
  }
  RELATA_RETURN_IF_ERROR(Sort(projection, projected));
  Rows result;
  const size_t skip = projection.skip ? static_cast<size_t>(*projection.skip) : 0;
  for (size_t i = skip; i < projected.size(); ++i) {
    if (projection.limit && result.size() >= static_cast<size_t>(*projection.limit)) break;
    result.push_back(std::move(projected[i].first));
  }
  return result;
}

absl::StatusOr<std::vector<std::pair<NaiveEvaluator::Row, NaiveEvaluator::Row>>>
NaiveEvaluator::ProjectEach(const Projection& projection, const Rows& rows) {
  std::vector<std::pair<Row, Row>> projected;
  for (const Row& row : rows) {
    Row values;
    for (const auto& [expression, alias] : projection.items) {
      RELATA_ASSIGN_OR_RETURN(values[alias], Evaluate(expression, row));
    }
    if (projection.distinct) {
      bool seen = false;
      for (const auto& [other, scope] : projected) {
        RELATA_RETURN_IF_ERROR(CountStep());
        seen = seen || std::equal(values.begin(), values.end(), other.begin(), other.end(),
                                  [](const auto& a, const auto& b) {
                                    return query::EquivalentData(a.second, b.second);
                                  });
      }
      if (!seen) projected.emplace_back(values, values);
      continue;
    }
    Row scope = row;
    for (const auto& [alias, value] : values) scope[alias] = value;
    projected.emplace_back(std::move(values), std::move(scope));
  }
  return projected;
}

absl::StatusOr<std::vector<std::pair<NaiveEvaluator::Row, NaiveEvaluator::Row>>>
NaiveEvaluator::ProjectGroups(const Projection& projection, const Rows& rows) {
  std::vector<std::pair<std::vector<Datum>, Rows>> groups;
  bool has_keys = false;
  for (const auto& [expression, alias] : projection.items) has_keys |= !HasAggregate(expression);
  if (!has_keys) groups.emplace_back();  // one group, also of no rows
  for (const Row& row : rows) {
    std::vector<Datum> keys;
    for (const auto& [expression, alias] : projection.items) {
      if (HasAggregate(expression)) continue;
      RELATA_ASSIGN_OR_RETURN(Datum key, Evaluate(expression, row));
      keys.push_back(std::move(key));
    }
    RELATA_RETURN_IF_ERROR(CountStep());
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& candidate) {
      return EquivalentRows(candidate.first, keys);
    });
    if (group == groups.end()) group = groups.insert(groups.end(), {keys, {}});
    group->second.push_back(row);
  }
  std::vector<std::pair<Row, Row>> projected;
  for (const auto& [keys, members] : groups) {
    Row values;
    size_t next_key = 0;
    for (const auto& [expression, alias] : projection.items) {
      if (!HasAggregate(expression)) {
        values[alias] = keys[next_key++];
        continue;
      }
      RELATA_ASSIGN_OR_RETURN(values[alias], Evaluate(expression, Row(), &members));
    }
    projected.emplace_back(values, values);
  }
  if (projection.distinct) {
    std::vector<std::pair<Row, Row>> kept;
    for (auto& entry : projected) {
      const bool seen = std::any_of(kept.begin(), kept.end(), [&](const auto& other) {
        return std::equal(
            entry.first.begin(), entry.first.end(), other.first.begin(),
            [](const auto& a, const auto& b) { return query::EquivalentData(a.second, b.second); });
      });
      if (!seen) kept.push_back(std::move(entry));
    }
    projected = std::move(kept);
  }
  return projected;
}

absl::Status NaiveEvaluator::Sort(const Projection& projection,
                                  std::vector<std::pair<Row, Row>>& rows) {
  if (projection.order.empty()) return absl::OkStatus();
  std::vector<std::pair<std::vector<Datum>, size_t>> keyed;
  for (size_t i = 0; i < rows.size(); ++i) {
    std::vector<Datum> keys;
    for (const SortItem& item : projection.order) {
      RELATA_ASSIGN_OR_RETURN(Datum key, Evaluate(item.expression, rows[i].second));
      keys.push_back(std::move(key));
    }
    keyed.emplace_back(std::move(keys), i);
  }
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    for (size_t k = 0; k < projection.order.size(); ++k) {
      const int order = query::CompareOrder(a.first[k], b.first[k]);
      if (order != 0) return projection.order[k].descending ? order > 0 : order < 0;
    }
    return false;
  });
  std::vector<std::pair<Row, Row>> sorted;
  sorted.reserve(keyed.size());
  for (const auto& [keys, place] : keyed) sorted.push_back(std::move(rows[place]));
  rows = std::move(sorted);
  return absl::OkStatus();
}

}  // namespace relata::differential
