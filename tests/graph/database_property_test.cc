// Random histories against a naive model that keeps a whole copy for every version.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/naive_graph.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::SizeIs;

constexpr int kHistories = 150;
constexpr int kBatches = 24;

// Batches over few keys, values and dates, so that they meet often.
class RandomHistory {
 public:
  explicit RandomHistory(uint64_t seed) : random_(seed) {}

  std::vector<Mutation> Next() {
    std::vector<Mutation> batch;
    for (uint64_t n = Below(3) + 1; n > 0; --n) batch.push_back(One());
    return batch;
  }
  // Makes most of the things that the others speak of.
  std::vector<Mutation> First() {
    return {Put("s0", {"Source"}),
            Put("s1", {"Source"}),
            Put("e0", {"L0"}),
            Put("e1", {"L1"}),
            Put("e2"),
            Put("e3", {"L0"})};
  }
  uint64_t Below(uint64_t n) { return random_() % n; }

 private:
  std::string EntityKey() { return absl::StrCat("e", Below(5)); }
  std::string LinkName() { return absl::StrCat("l", Below(4)); }
  std::string Label() { return Below(4) == 0 ? "Source" : absl::StrCat("L", Below(3)); }
  std::string PropertyName() { return absl::StrCat("p", Below(2)); }
  std::string Day() { return absl::StrCat("202", Below(6), "-01-01"); }

  Portion RandomPortion() {
    if (Below(3) == 0) return {};
    const std::string from = Below(4) == 0 ? ".." : Day();
    const std::string to = Below(4) == 0 ? ".." : Day();
    return from != ".." && to != ".." && from >= to ? Portion() : During(from, to);
  }

  FactWrite Fact() {
    FactWrite fact;
    const Portion valid = RandomPortion();
    if (valid.from != kMinusInfinity) fact.valid.from = Bound::At(valid.from);
    if (valid.to != kPlusInfinity) fact.valid.to = Bound::At(valid.to);
    for (uint64_t n = Below(3); n > 0; --n) {
      const Stance stance = Below(3) == 0 ? Stance::kDisputes : Stance::kAsserts;
      fact.citations.push_back(CitedFrom(Below(20) == 0 ? EntityKey() : SourceKey(), stance));
    }
    return fact;
  }
  FactWrite ValueFact() {
    FactWrite fact = Fact();
    fact.value = Value::Int(static_cast<int64_t>(Below(3)));
    return fact;
  }
  FactWrite LinkFact() {
    FactWrite fact = Fact();
    for (const char* property : {"p0", "p1"}) {
      if (Below(2) == 0) {
        fact.properties.emplace_back(property, Value::Int(static_cast<int64_t>(Below(3))));
      }
    }
    return fact;
  }
  std::string SourceKey() { return absl::StrCat("s", Below(2)); }
  Value ValueOrNull() {
    return Below(3) == 0 ? Value() : Value::Int(static_cast<int64_t>(Below(3)));
  }

  Mutation One() {
    switch (Below(16)) {
      case 14:
        return Put(EntityKey(), {}, {{PropertyName(), ValueFact()}});
      case 15:
        return Link(LinkName(), "T0", "e0", EntityKey(), {LinkFact(), LinkFact()});
      case 0:
        return Put(SourceKey(), {"Source"});
      case 1:
        return Put(EntityKey(), {Label()}, {{PropertyName(), ValueFact()}});
      case 2:
        return Below(4) == 0 ? Create(EntityKey()) : Put(EntityKey(), {Label(), Label()});
      case 3:
      case 4:
        return Add(EntityKey(), PropertyName(), {ValueFact(), ValueFact()});
      case 5:
        return Set(EntityKey(), PropertyName(), ValueOrNull(), RandomPortion());
      case 6:
        return Labels(Below(4) == 0 ? SourceKey() : EntityKey(), {absl::StrCat("L", Below(3))},
                      {Label()});
      case 7:
        return Delete(Below(4) == 0 ? SourceKey() : EntityKey(), /*detach=*/Below(2) == 0);
      case 8:
      case 9:
      case 10:
        return Link(LinkName(), absl::StrCat("T", Below(2)), EntityKey(), EntityKey(),
                    {LinkFact()});
      case 11:
        return SetLink(LinkName(), PropertyName(), ValueOrNull(), RandomPortion());
      case 12:
        return Unlink(LinkName(), RandomPortion());
      default:
        if (Below(3) == 0) return Retract(SourceKey());
        return Names(EntityKey(), {Named(absl::StrCat("Name", Below(2)), "en")});
    }
  }

