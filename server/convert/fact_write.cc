#include "server/convert/fact_write.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "graph/values/bound.h"
#include "relata/v1/mutation.pb.h"
#include "server/convert/reference.h"
#include "server/convert/value.h"

namespace relata {
namespace {

bool HasControlCharacter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// Absent bounds are unbounded. Bounds that an export wrote are read too.
template <typename Message>
absl::StatusOr<Interval> IntervalFromProto(const Message& proto, const FieldPath& path) {
  Interval valid;
  if (proto.has_valid_from()) {
    RELATA_ASSIGN_OR_RETURN(valid.from,
                            InField(path.Field("valid_from"),
                                    Bound::ParseExported(proto.valid_from(), BoundRole::kFrom)));
  }
  if (proto.has_valid_to()) {
    RELATA_ASSIGN_OR_RETURN(
        valid.to,
        InField(path.Field("valid_to"), Bound::ParseExported(proto.valid_to(), BoundRole::kTo)));
  }
  RELATA_ASSIGN_OR_RETURN(valid,
                          InField(path.Field("valid_to"), Interval::Make(valid.from, valid.to)));
  return valid;
}

template <typename Message>
absl::StatusOr<std::vector<CitationWrite>> CitationsFromProto(const Message& proto,
                                                              const FieldPath& path) {
  std::vector<CitationWrite> citations;
  citations.reserve(proto.citations_size());
  for (int i = 0; i < proto.citations_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(CitationWrite citation,
                            CitationFromProto(proto.citations(i), path.Item("citations", i)));
    citations.push_back(std::move(citation));
  }
  return citations;
}

absl::StatusOr<Stance> StanceFromProto(v1::Stance stance, const FieldPath& path) {
  switch (stance) {
    case v1::STANCE_UNSPECIFIED:
    case v1::ASSERTS:
      return Stance::kAsserts;
    case v1::DISPUTES:
      return Stance::kDisputes;
    case v1::RETRACTS:
      return Stance::kRetracts;
    default:
      return path.Error("this stance does not exist");
  }
}

absl::StatusOr<NameKind> NameKindFromProto(v1::NameKind kind, const FieldPath& path) {
  switch (kind) {
    case v1::PREFERRED:
      return NameKind::kPreferred;
    case v1::NAME_KIND_UNSPECIFIED:
    case v1::ALIAS:
      return NameKind::kAlias;
    case v1::ABBREVIATION:
      return NameKind::kAbbreviation;
    case v1::FORMER:
      return NameKind::kFormer;
    default:
      return path.Error("this kind of name does not exist");
  }
}

// The shape of a BCP-47 tag (RFC 5646, section 2.1): parts of 1 to 8 letters or digits, the first
// of letters alone.
bool IsLanguageTag(absl::string_view tag) {
  bool first = true;
  for (const absl::string_view part : absl::StrSplit(tag, '-')) {
    if (part.empty() || part.size() > 8) return false;
    for (const unsigned char c : part) {
      if (first ? !absl::ascii_isalpha(c) : !absl::ascii_isalnum(c)) return false;
    }
    first = false;
  }
  return true;
}

}  // namespace

absl::Status CheckWord(absl::string_view word, absl::string_view what, const FieldPath& path) {
  if (word.empty()) return path.Error(absl::StrCat("a ", what, " is required"));
  return CheckText(word, kMaxWordBytes, path);
}

absl::Status CheckPropertyName(absl::string_view name, const FieldPath& path) {
  RELATA_RETURN_IF_ERROR(CheckWord(name, "property name", path));
  if (!absl::StartsWith(name, "_")) return absl::OkStatus();
  return path.Error("property names that start with `_` are reserved; names go through `names`");
}

absl::Status CheckText(absl::string_view text, size_t max_bytes, const FieldPath& path) {
  if (text.size() > max_bytes) {
    return path.Error(
        absl::StrCat("has ", text.size(), " bytes; at most ", max_bytes, " are allowed"));
  }
  return HasControlCharacter(text) ? path.Error("holds a control character") : absl::OkStatus();
}

absl::StatusOr<std::pair<std::string, Value>> PropertyFromProto(const v1::Property& proto,
                                                                bool null_allowed,
                                                                const FieldPath& path) {
  RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.name(), path.Field("name")));
  RELATA_ASSIGN_OR_RETURN(Value value, ValueFromProto(proto.value(), path.Field("value")));
  if (value.is_null() && !null_allowed) {
    return path.Field("value").Error("null is no value here; leave the property out");
  }
  return std::make_pair(proto.name(), std::move(value));
}

