#ifndef RELATA_GRAPH_CATALOG_RESERVED_NAMES_H_
#define RELATA_GRAPH_CATALOG_RESERVED_NAMES_H_

#include "base/ids.h"

namespace relata {

// Reserved properties: they exist in every database with these ids.
inline constexpr PropertyId kNamesProperty{
    1};  // `_names`: facts whose value is [text, language, kind]
inline constexpr PropertyId kNameProperty{2};  // `name`
inline constexpr PropertyId kPublishedProperty{
    3};                                    // `published` of a Source: default report date (S5.1)
inline constexpr LabelId kSourceLabel{1};  // `Source`

}  // namespace relata

#endif  // RELATA_GRAPH_CATALOG_RESERVED_NAMES_H_
