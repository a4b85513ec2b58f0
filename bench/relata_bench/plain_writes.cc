#include "bench/relata_bench/plain_writes.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status_macros.h"
#include "bench/relata_bench/bare_server.h"
#include "bench/relata_bench/csv_file.h"
#include "bench/relata_bench/graph_mutations.h"
#include "graph/database.h"
#include "relata/v1/write_service.grpc.pb.h"
#include "server/convert/field_path.h"
#include "server/convert/mutation.h"
#include "storage/memory/memory_kv.h"
#include "storage/rocksdb/rocksdb_kv.h"

namespace relata::bench {
namespace {

using Contents = std::map<std::pair<KeySpace, std::string>, std::string>;

Contents ReadAll(const OrderedKv& kv) {
  Contents all;
  for (int i = 0; i < kKeySpaceCount; ++i) {
    const auto space = static_cast<KeySpace>(i);
    const auto cursor = kv.NewIterator(space, nullptr, "", "");
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
      all.emplace(std::pair(space, std::string(cursor->key())), std::string(cursor->value()));
    }
  }
  return all;
}

absl::Status ApplyOne(Database& database, const v1::Mutation& proto) {
  RELATA_ASSIGN_OR_RETURN(Mutation mutation, MutationFromProto(proto, FieldPath("mutation")));
  Batch batch;
  batch.mutations.push_back(std::move(mutation));
  return database.Apply(batch).status();
}

// What one commit of a TRANSFERRED puts, the second of two: names are known by then.
absl::StatusOr<std::vector<KvBatch::Op>> PutsOfOneTransfer() {
  MemoryKv kv;
  RELATA_ASSIGN_OR_RETURN(const auto database,
                          Database::Open(&kv, SystemClock(), DatabaseOptions()));
  const std::vector<absl::string_view> row = {"1000000", "1000001", "952.4", "1735516800000"};
  RELATA_ASSIGN_OR_RETURN(const v1::Mutation transfer, TransferMutation(row));
  for (const std::string* const key :
       {&transfer.create_relationship().from().key(), &transfer.create_relationship().to().key()}) {
    v1::Mutation entity;
    entity.mutable_create_entity()->set_key(*key);
    RELATA_RETURN_IF_ERROR(ApplyOne(*database, entity));
  }
  RELATA_RETURN_IF_ERROR(ApplyOne(*database, transfer));
  const Contents before = ReadAll(kv);
  RELATA_RETURN_IF_ERROR(ApplyOne(*database, transfer));
  std::vector<KvBatch::Op> puts;
  for (const auto& [place, value] : ReadAll(kv)) {
    const auto old = before.find(place);
    if (old != before.end() && old->second == value) continue;
    puts.push_back({place.first, true, place.second, value});
  }
  return puts;
}

// The key with its last bytes replaced by `number`, so that each commit writes new ones.
std::string Numbered(std::string key, uint64_t number) {
  for (size_t at = key.size(); at > 0 && number > 0; --at, number >>= 8) {
    key[at - 1] = static_cast<char>(number & 0xff);
  }
  return key;
}

class PlainWrites final : public v1::WriteService::Service {
 public:
  PlainWrites(OrderedKv* kv, std::vector<KvBatch::Op> puts) : kv_(kv), puts_(std::move(puts)) {}

  grpc::Status Write(grpc::ServerContext*, const v1::WriteRequest*, v1::WriteResponse*) override {
    const uint64_t number = next_.fetch_add(1);
    KvBatch batch;
    for (const KvBatch::Op& put : puts_) {
      const bool is_counter = put.space == KeySpace::kMeta;
      batch.Put(put.space, is_counter ? put.key : Numbered(put.key, number), put.value);
    }
    const absl::Status written = kv_->Write(batch, {}, /*sync=*/true);
    return written.ok() ? grpc::Status::OK
                        : grpc::Status(grpc::StatusCode::UNAVAILABLE, written.ToString());
  }

 private:
  OrderedKv* const kv_;
  const std::vector<KvBatch::Op> puts_;
  std::atomic<uint64_t> next_{1};
};

}  // namespace

absl::Status ServePlainWrites(const std::string& folder, const std::string& listen,
                              const std::string& port_file) {
  RELATA_ASSIGN_OR_RETURN(std::vector<KvBatch::Op> puts, PutsOfOneTransfer());
  RELATA_ASSIGN_OR_RETURN(const auto kv, RocksDbKv::Open(folder, RocksDbOptions()));
  PlainWrites writes(kv.get(), std::move(puts));
  return ServeUntilTerminated({&writes}, listen, port_file);
}

}  // namespace relata::bench
