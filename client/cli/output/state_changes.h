#ifndef RELATA_CLIENT_CLI_OUTPUT_STATE_CHANGES_H_
#define RELATA_CLIENT_CLI_OUTPUT_STATE_CHANGES_H_

#include <string>
#include <vector>

#include "client/cli/output/table.h"

namespace relata {

namespace v1 {
class GetHistoryResponse;
}  // namespace v1

// The headings of AddStateChanges.
std::vector<std::string> StateChangeHeadings();

// What each state of a history has that the one before it had not (`+`), has no more (`-`) and has
// otherwise (`~`, a citation or a cut), one row a fact; `created` and `deleted` for the whole. With
// `property`, only facts of that property; `_names` are the names. The oldest state of the history
// counts as following nothing.
void AddStateChanges(const v1::GetHistoryResponse& history, const std::string& property,
                     Table* table);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_STATE_CHANGES_H_
