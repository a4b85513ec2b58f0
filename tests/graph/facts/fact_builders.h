#ifndef RELATA_TESTS_GRAPH_FACTS_FACT_BUILDERS_H_
#define RELATA_TESTS_GRAPH_FACTS_FACT_BUILDERS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/facts/belief.h"
#include "graph/facts/fact.h"
#include "graph/values/bound.h"

// Facts for tests, written down shortly or made at random.
namespace relata {

// The instant of a text that is one; the test program ends where it is not. Likewise the bounds.
Instant T(absl::string_view text);
Bound From(absl::string_view edtf);
Bound To(absl::string_view edtf);

// A citation of commit `recorded`, whose time is `recorded` days after 2026-06-01. `reported`:
// EDTF, empty for none.
Citation CitedBy(uint64_t source, Stance stance, absl::string_view reported = "",
                 double confidence = 1.0, uint64_t recorded = 1);

// A fact of a property, whose value is its id, added by commit 1.
Fact NumberedFact(uint64_t id, absl::string_view from, absl::string_view to,
                  std::vector<Citation> citations = {});

// A view of one instant: the default policy, or another.
ReadView ViewAt(absl::string_view instant, bool certainly = false);
ReadView ViewWith(const ValidTime& valid, BeliefPolicy policy);

// The ids of the facts shown, in order.
std::vector<uint64_t> ShownIds(const std::vector<Fact>& facts, const ReadView& view);

// ---- At random. Few sources, dates and confidences, so that ties are common.

using Random = std::mt19937_64;
// Below n.
inline uint64_t Below(Random& random, uint64_t n) { return random() % n; }
inline bool OneIn(Random& random, uint64_t n) { return Below(random, n) == 0; }

// A bound between 2019 and 2027 of any form, unbounded and unknown ones too.
Bound RandomBound(Random& random, BoundRole role);
// Possibly valid at some instant.
Interval RandomInterval(Random& random);
Citation RandomCitation(Random& random);
// As MakeFact, with 0 to 5 citations. A source that is retracted is so in all of them.
Fact RandomFact(Random& random, uint64_t id);
// Facts with the ids 1 to `count`.
std::vector<Fact> RandomFacts(Random& random, size_t count);
BeliefPolicy RandomPolicy(Random& random);
Instant RandomInstant(Random& random);
// Every finite bound of the facts and the microseconds beside it, report dates too: where answers
// can change.
std::vector<Instant> InstantsAround(const std::vector<Fact>& facts);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_FACTS_FACT_BUILDERS_H_
