#ifndef RELATA_CLIENT_CLI_OUTPUT_CHANGE_ROWS_H_
#define RELATA_CLIENT_CLI_OUTPUT_CHANGE_ROWS_H_

#include <string>
#include <vector>

#include "client/cli/output/table.h"

namespace relata {

namespace v1 {
class Change;
}  // namespace v1

// The headings of AddChangeRows.
std::vector<std::string> ChangeHeadings();

// What one commit changed, a row for each entity and relationship; one row where it changed none.
void AddChangeRows(const v1::Change& change, Table* table);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_CHANGE_ROWS_H_
