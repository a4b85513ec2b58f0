#include "tests/graph/facts/fact_builders.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"

namespace relata {
namespace {

constexpr Instant kDay = Instant{86'400} * 1'000'000;
constexpr int kFirstYear = 2019;
constexpr int kYears = 8;
constexpr uint64_t kDays = 3650;

// Few dates, and overlapping ones.
constexpr absl::string_view kReported[] = {"",           "",           "2021",
                                           "2021-01-01", "2022-06",    "2022-06-15",
                                           "2024-03-11", "2024-03-11", "2026-06-03T00:00:00Z"};

constexpr double kLeastConfidences[] = {0.5, 0.6, 0.75, 1.0};
constexpr Stance kStances[] = {Stance::kAsserts, Stance::kAsserts, Stance::kDisputes,
                               Stance::kRetracts};
constexpr double kConfidences[] = {1.0, 1.0, 0.5, 0.75};

Instant CommitTime(uint64_t version) {
  return T("2026-06-01") + static_cast<Instant>(version) * kDay;
}

std::string RandomPeriod(Random& random) {
  const int year = kFirstYear + static_cast<int>(Below(random, kYears));
  const int month = 1 + static_cast<int>(Below(random, 12));
  const int day = 1 + static_cast<int>(Below(random, 28));
  switch (Below(random, 6)) {
    case 0:
      return absl::StrFormat("%04d", year);
    case 1:
      return absl::StrFormat("%04d-%02d", year, month);
    case 2:
      return absl::StrFormat("%04d-%02d-%02d", year, month, day);
    case 3:
      return absl::StrFormat("%04d-%d", year, 21 + Below(random, 4));
    case 4:
      return absl::StrFormat("%04d-%d", year, 33 + Below(random, 4));
    default:
      return absl::StrFormat("%04d-%02d-%02dT%02d:00:00Z", year, month, day, Below(random, 24));
  }
}

}  // namespace

Instant T(absl::string_view text) { return ParseInstant(text).value(); }
Bound From(absl::string_view edtf) { return Bound::Parse(edtf, BoundRole::kFrom).value(); }
Bound To(absl::string_view edtf) { return Bound::Parse(edtf, BoundRole::kTo).value(); }

Citation CitedBy(uint64_t source, Stance stance, absl::string_view reported, double confidence,
                 uint64_t recorded) {
  Citation citation;
  citation.source = EntityId(source);
  citation.stance = stance;
  citation.confidence = confidence;
  if (!reported.empty()) citation.reported = From(reported);
  citation.recorded = CommitVersion(recorded);
  citation.recorded_at = CommitTime(recorded);
  return citation;
}

Fact NumberedFact(uint64_t id, absl::string_view from, absl::string_view to,
                  std::vector<Citation> citations) {
  Fact fact;
  fact.id = FactId(id);
  fact.value = Value::Int(static_cast<int64_t>(id));
  fact.valid = Interval::Make(From(from), To(to)).value();
  fact.citations = std::move(citations);
  fact.recorded = CommitVersion(1);
  return fact;
}

ReadView ViewAt(absl::string_view instant, bool certainly) {
  return {ValidTime::At(T(instant), certainly), DefaultPolicy()};
}

ReadView ViewWith(const ValidTime& valid, BeliefPolicy policy) {
  return {valid, std::make_shared<const BeliefPolicy>(std::move(policy))};
}

std::vector<uint64_t> ShownIds(const std::vector<Fact>& facts, const ReadView& view) {
  std::vector<uint64_t> ids;
  for (const VisibleFact& shown : SelectVisible(facts, view)) ids.push_back(shown.fact->id.value());
  return ids;
}

Bound RandomBound(Random& random, BoundRole role) {
  if (OneIn(random, 4)) return Bound::Unbounded(role);
  if (OneIn(random, 5)) return Bound::Unknown();
  std::string text = RandomPeriod(random);
  if (OneIn(random, 8) && text.find('T') == std::string::npos) text += '~';
  return Bound::Parse(text, role).value();
}

Interval RandomInterval(Random& random) {
  while (true) {
    const absl::StatusOr<Interval> interval =
        Interval::Make(RandomBound(random, BoundRole::kFrom), RandomBound(random, BoundRole::kTo));
    if (interval.ok()) return *interval;
  }
}

Citation RandomCitation(Random& random) {
  return CitedBy(1 + Below(random, 4), kStances[Below(random, 4)],
                 kReported[Below(random, std::size(kReported))], kConfidences[Below(random, 4)],
                 1 + Below(random, 4));
}

Fact RandomFact(Random& random, uint64_t id) {
  Fact fact;
  fact.id = FactId(id);
  fact.value = Value::Int(static_cast<int64_t>(id));
  fact.valid = RandomInterval(random);
  fact.recorded = CommitVersion(1 + Below(random, 3));
  if (!OneIn(random, 3)) {
    for (uint64_t count = Below(random, 6); count > 0; --count) {
      fact.citations.push_back(RandomCitation(random));
    }
  }
  if (OneIn(random, 4)) {
    const EntityId retracted(1 + Below(random, 4));
    const Instant time = CommitTime(2 + Below(random, 4));
    for (Citation& citation : fact.citations) {
      if (citation.source == retracted) citation.source_retracted = time;
    }
  }
  return fact;
}

std::vector<Fact> RandomFacts(Random& random, size_t count) {
  std::vector<Fact> facts;
  for (size_t id = 1; id <= count; ++id) facts.push_back(RandomFact(random, id));
  return facts;
}

BeliefPolicy RandomPolicy(Random& random) {
  BeliefPolicy policy;
  if (OneIn(random, 3)) policy.min_confidence = kLeastConfidences[Below(random, 4)];
  if (OneIn(random, 4)) policy.min_sources = 1 + static_cast<int>(Below(random, 3));
  if (OneIn(random, 5)) {
    policy.trusted.emplace({EntityId(1 + Below(random, 4)), EntityId(1 + Below(random, 4))});
  }
  if (OneIn(random, 4)) policy.barred.insert(EntityId(1 + Below(random, 4)));
  policy.disputed_in = !OneIn(random, 4);
  if (OneIn(random, 4)) policy.reported_until = T(OneIn(random, 2) ? "2022-06-16" : "2024-03-12");
  policy.raw = OneIn(random, 10);
  return policy;
}

Instant RandomInstant(Random& random) {
  return T("2018-06-01") + static_cast<Instant>(Below(random, kDays)) * kDay;
}

std::vector<Instant> InstantsAround(const std::vector<Fact>& facts) {
  std::vector<Instant> instants;
  const auto add = [&](const Bound& bound) {
    for (const Instant t : {bound.earliest, bound.latest}) {
      if (t == kMinusInfinity || t == kPlusInfinity) continue;
      instants.insert(instants.end(), {t - 1, t, t + 1});
    }
  };
  for (const Fact& fact : facts) {
    add(fact.valid.from);
    add(fact.valid.to);
    for (const Citation& citation : fact.citations) {
      if (citation.reported) add(*citation.reported);
    }
  }
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

}  // namespace relata
