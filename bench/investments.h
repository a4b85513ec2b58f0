#ifndef RELATA_BENCH_INVESTMENTS_H_
#define RELATA_BENCH_INVESTMENTS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "base/ids.h"
#include "bench/scratch_engine.h"
#include "graph/database.h"

namespace relata {

// A database of its own with 20,000 companies `company/0`, … and 200,000 investments {share} among
// them since 2020-01-01, always the same: by a power law of degrees, the first companies have some
// thousand each.
class Investments {
 public:
  static constexpr int kCompanies = 20'000;
  static constexpr int kInvestments = 200'000;

  Investments(EngineKind kind, size_t cache_bytes);

  Database& database() { return *database_; }
  std::vector<EntityId> companies;
  TypeId invested_in;

 private:
  void AddCompanies();
  void AddInvestments();

  ScratchEngine engine_;
  std::unique_ptr<Database> database_;
};

}  // namespace relata

#endif  // RELATA_BENCH_INVESTMENTS_H_
