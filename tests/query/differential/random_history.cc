#include "tests/query/differential/random_history.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "tests/graph/database_harness.h"

namespace relata::differential {

using query::Datum;

namespace {

constexpr int kFirstYear = 2018;
constexpr int kNodes = 7;
constexpr int kLinks = 10;

std::string Month(int months) {
  const int month = months % 12 + 1;
  return absl::StrCat(kFirstYear + months / 12, month < 10 ? "-0" : "-", month);
}

// Two months, the first before the second.
std::pair<std::string, std::string> RandomWindow(Random& random) {
  const int from = Below(random, 80);
  return {Month(from), Month(from + 1 + Below(random, 90 - from))};
}

// `cut`: the bounds are days, as what cuts facts asks; else months, which leave the day open.
std::string RandomPortion(Random& random, bool cut) {
  const auto [from, to] = RandomWindow(random);
  const std::string day = cut ? PickOne<std::string>(random, {"-01", "-01", "-17"}) : "";
  return absl::StrCat("FOR PORTION OF VALID_TIME FROM '", OneIn(random, 4) ? ".." : from + day,
                      "' TO '", OneIn(random, 3) ? ".." : to + day, "' ");
}

std::string Nodes(Random& random, const char* variable) {
  return absl::StrCat("(", variable, " {uid: ", Below(random, kNodes), "})");
}

std::string RandomValues(Random& random) {
  return absl::StrCat(
      "i: ", Below(random, 6) - 1, ", s: '", PickOne<std::string>(random, {"a", "b", "ab"}),
      "', b: ", OneIn(random, 2) ? "true" : "false", ", f: ", Below(random, 7), ".5");
}

std::string RandomType(Random& random) {
  return PickOne<std::string>(random, {"R", "R", "S", "T"});
}

// A relationship that is perhaps there already: then a fact is added to it.
std::string RandomLink(Random& random) {
  const int uid = Below(random, kLinks);
  Random ends(static_cast<uint64_t>(uid));  // its ends and its type go with its key
  return absl::StrCat("MATCH ", Nodes(ends, "x"), ", ", Nodes(ends, "y"),
                      " CREATE (x)-[:", RandomType(ends), " {_key: 'r", uid, "', uid: ", uid,
                      ", k: 1, ", RandomValues(random), "}]->(y)");
}

std::string RandomStatement(Random& random) {
  const std::string portion = OneIn(random, 2) ? RandomPortion(random, /*cut=*/true) : "";
  const std::string node = absl::StrCat("MATCH ", Nodes(random, "n"));
  const std::string link =
      absl::StrCat("MATCH ()-[r]->() FOR VALID_TIME ALL WHERE r.uid = ", Below(random, kLinks),
                   " WITH DISTINCT r");
  const std::string value = absl::StrCat(".i = ", Below(random, 6) - 1);
  switch (Below(random, 12)) {
    case 0:
      return absl::StrCat("MERGE (n {uid: ", Below(random, kNodes), ", k: 1}) SET n:A");
    case 1:
      return absl::StrCat(portion, node, " SET n", value);
    case 2:
      return absl::StrCat(portion, node, " SET n.s = 'ba', n.b = null");
    case 3:
      return absl::StrCat(portion, link, " SET r", value);
    case 4:
      return absl::StrCat(portion, link, " DELETE r");
    case 5:
      return absl::StrCat(node, OneIn(random, 2) ? " SET n:" : " REMOVE n:",
                          PickOne<std::string>(random, {"A", "B", "C"}));
    case 6:
      return OneIn(random, 4) ? absl::StrCat(node, " DETACH DELETE n")
                              : absl::StrCat(node, " REMOVE n.f");
    default:
      break;
  }
  const std::string validity = OneIn(random, 3) ? "" : RandomPortion(random, /*cut=*/false);
  return absl::StrCat(validity, RandomLink(random));
}

Value ToValue(const Datum& datum) { return Must(datum.ToValue()); }

std::vector<CitationWrite> RandomCitations(Random& random) {
  std::vector<CitationWrite> citations;
  for (int source = 0; source < kSources; ++source) {
    if (OneIn(random, 3)) citations.push_back(CitedFrom(absl::StrCat("src", source)));
  }
  return citations;
}

// `facts` without what only `source` says.
std::vector<FactWrite> FactsWithout(const std::vector<FactWrite>& facts,
                                    const std::string& source) {
  std::vector<FactWrite> kept;
  for (FactWrite fact : facts) {
    const bool cited = !fact.citations.empty();
    std::erase_if(fact.citations, [&](const CitationWrite& citation) {
      return std::get<EntityKeyRef>(citation.source).key == source;
    });
    if (!cited || !fact.citations.empty()) kept.push_back(std::move(fact));
  }
  return kept;
}

}  // namespace

std::vector<std::string> RandomStatements(Random& random, int count) {
  std::vector<std::string> statements;
  for (int uid = 0; uid < kNodes; ++uid) {
    const std::string labels = PickOne<std::string>(random, {":A", ":B", ":A:B", ":C", ""});
    statements.push_back(
        absl::StrCat("CREATE (", labels, " {uid: ", uid, ", k: 1, ", RandomValues(random), "})"));
  }
  while (static_cast<int>(statements.size()) < count) statements.push_back(RandomStatement(random));
  return statements;
}

std::string RandomSplit(Random& random) {
  const std::string portion = RandomPortion(random, /*cut=*/true);
  if (OneIn(random, 3)) return absl::StrCat(portion, "MATCH ", Nodes(random, "n"), " SET n.k = 1");
  return absl::StrCat(portion,
                      "MATCH ()-[r]->() FOR VALID_TIME ALL WHERE r.uid = ", Below(random, kLinks),
                      " WITH DISTINCT r SET r.k = 1");
}

std::string RandomInstant(Random& random) {
  return absl::StrCat("FOR VALID_TIME AS OF date('", Month(Below(random, 96)),
                      OneIn(random, 2) ? "-01" : "-17", "')\n");
}

std::string RandomValidTime(Random& random) {
  switch (Below(random, 4)) {
    case 0:
      return "";
    case 1:
      return "FOR VALID_TIME ALL\n";
    case 2: {
      const auto [from, to] = RandomWindow(random);
      return absl::StrCat("FOR VALID_TIME FROM date('", from, "-01') TO date('", to, "-01')\n");
    }
    default:
      return RandomInstant(random);
  }
}

IndependentFacts RandomFacts(Random& random) {
  IndependentFacts made;
  for (int source = 0; source < kSources; ++source) {
    made.nodes.emplace_back(Put(absl::StrCat("src", source), {"Source"}));
  }
  for (int uid = 0; uid < kNodes; ++uid) {
    const std::string key = absl::StrCat("n", uid);
    made.nodes.emplace_back(
        Put(key, {OneIn(random, 2) ? "A" : "B"}, {{"uid", Says(ToValue(Datum::Int(uid)))}}));
    for (const char* property : {"i", "s", "f"}) {
      int month = Below(random, 40);
      for (int n = Below(random, 3); n > 0; --n) {  // one after another
        const int until = month + 1 + Below(random, 25);
        const Datum value = *property == 'i'   ? Datum::Int(Below(random, 6) - 1)
                            : *property == 'f' ? Datum::Float(Below(random, 6) + 0.5)
                                               : Datum::String(OneIn(random, 2) ? "a" : "ab");
        made.facts.emplace_back(
            Add(key, property,
                {Says(ToValue(value), absl::StrCat(Month(month), "-01T00:00:00Z"),
                      absl::StrCat(Month(until), "-01T00:00:00Z"), RandomCitations(random))}));
        month = until;
      }
    }
  }
  for (int uid = 0; uid < kLinks + 4; ++uid) {
    const auto [from, to] = RandomWindow(random);
    made.facts.emplace_back(Link(
        absl::StrCat("r", uid), RandomType(random), absl::StrCat("n", Below(random, kNodes)),
        absl::StrCat("n", Below(random, kNodes)),
        {Holds({{"uid", ToValue(Datum::Int(uid))}, {"i", ToValue(Datum::Int(Below(random, 5)))}},
               OneIn(random, 3) ? ".." : from, OneIn(random, 2) ? ".." : to,
               RandomCitations(random))}));
  }
  return made;
}

std::vector<Mutation> WithoutSource(const std::vector<Mutation>& facts, const std::string& source) {
  std::vector<Mutation> kept;
  for (Mutation mutation : facts) {
    std::vector<FactWrite>* written = nullptr;
    if (auto* link = std::get_if<RelationshipWrite>(&mutation)) written = &link->facts;
    if (auto* added = std::get_if<AddFacts>(&mutation)) written = &added->facts;
    *written = FactsWithout(*written, source);
    if (!written->empty()) kept.push_back(std::move(mutation));
  }
  return kept;
}

}  // namespace relata::differential