  std::mt19937_64 random_;
};

// A database and, for each of its versions, the model.
class History {
 public:
  explicit History(uint64_t seed) : batches_(seed) {
    versions_.emplace_back();
    h_.MustApply({Index("L0", "p0")});
    versions_.emplace_back();
    if (!h_.db().WaitForIndexes().ok()) std::abort();
    index_ = h_.db().Indexes().at(0).definition;
    Step(batches_.First());
  }

  // Returns whether the batch was accepted.
  bool Step() { return Step(batches_.Next()); }

  bool Step(const std::vector<Mutation>& batch) {
    NaiveGraph trial = versions_.back();
    const absl::Status expected = trial.Run(batch, nullptr);
    const absl::StatusOr<BatchResult> result = h_.Apply(batch);
    EXPECT_EQ(result.status().code(), expected.code())
        << result.status() << " against " << expected;
    if (!result.ok()) return false;
    NaiveGraph next = versions_.back();
    EXPECT_THAT(next.Run(batch, &*result), IsOk());
    versions_.push_back(std::move(next));
    for (const auto& [id, entity] : versions_.back().entities()) entity_ids_.insert(id);
    for (const auto& [id, link] : versions_.back().relationships()) link_ids_.insert(id);
    if (batches_.Below(8) == 0) h_.Reopen();
    return true;
  }

  void CheckVersion(uint64_t version) {
    SCOPED_TRACE(absl::StrCat("version ", version));
    const Snapshot snapshot = h_.At(version);
    const NaiveGraph& model = versions_[version];
    for (const uint64_t id : entity_ids_) {
      const auto state = snapshot.GetEntity(EntityId(id)).value();
      std::optional<std::string> text;
      if (state) text = NaiveText(*state, snapshot.names());
      EXPECT_EQ(text, model.EntityText(id, false));
    }
    for (const uint64_t id : link_ids_) {
      const auto state = snapshot.GetRelationship(RelationshipId(id)).value();
      std::optional<std::string> text;
      if (state) text = NaiveText(*state, snapshot.names());
      EXPECT_EQ(text, model.RelationshipText(id, false));
    }
    CheckLookUps(snapshot, model);
    CheckLists(snapshot, model);
  }

  void CheckHistories() {
    const Snapshot head = h_.Latest();
    for (const uint64_t id : entity_ids_) {
      CheckSpans(
          head.EntityHistory(EntityId(id)).value(),
          [&](const NaiveGraph& model, bool serials) { return model.EntityText(id, serials); });
    }
    for (const uint64_t id : link_ids_) {
      CheckSpans(head.RelationshipHistory(RelationshipId(id)).value(),
                 [&](const NaiveGraph& model, bool serials) {
                   return model.RelationshipText(id, serials);
                 });
    }
  }

  void CheckChanges() {
    const auto changes =
        h_.db().Changes(CommitVersion(0), CommitVersion(versions_.size() - 1), SIZE_MAX).value();
    ASSERT_THAT(changes, SizeIs(versions_.size() - 1));
    for (uint64_t version = 1; version < versions_.size(); ++version) {
      SCOPED_TRACE(absl::StrCat("version ", version));
      std::vector<EntityId> entities;
      for (const uint64_t id : entity_ids_) {
        if (versions_[version - 1].EntityText(id, true) !=
            versions_[version].EntityText(id, true)) {
          entities.emplace_back(id);
        }
      }
      std::vector<RelationshipId> links;
      for (const uint64_t id : link_ids_) {
        if (versions_[version - 1].RelationshipText(id, true) !=
            versions_[version].RelationshipText(id, true)) {
          links.emplace_back(id);
        }
      }
      EXPECT_EQ(changes[version - 1].entities, entities);
      EXPECT_EQ(changes[version - 1].relationships, links);
      EXPECT_EQ(changes[version - 1].schema_changed, version == 1);
    }
  }

  uint64_t head() const { return versions_.size() - 1; }
  DatabaseHarness& harness() { return h_; }

