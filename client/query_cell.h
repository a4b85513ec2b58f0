#ifndef RELATA_CLIENT_QUERY_CELL_H_
#define RELATA_CLIENT_QUERY_CELL_H_

#include <cstdint>

namespace relata {

namespace v1 {
class QueryBatch;
class QueryValue;
}  // namespace v1

// One value of a result, whatever way its column is packed. Precondition: such a column and row.
v1::QueryValue QueryCell(const v1::QueryBatch& batch, int column, uint64_t row);

}  // namespace relata

#endif  // RELATA_CLIENT_QUERY_CELL_H_
