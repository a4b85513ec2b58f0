#ifndef RELATA_GRAPH_VALUES_BOUND_H_
#define RELATA_GRAPH_VALUES_BOUND_H_

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// Valid time (docs/semantics.md, S2). Everything here is a plain value: copyable, owning nothing
// that is shared, safe to read from many threads.

// Instants are UTC microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. The two ends
// of int64 are minus and plus infinity.
using Instant = int64_t;
inline constexpr Instant kMinusInfinity = std::numeric_limits<int64_t>::min();
inline constexpr Instant kPlusInfinity = std::numeric_limits<int64_t>::max();

// `2026-03-11T10:00:00Z` (up to six digits of fraction; `Z`, `+hh:mm` or `-hh:mm`), or a date,
// which is its first instant in UTC. Years 0001 to 9999, in UTC too. INVALID_ARGUMENT otherwise,
// with the reason and what is allowed.
absl::StatusOr<Instant> ParseInstant(absl::string_view text);
// `2026-03-11T10:00:00Z`, with six digits of fraction or none; `-inf`, `+inf`. What is finite and
// in the years 0001 to 9999 is read back by ParseInstant.
std::string FormatInstant(Instant t);

// What kind of text a bound came from, for display and for "the same interval" (S4.3). The numbers
// live on disk.
enum class BoundKind : uint8_t {
  kUnbounded = 0,  // `..`
  kUnknown = 1,    // the empty text
  kInstant = 2,    // a date-time with zone
  kDay = 3,        // `2026-03-11`
  kMonth = 4,      // `2026-03`
  kSeason = 5,     // `2026-21` March to May … `2026-24` December to February of the next year
  kQuarter = 6,    // `2026-33` … `2026-36`
  kYear = 7,       // `2026`
  kCut = 8,        // made by a cut inside an imprecise bound (S4.2): shown as `earliest/latest`
};

// Which end of an interval a bound is. An unbounded bound lies at minus or plus infinity
// accordingly.
enum class BoundRole { kFrom, kTo };

// A bound of a valid time (S2.1): a change happened in [earliest, latest), `latest` being the first
// instant after the period; for an exact instant both are that instant. Unbounded: both at the
// infinity of its role. Unknown: minus infinity and plus infinity, in both roles.
//
// The fields may be set freely; one that Parse does not give has the kind kCut.
struct Bound {
  Instant earliest = kMinusInfinity;
  Instant latest = kMinusInfinity;
  BoundKind kind = BoundKind::kUnbounded;
  // `~`: for display and for S4.3 only, it changes neither instant.
  bool about = false;
  // Stays set on the pieces of a fact whose bound was unknown and is still uncertain.
  bool unknown = false;
  // Of kInstant: the zone it was written in, minutes east of UTC, -18 h to +18 h; for display only.
  int16_t zone_minutes = 0;

  bool operator==(const Bound&) const = default;
  static Bound Unbounded(BoundRole role);
  static Bound Unknown();
  // Exact. Precondition: `t` is finite.
  static Bound At(Instant t);
  // EDTF (ISO 8601-2) levels 0 and 1 as far as S2.1 names them. INVALID_ARGUMENT, with what is
  // wrong and what is allowed: uncertain `?` and `%`, intervals, a date-time without zone, 24:00,
  // leap seconds, more than six digits of fraction, years outside 0001 to 9999, dates that do not
  // exist.
  static absl::StatusOr<Bound> Parse(absl::string_view text, BoundRole role);
  // As Parse, and also what ToString writes for kCut, so that an export can be imported. Not for
  // texts that users write. INVALID_ARGUMENT.
  static absl::StatusOr<Bound> ParseExported(absl::string_view text, BoundRole role);
  // The text it came from, normalized (an offset of 0 as `Z`, six digits of fraction or none). For
  // kCut the two instants as FormatInstant writes them,
  // `2026-01-01T00:00:00Z/2026-06-01T00:00:00Z`; a side is infinite where the bound was unknown.
  std::string ToString() const;
  bool exact() const { return earliest == latest; }
};

// Equal instants, kind and `~` (S4.3).
bool SameBound(const Bound& a, const Bound& b);

// A valid time [from, to). Without bounds by default.
struct Interval {
  Bound from = Bound::Unbounded(BoundRole::kFrom);
  Bound to = Bound::Unbounded(BoundRole::kTo);
  bool operator==(const Interval&) const = default;
  // INVALID_ARGUMENT where from.earliest >= to.latest: never possibly valid.
  static absl::StatusOr<Interval> Make(const Bound& from, const Bound& to);
  bool always() const {
    return from.kind == BoundKind::kUnbounded && to.kind == BoundKind::kUnbounded;
  }
};
// SameBound on both sides.
bool SameInterval(const Interval& a, const Interval& b);

// S2.2. `certain_from` is where certainty begins when the from-bound is unknown: the `latest` of
// the earliest asserting report date under the reader's policy, kPlusInfinity where there is none.
// It counts for intervals whose from-bound is flagged unknown only, and never before from.earliest.
bool PossiblyValid(const Interval& valid, Instant t);
bool CertainlyValid(const Interval& valid, Instant t, Instant certain_from);
// Valid (possibly or certainly) at some instant of the window [a, b), whose ends may be infinite.
// Precondition a < b.
bool PossiblyOverlaps(const Interval& valid, Instant a, Instant b);
bool CertainlyOverlaps(const Interval& valid, Instant a, Instant b, Instant certain_from);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_BOUND_H_