 private:
  void CheckLookUps(const Snapshot& snapshot, const NaiveGraph& model) {
    for (const std::string& key :
         std::vector<std::string>{"e0", "e1", "e2", "e3", "e4", "s0", "s1"}) {
      const std::optional<EntityId> found = snapshot.FindEntity(key).value();
      const std::optional<uint64_t> expected = model.FindEntity(key);
      EXPECT_EQ(found.has_value() ? found->value() : 0, expected.value_or(0)) << key;
    }
    for (const char* name : {"Name0", "Name1"}) {
      std::vector<EntityId> expected;
      const std::string stored = NameToValue({name, "en", NameKind::kAlias}).ToString();
      for (const auto& [id, entity] : model.entities()) {
        const auto names = entity.properties.find("_names");
        if (names == entity.properties.end()) continue;
        for (const NaiveGraph::Fact& fact : names->second) {
          if (fact.value == stored) expected.emplace_back(id);
        }
      }
      std::vector<EntityId> found;
      for (const NameMatch& match : Must(snapshot.FindByName(name, false, SIZE_MAX))) {
        found.push_back(match.entity);
      }
      std::sort(found.begin(), found.end());
      EXPECT_EQ(found, expected);
    }
    if (!h_.db().IndexUsable(index_.id, snapshot)) return;
    for (const char* value : {"0", "1", "2"}) {
      EXPECT_THAT(snapshot.FindHolders(index_, {Value::Double(*value - '0')}),
                  IsOkAndHolds(model.WithValue("L0", "p0", value)));
    }
  }

  void CheckLists(const Snapshot& snapshot, const NaiveGraph& model) {
    for (const char* label : {"L0", "L1", "L2", "Source"}) {
      std::vector<EntityId> expected;
      for (const auto& [id, entity] : model.entities()) {
        if (entity.labels.contains(label)) expected.emplace_back(id);
      }
      const std::optional<LabelId> id = snapshot.names().FindLabel(label);
      if (id) {
        EXPECT_THAT(snapshot.ListEntities(id, EntityId(), SIZE_MAX), IsOkAndHolds(expected));
      }
      if (!id) {
        EXPECT_THAT(expected, SizeIs(0));
      }
    }
    for (const uint64_t id : entity_ids_) {
      std::set<uint64_t> expected;
      for (const auto& [link, r] : model.relationships()) {
        if (r.from == id || r.to == id) expected.insert(link);
      }
      std::set<uint64_t> found;
      for (const RelationshipEnds& ends : Must(snapshot.RelationshipsOf(EntityId(id)))) {
        EXPECT_TRUE(found.insert(ends.id.value()).second);
      }
      EXPECT_EQ(found, expected);
      std::set<FactOwner> owners;
      for (FactOwner owner : Must(snapshot.FactsOfSource(EntityId(id)))) {
        owners.insert({owner.is_relationship, owner.id, {}, {}});
      }
      EXPECT_EQ(owners, model.FactsOfSource(id));
    }
  }

  template <typename State, typename TextAt>
  void CheckSpans(const std::vector<StateSpan<State>>& spans, const TextAt& text_at) {
    size_t next = 0;
    for (uint64_t version = 1; version < versions_.size(); ++version) {
      const bool differs =
          text_at(versions_[version - 1], true) != text_at(versions_[version], true);
      if (!differs) continue;
      ASSERT_LT(next, spans.size()) << "a state is missing";
      EXPECT_EQ(spans[next].since, CommitVersion(version));
      if (next > 0) {
        EXPECT_EQ(spans[next - 1].ended, CommitVersion(version));
      }
      std::optional<std::string> text;
      if (spans[next].state) text = NaiveText(*spans[next].state, h_.db().names());
      EXPECT_EQ(text, text_at(versions_[version], false));
      ++next;
    }
    ASSERT_EQ(next, spans.size()) << "a state too many";
    EXPECT_EQ(spans.back().ended, CommitVersion(0));
  }

  RandomHistory batches_;
  DatabaseHarness h_;
  IndexDefinition index_;
  std::vector<NaiveGraph> versions_;
  std::set<uint64_t> entity_ids_;
  std::set<uint64_t> link_ids_;
};

TEST(DatabasePropertyTest, AnswersAreThoseOfTheModelAtEveryVersion) {
  int accepted = 0;
  for (uint64_t seed = 1; seed <= kHistories && !HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    History history(seed);
    for (int i = 0; i < kBatches && !HasFailure(); ++i) {
      if (!history.Step()) continue;
      ++accepted;
      history.CheckVersion(history.head());
    }
    EXPECT_EQ(history.harness().Latest().version(), CommitVersion(history.head()));
    for (uint64_t v = 0; v <= history.head() && !HasFailure(); ++v) history.CheckVersion(v);
    history.CheckHistories();
    history.CheckChanges();
    TextOf(history.harness().Latest(), TextDetail::kAll);  // its own checks
  }
  EXPECT_GT(accepted, kHistories * kBatches / 4) << "most batches were refused";
}

}  // namespace
}  // namespace relata
