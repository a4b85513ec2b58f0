#include "graph/query/functions/fact_maps.h"

#include <utility>

#include "graph/query/functions/instants.h"
#include "graph/store/states.h"

namespace relata::query {
namespace {

absl::string_view BoundKindName(const Bound& bound) {
  switch (bound.kind) {
    case relata::BoundKind::kUnbounded:
      return "unbounded";
    case relata::BoundKind::kUnknown:
      return "unknown";
    case relata::BoundKind::kInstant:
      return "instant";
    case relata::BoundKind::kDay:
      return "day";
    case relata::BoundKind::kMonth:
      return "month";
    case relata::BoundKind::kSeason:
      return "season";
    case relata::BoundKind::kQuarter:
      return "quarter";
    case relata::BoundKind::kYear:
      return "year";
    case relata::BoundKind::kCut:
      break;
  }
  return "cut";
}

absl::string_view StanceName(Stance stance) {
  switch (stance) {
    case Stance::kAsserts:
      return "asserts";
    case Stance::kDisputes:
      return "disputes";
    case Stance::kRetracts:
      break;
  }
  return "retracts";
}

absl::string_view NameKindName(NameKind kind) {
  switch (kind) {
    case NameKind::kPreferred:
      return "preferred";
    case NameKind::kAlias:
      return "alias";
    case NameKind::kAbbreviation:
      return "abbreviation";
    case NameKind::kFormer:
      break;
  }
  return "former";
}

}  // namespace

Datum PrecisionMap(const Interval& valid) {
  return Datum::SortedMap({{"from", Datum::String(BoundKindName(valid.from))},
                           {"to", Datum::String(BoundKindName(valid.to))},
                           {"fromText", Datum::String(valid.from.ToString())},
                           {"toText", Datum::String(valid.to.ToString())},
                           {"fromLatest", DateTimeOf(valid.from.latest)},
                           {"toLatest", DateTimeOf(valid.to.latest)}});
}

Datum FactMap(const Fact& fact, bool of_relationship, const NameTable& names, ContextId context) {
  Datum::Map map = {{"validFrom", DateTimeOf(fact.valid.from.earliest)},
                    {"validTo", DateTimeOf(fact.valid.to.earliest)},
                    {"validFromText", Datum::String(fact.valid.from.ToString())},
                    {"validToText", Datum::String(fact.valid.to.ToString())},
                    {"citations", CitationList(fact, context)}};
  if (of_relationship) {
    Datum::Map properties;
    for (const auto& [id, value] : fact.properties) {
      properties.emplace_back(std::string(names.Name(id)), Datum::FromValue(value));
    }
    map.emplace_back("properties", Datum::SortedMap(std::move(properties)));
  } else {
    map.emplace_back("value", Datum::FromValue(fact.value));
  }
  return Datum::SortedMap(std::move(map));
}

Datum CitationList(const Fact& fact, ContextId context) {
  Datum::List list;
  for (const Citation& citation : fact.citations) {
    list.push_back(Datum::SortedMap(
        {{"source", Datum::Of(NodeRef{citation.source, context})},
         {"stance", Datum::String(StanceName(citation.stance))},
         {"confidence", Datum::Float(citation.confidence)},
         {"reported", citation.reported ? Datum::String(citation.reported->ToString()) : Datum()},
         {"locator", citation.locator.empty() ? Datum() : Datum::String(citation.locator)},
         {"retracted", Datum::Bool(citation.source_retracted.has_value())}}));
  }
  return Datum::Of(std::move(list));
}

Datum NameMap(const Fact& fact) {
  const EntityName name = NameFromValue(fact.value);
  return Datum::SortedMap({{"text", Datum::String(name.text)},
                           {"language", Datum::String(name.language)},
                           {"kind", Datum::String(NameKindName(name.kind))}});
}

}  // namespace relata::query
