#ifndef RELATA_CLIENT_CLI_OUTPUT_FACT_TEXT_H_
#define RELATA_CLIENT_CLI_OUTPUT_FACT_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/cli/output/table.h"

namespace relata {

namespace v1 {
class BoundView;
class CitationView;
class EntitySummary;
class FactView;
class NumberRange;
class RelationshipSummary;
class SourceSummary;
class Value;
}  // namespace v1

// Short texts for people of what answers hold.

// `over 2,800,000,000 USD`, `0.36`, `2026-03-11`, `[a, b]`: amounts with thousands apart, numbers
// as they are, bytes as `N bytes`.
std::string ValueText(const v1::Value& value);
// The bound as it was written, `?` where it is unknown.
std::string BoundText(const v1::BoundView& bound);
// `always`, `since A`, `until B`, `A to B`.
std::string PeriodText(const v1::BoundView& from, const v1::BoundView& to);
// `20%`, `20% to 30%`, `up to 20%`, `20% or more`, `?` where nothing is known.
std::string ShareText(const v1::NumberRange& share);
// `5,000,000..` where the high end is open; thousands apart.
std::string AmountText(const v1::NumberRange& amount);

// By what a person knows it: its name, else its key, else `#17`.
std::string EntityText(const v1::EntitySummary& entity);
// What names it on the command line: its key, else `#17`.
std::string EntityReference(const v1::EntitySummary& entity);
std::string RelationshipReference(const v1::RelationshipSummary& relationship);
// `Alibaba -INVESTED_IN-> Kling AI`
std::string RelationshipText(const v1::RelationshipSummary& relationship);

// Publisher, else title, else key.
std::string SourceText(const v1::SourceSummary& source);
// The sources of a fact, `Reuters, CNBC; disputed by: CAC`; empty: uncited.
std::string SourcesText(const v1::FactView& fact);
// `Reuters "item 3", disputes, reported 2026-07-03, confidence 0.7, source retracted`
std::string CitationText(const v1::CitationView& citation);
// The value of a property's fact, or `share=0.2, round=B` for a relationship's.
std::string ContentText(const v1::FactView& fact);
// `disputed`, `retracted`, and `0.7` where asserted with less than full confidence; else empty.
Cell StatusCell(const v1::FactView& fact);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_FACT_TEXT_H_
