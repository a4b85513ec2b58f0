#include "bench/investments.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"

namespace relata {
namespace {

constexpr int kPerBatch = 2000;

// A random company, low numbers more often: the largest have some thousand investments.
int Skewed(std::mt19937_64& random) {
  const double u = std::uniform_real_distribution<double>(0.0, 1.0)(random);
  return static_cast<int>(Investments::kCompanies * u * u);
}

}  // namespace

Investments::Investments(EngineKind kind, size_t cache_bytes) : engine_(kind) {
  DatabaseOptions options;
  options.adjacency_cache_bytes = cache_bytes;
  database_ = ValueOrDie(Database::Open(&engine_.kv(), SystemClock(), options));
  AddCompanies();
  AddInvestments();
  invested_in = *database_->names().FindType("INVESTED_IN");
}

void Investments::AddCompanies() {
  for (int i = 0; i < kCompanies; i += kPerBatch) {
    Batch batch;
    for (int c = i; c < i + kPerBatch; ++c) {
      EntityWrite write;
      write.key = absl::StrCat("company/", c);
      write.labels = {"Company"};
      batch.mutations.push_back(write);
    }
    for (const auto& item : ValueOrDie(database_->Apply(batch)).items) {
      companies.push_back(*item.entity);
    }
  }
}

void Investments::AddInvestments() {
  std::mt19937_64 random(42);
  const Bound since = ValueOrDie(Bound::Parse("2020-01-01", BoundRole::kFrom));
  for (int i = 0; i < kInvestments; i += kPerBatch) {
    Batch batch;
    for (int k = 0; k < kPerBatch; ++k) {
      RelationshipWrite write;
      write.type = "INVESTED_IN";
      write.from = companies[Skewed(random)];
      write.to = companies[random() % kCompanies];
      FactWrite fact;
      fact.properties = {
          {"share", Value::Double(static_cast<double>(random() % 9999 + 1) / 10000.0)}};
      fact.valid.from = since;
      write.facts.push_back(fact);
      batch.mutations.push_back(write);
    }
    CheckOk(database_->Apply(batch).status());
  }
}

}  // namespace relata
