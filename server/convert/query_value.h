#ifndef RELATA_SERVER_CONVERT_QUERY_VALUE_H_
#define RELATA_SERVER_CONVERT_QUERY_VALUE_H_

#include <cstdint>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/engine.h"
#include "server/convert/field_path.h"

namespace google::protobuf {
template <typename T>
class RepeatedPtrField;
}

namespace relata {

namespace v1 {
class MapEntry;
class QueryBatch;
class QueryColumn;
class QueryPath;
class QueryValue;
}  // namespace v1

// Parameters of a statement. INVALID_ARGUMENT naming the field: a name that is empty or there
// twice, a value that ValueFromProto refuses (maps are allowed here), more than 32 levels.
absl::StatusOr<query::Parameters> ParametersFromProto(
    const google::protobuf::RepeatedPtrField<v1::MapEntry>& proto);

// Writes batches of a result as the API shows them. Each batch stands for itself: its nodes and
// relationships are in it. Borrows the result; used by one thread.
class QueryBatchWriter {
 public:
  explicit QueryBatchWriter(query::QueryResult* result) : result_(result) {}

  // `out` is empty at the call. Errors are those of reading nodes and relationships.
  absl::Status Write(const query::Batch& batch, v1::QueryBatch* out);

 private:
  absl::Status WriteColumn(const query::Column& column, v1::QueryColumn* out);
  absl::Status WriteData(const query::Column& column, v1::QueryColumn* out);
  absl::Status WriteValue(const query::Datum& datum, v1::QueryValue* out);
  absl::Status WritePath(const query::PathValue& path, v1::QueryPath* out);
  // The index in the batch, in which the node or relationship is from then on.
  absl::StatusOr<uint32_t> NodeIndex(query::NodeRef node);
  absl::StatusOr<uint32_t> RelationshipIndex(const query::RelationshipRef& relationship);

  query::QueryResult* const result_;
  v1::QueryBatch* out_ = nullptr;
  absl::flat_hash_map<std::pair<uint64_t, query::ContextId>, uint32_t> nodes_;
  absl::flat_hash_map<std::tuple<uint64_t, uint64_t, query::ContextId>, uint32_t> relationships_;
};

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_QUERY_VALUE_H_
