#ifndef RELATA_CLIENT_CLI_OUTPUT_DIFFERENCE_ROWS_H_
#define RELATA_CLIENT_CLI_OUTPUT_DIFFERENCE_ROWS_H_

#include <string>
#include <vector>

#include "client/cli/net_difference.h"
#include "client/cli/output/table.h"

namespace relata {

namespace v1 {
class Change;
}  // namespace v1

// The headings of AddDifference.
std::vector<std::string> DifferenceHeadings();

// A row for each thing that was created, updated or deleted, then one for each label and each fact
// that it had (`-`) and has (`+`). Facts with the same content are the same whatever their ids and
// commits; a thing that differs in nothing has no row.
void AddDifference(const NetDifference& difference, Table* table);

// The same as one commit from the one version to the other would be told, with the states after it.
v1::Change DifferenceAsChange(const NetDifference& difference);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_DIFFERENCE_ROWS_H_
