#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_FACT_MAPS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_FACT_MAPS_H_

#include "absl/strings/string_view.h"
#include "graph/catalog/name_table.h"
#include "graph/facts/fact.h"
#include "graph/query/runtime/datum.h"

// Facts and what belongs to them as maps of the query language.
namespace relata::query {

// {from, to: kinds of bound (`day`, `unbounded`, …), fromText, toText: as EDTF, fromLatest,
// toLatest}.
Datum PrecisionMap(const Interval& valid);
// {validFrom, validTo, validFromText, validToText, value or properties, citations}. Of a property
// of a node: `value`; of a relationship `properties`.
Datum FactMap(const Fact& fact, bool of_relationship, const NameTable& names, ContextId context);
// [{source, stance, confidence, reported, locator, retracted}]: sources are nodes read in
// `context`.
Datum CitationList(const Fact& fact, ContextId context);
// {text, language, kind} of a fact of `_names`.
Datum NameMap(const Fact& fact);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_FACT_MAPS_H_