absl::StatusOr<FactWrite> FactFromProto(const v1::Fact& proto, FactKind kind,
                                        const FieldPath& path) {
  FactWrite fact;
  if (kind == FactKind::kOfProperty) {
    if (proto.properties_size() > 0) {
      return path.Field("properties").Error("a fact of a property has `value` alone");
    }
    RELATA_ASSIGN_OR_RETURN(fact.value, ValueFromProto(proto.value(), path.Field("value")));
    if (fact.value.is_null()) return path.Field("value").Error("null is no value of a fact");
  } else if (proto.has_value()) {
    return path.Field("value").Error("a fact of a relationship has `properties` instead");
  }
  for (int i = 0; i < proto.properties_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(
        auto property,
        PropertyFromProto(proto.properties(i), /*null_allowed=*/false, path.Item("properties", i)));
    fact.properties.push_back(std::move(property));
  }
  RELATA_ASSIGN_OR_RETURN(fact.valid, IntervalFromProto(proto, path));
  RELATA_ASSIGN_OR_RETURN(fact.citations, CitationsFromProto(proto, path));
  RELATA_RETURN_IF_ERROR(CheckText(proto.handle(), kMaxKeyBytes, path.Field("handle")));
  fact.handle = proto.handle();
  if (proto.has_rank_from()) {
    RELATA_ASSIGN_OR_RETURN(fact.rank_from,
                            InField(path.Field("rank_from"),
                                    Bound::ParseExported(proto.rank_from(), BoundRole::kFrom)));
  }
  return fact;
}

absl::StatusOr<NameWrite> NameFromProto(const v1::Name& proto, const FieldPath& path) {
  NameWrite name;
  if (proto.text().empty()) return path.Field("text").Error("a name is required");
  RELATA_RETURN_IF_ERROR(CheckText(proto.text(), kMaxNameBytes, path.Field("text")));
  name.name.text = proto.text();
  if (!IsLanguageTag(proto.language())) {
    return path.Field("language")
        .Error("a BCP-47 language tag such as en, zh or zh-Hant is required");
  }
  name.name.language = proto.language();
  RELATA_ASSIGN_OR_RETURN(name.name.kind, NameKindFromProto(proto.kind(), path.Field("kind")));
  RELATA_ASSIGN_OR_RETURN(name.valid, IntervalFromProto(proto, path));
  RELATA_ASSIGN_OR_RETURN(name.citations, CitationsFromProto(proto, path));
  RELATA_RETURN_IF_ERROR(CheckText(proto.handle(), kMaxKeyBytes, path.Field("handle")));
  name.handle = proto.handle();
  return name;
}

absl::StatusOr<CitationWrite> CitationFromProto(const v1::Citation& proto, const FieldPath& path) {
  CitationWrite citation;
  RELATA_ASSIGN_OR_RETURN(citation.source,
                          EntityRefFromProto(proto.source(), path.Field("source")));
  RELATA_ASSIGN_OR_RETURN(citation.stance, StanceFromProto(proto.stance(), path.Field("stance")));
  if (proto.has_confidence()) {
    if (!(proto.confidence() >= 0.0 && proto.confidence() <= 1.0)) {
      return path.Field("confidence").Error("must lie between 0 and 1");
    }
    citation.confidence = proto.confidence();
  }
  if (proto.has_reported() && proto.reported().empty()) {
    citation.undated = true;
  } else if (proto.has_reported()) {
    RELATA_ASSIGN_OR_RETURN(
        citation.reported,
        InField(path.Field("reported"), Bound::ParseExported(proto.reported(), BoundRole::kFrom)));
    if (citation.reported->kind == BoundKind::kUnbounded) {
      return path.Field("reported").Error("must be a date, or empty where there is none");
    }
  }
  RELATA_RETURN_IF_ERROR(CheckText(proto.locator(), kMaxKeyBytes, path.Field("locator")));
  citation.locator = proto.locator();
  return citation;
}

absl::StatusOr<Portion> PortionFromProto(const v1::Portion& proto, const FieldPath& path) {
  RELATA_ASSIGN_OR_RETURN(Portion portion, InField(path, Portion::Parse(proto.from(), proto.to())));
  return portion;
}

}  // namespace relata
