// Codecs: values as records and as keys, facts, adjacency keys.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/scratch_engine.h"
#include "graph/facts/fact_codec.h"
#include "graph/store/key_layout.h"
#include "graph/values/decimal.h"
#include "graph/values/money.h"
#include "graph/values/value_codec.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kFormat = 1;

Value SomeValue(int64_t kind) {
  switch (kind) {
    case 0:
      return Value::Int(1'234'567);
    case 1:
      return Value::Double(0.3625);
    case 2:
      return Value::String("DeepSeek 深度求索");
    default: {
      Money money;
      money.amount = ValueOrDie(Decimal::Parse("2.8e9", true));
      money.currency = {'U', 'S', 'D'};
      return Value::Of<Money>(money);
    }
  }
}

void NameValue(benchmark::State& state) {
  static constexpr const char* kNames[] = {"int64", "float64", "string", "money"};
  state.SetLabel(kNames[state.range(0)]);
}

// A relationship's fact as they are: a date, a share, an amount, one citation.
Fact SomeFact() {
  Fact fact;
  fact.id = FactId(71);
  fact.properties = {{PropertyId(3), SomeValue(1)}, {PropertyId(9), SomeValue(3)}};
  fact.valid.from = ValueOrDie(Bound::Parse("2025-03", BoundRole::kFrom));
  Citation citation;
  citation.source = EntityId(12);
  citation.reported = ValueOrDie(Bound::Parse("2026-05-11", BoundRole::kFrom));
  citation.recorded = CommitVersion(4);
  citation.recorded_at = 1'780'000'000'000'000;
  fact.citations = {citation};
  fact.recorded = CommitVersion(4);
  return fact;
}

void BM_WriteValue(benchmark::State& state) {
  NameValue(state);
  const Value value = SomeValue(state.range(0));
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    RecordWriter out(&bytes, kFormat);
    WriteValue(value, out);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(BM_WriteValue)->DenseRange(0, 3);

void BM_ReadValue(benchmark::State& state) {
  NameValue(state);
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  WriteValue(SomeValue(state.range(0)), out);
  for (auto _ : state) {
    RecordReader in(bytes, "value", kFormat);
    benchmark::DoNotOptimize(ReadValue(in));
  }
}
BENCHMARK(BM_ReadValue)->DenseRange(0, 3);

void BM_AppendValueKey(benchmark::State& state) {
  NameValue(state);
  const Value value = SomeValue(state.range(0));
  std::string key;
  for (auto _ : state) {
    key.clear();
    AppendValueKey(value, &key);
    benchmark::DoNotOptimize(key.data());
  }
  state.counters["bytes"] = static_cast<double>(key.size());
}
BENCHMARK(BM_AppendValueKey)->DenseRange(0, 3);

void BM_DecodeValueKey(benchmark::State& state) {
  NameValue(state);
  std::string key;
  AppendValueKey(SomeValue(state.range(0)), &key);
  for (auto _ : state) {
    absl::string_view bytes = key;
    benchmark::DoNotOptimize(DecodeValueKey(&bytes));
  }
}
BENCHMARK(BM_DecodeValueKey)->DenseRange(0, 3);

void BM_WriteFacts(benchmark::State& state) {
  const std::vector<Fact> facts(static_cast<size_t>(state.range(0)), SomeFact());
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    RecordWriter out(&bytes, kFormat);
    WriteFacts(facts, CommitVersion(4), out);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(BM_WriteFacts)->Arg(1)->Arg(10);

void BM_ReadFacts(benchmark::State& state) {
  const std::vector<Fact> facts(static_cast<size_t>(state.range(0)), SomeFact());
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  WriteFacts(facts, CommitVersion(4), out);
  for (auto _ : state) {
    RecordReader in(bytes, "facts", kFormat);
    benchmark::DoNotOptimize(ReadFacts(CommitVersion(4), in));
  }
}
BENCHMARK(BM_ReadFacts)->Arg(1)->Arg(10);

void BM_OutKey(benchmark::State& state) {
  const RelationshipEnds ends{RelationshipId(91'234), TypeId(3), EntityId(17), EntityId(54'321)};
  for (auto _ : state) benchmark::DoNotOptimize(OutKey(ends));
}
BENCHMARK(BM_OutKey);

void BM_DecodeOutKey(benchmark::State& state) {
  const std::string key =
      OutKey({RelationshipId(91'234), TypeId(3), EntityId(17), EntityId(54'321)});
  for (auto _ : state) benchmark::DoNotOptimize(DecodeOutKey(key));
}
BENCHMARK(BM_DecodeOutKey);

}  // namespace
}  // namespace relata
