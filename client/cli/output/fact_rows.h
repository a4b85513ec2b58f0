#ifndef RELATA_CLIENT_CLI_OUTPUT_FACT_ROWS_H_
#define RELATA_CLIENT_CLI_OUTPUT_FACT_ROWS_H_

#include <string>
#include <vector>

#include "client/cli/output/table.h"

namespace relata {

namespace v1 {
class Entity;
class FactView;
class NameView;
}  // namespace v1

// What tables of facts show beside value, valid time, status and sources.
struct FactDetail {
  // Id of the fact, and the commit that recorded it.
  bool ids = false;
  // Each citation in a row of its own instead of the sources.
  bool citations = false;
};

// `leading` and the headings of the columns that AddFactRows fills.
std::vector<std::string> FactHeadings(std::vector<std::string> leading, const FactDetail& detail);

// Adds the row of a fact, and those of its further citations, after the cells `leading`.
void AddFactRows(std::vector<Cell> leading, const v1::FactView& fact, const FactDetail& detail,
                 Table* table);

// `name zh preferred`, what a name stands under among the properties.
std::string NameHeading(const v1::NameView& name);
// The fact of a name with its text as the value.
v1::FactView NameFact(const v1::NameView& name);
// `DeepSeek  company/deepseek  #12  Company`
std::string EntityHeading(const v1::Entity& entity);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_FACT_ROWS_H_
