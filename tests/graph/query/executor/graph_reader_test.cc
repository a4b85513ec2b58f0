#include "graph/query/executor/graph_reader.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "gmock/gmock.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/query/engine.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/query_error.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Names = std::vector<std::string>;

Instant Day(absl::string_view text) { return *ParseInstant(text); }

// One transaction with a reader and a writer over it.
struct Session {
  explicit Session(Database& database, ValidTime valid = ValidTime::At(0))
      : transaction(Must(database.Begin())),
        contexts({{transaction->snapshot(), {valid, DefaultPolicy()}, true, Day("2026-01-01")}}),
        reader(&contexts, transaction.get(), &database),
        writer(transaction.get(), &reader, &budget) {}

  NodeRef Node(absl::string_view key) { return {*Must(reader.FindByKey(0, key))}; }
  std::string Property(const Datum& entity, absl::string_view name) {
    return Must(reader.Property(entity, name)).ToString();
  }
  // Keys of those that bear the label, in the order of the scan.
  Names Scan(absl::string_view label) {
    Names keys;
    const std::optional<LabelId> id = reader.names().FindLabel(label);
    EntityId after;
    while (id) {
      const std::vector<EntityId> page = Must(reader.ListEntities(0, id, after, 2));
      if (page.empty()) break;
      for (const EntityId e : page) keys.push_back(Must(reader.Key(Datum::Of(NodeRef{e}))));
      after = page.back();
    }
    return keys;
  }
  // Far ends of all relationships of a node, with an arrow for the direction.
  Names Neighbours(NodeRef node, Direction direction = Direction::kEither) {
    Expansion expansion;
    const Step step{TypeId(), direction};
    const EntityId ids[] = {node.id};
    EXPECT_TRUE(reader.Expand(0, ids, {&step, 1}, &expansion).ok());
    Names ends;
    for (const Edge& edge : expansion.edges) {
      ends.push_back(absl::StrCat(edge.outgoing ? ">" : "<",
                                  Must(reader.Key(Datum::Of(NodeRef{edge.neighbour})))));
    }
    return ends;
  }
  RelationshipRef Link(NodeRef from, NodeRef to, const Datum::Map& properties = {},
                       const WriteFrame& frame = {}) {
    return Must(writer.CreateRelationship(from, to, "T", properties, frame));
  }

  std::unique_ptr<Transaction> transaction;
  std::vector<ReadContext> contexts;
  GraphReader reader;
  QueryBudget budget{SystemClock(), {}, nullptr};
  GraphWriter writer;
};

Datum::Map Props(const std::string& name, Datum value) { return {{name, std::move(value)}}; }

WriteFrame During(absl::string_view from, absl::string_view to) {
  WriteFrame frame;
  frame.portion = Must(Interval::Make(Must(Bound::Parse(from, BoundRole::kFrom)),
                                      Must(Bound::Parse(to, BoundRole::kTo))));
  return frame;
}

TEST(GraphReaderTest, ScansAndWalksSeeOwnWritesInTheirPlaces) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L"}), Put("b", {"L"}), Put("c", {"L"}), Put("d", {"M"}),
               Link("", "T", "a", "b"), Link("", "T", "c", "a")});
  Session s(h.db());
  EXPECT_THAT(s.Scan("L"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(s.Neighbours(s.Node("a")), ElementsAre(">b", "<c"));

  const NodeRef e = Must(s.writer.CreateNode({"L"}, Props("_key", Datum::String("e")), {}));
  RELATA_EXPECT_OK(s.writer.ChangeLabels(Datum::Of(s.Node("d")), {"L"}, {"M"}));
  RELATA_EXPECT_OK(s.writer.ChangeLabels(Datum::Of(s.Node("b")), {}, {"L"}));
  EXPECT_THAT(s.Scan("L"), ElementsAre("a", "c", "d", "e"));
  EXPECT_THAT(s.Scan("M"), IsEmpty());

  const RelationshipRef made = s.Link(s.Node("a"), e);
  s.Link(s.Node("a"), s.Node("a"));
  EXPECT_THAT(s.Neighbours(s.Node("a")), ElementsAre(">a", ">b", ">e", "<c"));
  EXPECT_THAT(s.Neighbours(s.Node("a"), Direction::kIn), ElementsAre("<a", "<c"));
  RELATA_EXPECT_OK(s.writer.Delete({{Datum::Of(made)}}, false, {}));
  RELATA_EXPECT_OK(s.writer.Delete({{Datum::Of(s.Node("b"))}}, /*detach=*/true, {}));
  EXPECT_THAT(s.Neighbours(s.Node("a")), ElementsAre(">a", "<c"));
  std::vector<RelationshipRef> all;
  RELATA_EXPECT_OK(s.reader.ListRelationships(0, RelationshipId(), 1, &all));
  EXPECT_EQ(all.size(), 1U);
}

TEST(GraphReaderTest, APairHasTheEdgesOfTheVertexThatLeadThere) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Put("c"), Link("", "T", "a", "b"), Link("gone", "T", "a", "b"),
               Link("", "T", "b", "a"), Link("", "T", "a", "c"), Link("", "U", "a", "b"),
               Link("", "T", "a", "a")});
  Session s(h.db());
  s.Link(s.Node("a"), s.Node("b"));
  s.Link(s.Node("b"), s.Node("a"));
  s.Link(s.Node("c"), s.Node("c"));
  const RelationshipRef made = s.Link(s.Node("a"), s.Node("b"));
  RELATA_EXPECT_OK(s.writer.Delete({{Datum::Of(made)}}, false, {}));
  RELATA_EXPECT_OK(
      s.writer
          .Run(DeleteRelationship{relata::RelationshipRef(RelationshipKeyRef{"gone"}), Portion()})
          .status());
  const TypeId type = *s.reader.names().FindType("T");
  size_t found = 0;
  for (const Direction direction : {Direction::kOut, Direction::kIn, Direction::kEither}) {
    const Step step{type, direction};
    for (const char* from : {"a", "b", "c"}) {
      Expansion expansion;
      const EntityId ids[] = {s.Node(from).id};
      RELATA_ASSERT_OK(s.reader.Expand(0, ids, {&step, 1}, &expansion));
      for (const char* to : {"a", "b", "c"}) {
        std::vector<RelationshipId> wanted;
        for (const Edge& edge : expansion.edges) {
          if (edge.neighbour == s.Node(to).id) wanted.push_back(edge.relationship);
        }
        std::vector<Edge> given;
        RELATA_ASSERT_OK(s.reader.ExpandPair(0, ids[0], s.Node(to).id, {&step, 1}, &given));
        std::vector<RelationshipId> ids_given;
        ids_given.reserve(given.size());
        for (const Edge& edge : given) ids_given.push_back(edge.relationship);
        EXPECT_EQ(ids_given, wanted) << from << to << static_cast<int>(direction);
        found += wanted.size();
      }
    }
  }
  EXPECT_EQ(found, 26U);
}

TEST(GraphReaderTest, PropertiesAreReadInTheContextThatAnEntityCarries) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L"},
                   {{"p", Says(Value::Int(1), "..", "2024-01-01")},
                    {"p", Says(Value::Int(2), "2024-01-01", "2025-01-01")},
                    {"p", Says(Value::Int(3), "2025-01-01", "..")},
                    {"q", Says(Value::Int(7))}})});
  const Snapshot snapshot = h.Latest();
  const auto at = [&](ValidTime valid) {
    return ReadContext{snapshot, {valid, DefaultPolicy()}, false, Day("2024-06-01")};
  };
  const std::vector<ReadContext> contexts = {
      at(ValidTime::At(Day("2023-01-01"))), at(ValidTime::At(Day("2026-01-01"))),
      at(ValidTime::Window(Day("2023-01-01"), Day("2025-01-01"))), at(ValidTime::All())};
  GraphReader reader(&contexts, nullptr);
  Column column(Column::Kind::kNode);
  for (ContextId c = 0; c < contexts.size(); ++c) column.Append(NodeRef{h.IdOf("a"), c});
  column.AppendNull();
  Column p;
  RELATA_ASSERT_OK(reader.Properties(column, "p", &p));
  ASSERT_EQ(p.kind(), Column::Kind::kInt);
  // The last instant of a window; under ALL now.
  EXPECT_THAT(std::vector<int64_t>(p.ints().begin(), p.ints().begin() + 4),
              ElementsAre(1, 3, 2, 2));
  EXPECT_TRUE(p.IsNull(4));
  Column has;
  RELATA_ASSERT_OK(reader.HasLabel(column, "L", &has));
  EXPECT_TRUE(has.Get(0).is_true());
  EXPECT_TRUE(has.IsNull(4));
}

// Values that were read once are kept in columns of the cache; a write takes them out.
TEST(GraphReaderTest, PropertiesAreThoseOfTheVersionHoweverOftenTheyAreRead) {
  DatabaseHarness h;
  h.MustApply(
      {Put("a", {"L"}, {{"p", Says(Value::Int(1))}}), Put("b", {"L"}), Link("r", "T", "a", "b")});
  const auto read = [&](const Snapshot& snapshot) {
    const std::vector<ReadContext> contexts = {
        {snapshot, {ValidTime::All(), DefaultPolicy()}, false, Day("2026-01-01")}};
    GraphReader reader(&contexts, nullptr);
    std::vector<RelationshipRef> all;
    RELATA_EXPECT_OK(reader.ListRelationships(0, RelationshipId(), 10, &all));
    return absl::StrCat(
        Must(reader.Property(Datum::Of(NodeRef{h.IdOf("a")}), "p")).ToString(), " ",
        Must(reader.Property(Datum::Of(NodeRef{h.IdOf("b")}), "p")).ToString(), " ",
        all.empty() ? "none" : Must(reader.Property(Datum::Of(all[0]), "share")).ToString());
  };
  const auto set_share = [](double share) {
    return SetProperty{relata::RelationshipRef(RelationshipKeyRef{"r"}), "share",
                       Value::Double(share), Portion()};
  };
  const Snapshot first = h.Latest();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(read(first), "1 null null");
  h.MustApply({set_share(0.25)});
  const Snapshot second = h.Latest();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(read(second), "1 null 0.25");
  h.MustApply({set_share(0.5), Put("b", {"L"}, {{"p", Says(Value::String("x"))}})});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(read(first), "1 null null");
    EXPECT_EQ(read(second), "1 null 0.25");
    EXPECT_EQ(read(h.Latest()), "1 x 0.5");
  }
  // Opened anew, they are read by the columns of the past.
  const size_t of_the_present = h.db().adjacency_cache().GetStats().column_bytes;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(read(h.At(first.version().value())), "1 null null");
    EXPECT_EQ(read(h.At(second.version().value())), "1 null 0.25");
    EXPECT_EQ(read(h.Latest()), "1 x 0.5");
  }
  EXPECT_GT(h.db().adjacency_cache().GetStats().column_bytes, of_the_present);
  EXPECT_GT(h.db().adjacency_cache().GetStats().column_bytes, 0u);
}

TEST(GraphReaderTest, NothingIsReadOfWhatWasDeleted) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Link("", "T", "a", "b")});
  Session s(h.db());
  const Datum a = Datum::Of(s.Node("a"));
  RELATA_EXPECT_OK(s.writer.Delete({&a, 1}, /*detach=*/true, {}));
  const absl::Status status = s.reader.Property(a, "p").status();
  EXPECT_EQ(GetQueryError(status)->detail, "DeletedEntityAccess");
  EXPECT_EQ(GetQueryError(s.writer.SetProperty(a, "p", Datum::Int(1), {}))->error_class,
            ErrorClass::kEntityNotFound);
  EXPECT_THAT(s.Neighbours(s.Node("b")), IsEmpty());
}

// What one transaction read, another may not have changed.
TEST(GraphReaderTest, ReadsAreCheckedAtTheCommit) {
  struct Read {
    const char* name;
    std::function<void(Session&)> read;
    Mutation write;
    bool conflict;
  };
  const Read reads[] = {
      {"scan, entity made", [](Session& s) { s.Scan("L"); }, Put("new", {"L"}), true},
      {"scan, label given", [](Session& s) { s.Scan("L"); }, Labels("m", {"L"}, {}), true},
      {"scan, other label", [](Session& s) { s.Scan("L"); }, Put("new", {"M"}), false},
      {"walk, relationship made", [](Session& s) { s.Neighbours(s.Node("a")); },
       Link("", "T", "m", "a"), true},
      {"walk, relationship ended", [](Session& s) { s.Neighbours(s.Node("a")); },
       Unlink("l", relata::During("2020-01-01", "..")), true},
      {"walk out, relationship in", [](Session& s) { s.Neighbours(s.Node("m"), Direction::kOut); },
       Link("", "T", "a", "m"), false},
      {"property set", [](Session& s) { s.Property(Datum::Of(s.Node("a")), "p"); },
       Set("a", "p", Value::Int(9)), true},
      {"other property set", [](Session& s) { s.Property(Datum::Of(s.Node("a")), "p"); },
       Set("a", "q", Value::Int(9)), false},
  };
  for (const Read& read : reads) {
    SCOPED_TRACE(read.name);
    DatabaseHarness h;
    h.MustApply({Put("a", {"L"}, {{"p", Says(Value::Int(1))}, {"q", Says(Value::Int(1))}}),
                 Put("m", {"M"}), Link("l", "T", "a", "m")});
    Session s(h.db());
    read.read(s);
    Must(s.writer.CreateNode({}, {}, {}));
    h.MustApply({read.write});
    const absl::Status status = h.db().Commit(*s.transaction, "").status();
    EXPECT_EQ(absl::IsAborted(status), read.conflict) << status;
  }
}

TEST(GraphReaderTest, IndexLookUpsFindOwnValues) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L"}, {{"p", Says(Value::Int(1))}}),
               Put("b", {"L"}, {{"p", Says(Value::Int(1))}}), Index("L", "p")});
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  Session s(h.db());
  const auto find = [&](int64_t value) {
    IndexReading reading;
    return Must(s.reader.FindByIndex(0, *s.reader.names().FindLabel("L"),
                                     {*s.reader.names().FindProperty("p")},
                                     {{Value::Int(value)}, {}, {}, {}}, &reading))
        ->size();
  };
  EXPECT_EQ(find(1), 2U);
  RELATA_EXPECT_OK(s.writer.SetProperty(Datum::Of(s.Node("a")), "p", Datum::Int(2), {}));
  Must(s.writer.CreateNode({"L"}, Props("p", Datum::Int(2)), {}));
  EXPECT_EQ(find(1), 1U);
  EXPECT_EQ(find(2), 2U);
}

TEST(GraphReaderTest, IndexesAreReadByPages) {
  DatabaseHarness h;
  std::vector<Mutation> mutations = {Index("L", "p")};
  for (int i = 0; i < 5; ++i) {
    mutations.emplace_back(Put(absl::StrCat("k", i), {"L"}, {{"p", Says(Value::Int(i))}}));
  }
  h.MustApply(mutations);
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  const std::vector<ReadContext> contexts = {
      {h.db().Latest(), {ValidTime::At(0), DefaultPolicy()}, false, Day("2026-01-01")}};
  GraphReader reader(&contexts, nullptr, &h.db());
  IndexReading reading{2, std::nullopt};
  std::vector<size_t> pages;
  std::set<EntityId> found;
  while (!reading.done()) {
    ASSERT_LE(pages.size(), 5U);
    const auto page = Must(reader.FindByIndex(0, *reader.names().FindLabel("L"),
                                              {*reader.names().FindProperty("p")},
                                              {{}, Value::Int(1), Value::Int(3), {}}, &reading));
    pages.push_back(page->size());
    found.insert(page->begin(), page->end());
  }
  EXPECT_THAT(pages, ElementsAre(2, 1));
  EXPECT_EQ(found.size(), 3U);
  EXPECT_FALSE(found.contains(h.IdOf("k0")));
}

TEST(GraphWriterTest, PortionsCutAndCitationsAreKept) {
  DatabaseHarness h;
  h.MustApply({Put("src", {"Source"}), Put("a", {}, {{"p", Says(Value::Int(1))}}), Put("b")});
  Session s(h.db());
  WriteFrame frame = During("2024-01-01", "2025-01-01");
  frame.citations.push_back(CitedFrom("src"));
  RELATA_EXPECT_OK(s.writer.SetProperty(Datum::Of(s.Node("a")), "p", Datum::Int(2), frame));
  WriteFrame dated = During("2024-03", "..");
  dated.citations = frame.citations;
  const RelationshipRef r =
      s.Link(s.Node("a"), s.Node("b"), Props("share", Datum::Float(0.5)), dated);
  EXPECT_EQ(Must(s.reader.SeenFact(r))->citations.size(), 1U);
  RELATA_EXPECT_OK(
      s.writer.SetProperty(Datum::Of(r), "share", Datum::Float(0.7), During("2025-01-01", "..")));
  const absl::Status month =
      s.writer.SetProperty(Datum::Of(s.Node("a")), "p", Datum::Int(3), During("2024-03", ".."));
  EXPECT_EQ(GetQueryError(month)->detail, "InvalidPortion");
  RELATA_ASSERT_OK(h.db().Commit(*s.transaction, "me").status());
  EXPECT_THAT(h.Texts("a", "p"),
              testing::UnorderedElementsAre("1@../2024-01-01T00:00:00Z", "2@2024-01-01/2025-01-01",
                                            "1@2025-01-01T00:00:00Z/.."));
}

TEST(GraphWriterTest, EffectsAreNetAndOfTheStatementAlone) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L"}, {{"p", Says(Value::Int(1))}, {"q", Says(Value::Int(1))}})});
  Session s(h.db());
  const Datum a = Datum::Of(s.Node("a"));
  RELATA_EXPECT_OK(s.writer.SetProperty(a, "p", Datum::Int(1), {}));  // as it was
  RELATA_EXPECT_OK(s.writer.SetProperty(a, "q", Datum(), {}));
  RELATA_EXPECT_OK(s.writer.ChangeLabels(a, {"M"}, {"L"}));
  const Datum gone = Datum::Of(Must(s.writer.CreateNode({"N"}, Props("p", Datum::Int(1)), {})));
  RELATA_EXPECT_OK(s.writer.Delete({&gone, 1}, false, {}));
  const NodeRef kept = Must(s.writer.CreateNode({"N"}, Props("p", Datum::Int(1)), {}));
  s.Link(kept, kept, Props("w", Datum::Int(1)));
  const SideEffects effects = s.writer.Effects();
  EXPECT_EQ(effects.nodes_created, 1U);
  EXPECT_EQ(effects.nodes_deleted, 0U);
  EXPECT_EQ(effects.relationships_created, 1U);
  EXPECT_EQ(effects.properties_set, 3U);
  EXPECT_EQ(effects.labels_added, 2U);
  EXPECT_EQ(effects.labels_removed, 1U);

  // A second statement of the same transaction counts from where it began.
  GraphWriter second(s.transaction.get(), &s.reader, &s.budget);
  EXPECT_FALSE(second.Effects().any());
  RELATA_EXPECT_OK(second.SetProperty(Datum::Of(kept), "p", Datum::Int(2), {}));
  const Datum node = Datum::Of(kept);
  EXPECT_EQ(second.Effects().properties_set, 1U);
  RELATA_EXPECT_OK(second.Delete({&node, 1}, /*detach=*/true, {}));
  EXPECT_EQ(second.Effects().nodes_deleted, 1U);
  EXPECT_EQ(second.Effects().relationships_deleted, 1U);
}

TEST(GraphWriterTest, WhatTheTransactionHoldsCountsForEachOfItsStatements) {
  DatabaseHarness h;
  Session s(h.db());
  QueryBudget little(SystemClock(), {.memory_bytes = 200'000}, nullptr);
  GraphWriter first(s.transaction.get(), &s.reader, &little);
  const auto text = Datum::String(std::string(10'000, 'x'));
  for (int i = 0; i < 15; ++i) {
    RELATA_ASSERT_OK(first.CreateNode({"N"}, Props("p", text), {}).status());
  }
  EXPECT_GT(little.peak_bytes(), 150'000U);
  QueryBudget as_little(SystemClock(), {.memory_bytes = 200'000}, nullptr);
  GraphWriter second(s.transaction.get(), &s.reader, &as_little);
  absl::Status status;
  int more = 0;
  for (; status.ok(); ++more) status = second.CreateNode({"N"}, Props("p", text), {}).status();
  EXPECT_LT(more, 6);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()),
              testing::HasSubstr("the transaction needs memory beyond the 200000 bytes"));
}

TEST(GraphWriterTest, RefusesWhatCannotBeStoredOrLeftBehind) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Link("l", "T", "a", "b")});
  Session s(h.db());
  const Datum a = Datum::Of(s.Node("a"));
  const auto detail = [](const absl::Status& status) { return GetQueryError(status)->detail; };
  EXPECT_EQ(detail(s.writer.SetProperty(a, "p", a, {})), "InvalidPropertyType");
  EXPECT_EQ(detail(s.writer.SetProperty(a, "p", Datum::Of(Datum::Map()), {})),
            "InvalidPropertyType");
  EXPECT_EQ(detail(s.writer.SetProperty(a, "_names", Datum::Int(1), {})), "InvalidPropertyName");
  RELATA_EXPECT_OK(s.writer.SetProperty(Datum(), "p", a, {}));
  RELATA_EXPECT_OK(s.writer.Delete({&a, 1}, /*detach=*/false, {}));
  EXPECT_EQ(detail(s.writer.Finish()), "DeleteConnectedNode");

  // Fine where a later clause takes the relationship away.
  Session t(h.db());
  const Datum node = Datum::Of(t.Node("a"));
  std::vector<RelationshipRef> links;
  RELATA_EXPECT_OK(t.reader.ListRelationships(0, RelationshipId(), 10, &links));
  RELATA_EXPECT_OK(t.writer.Delete({&node, 1}, /*detach=*/false, {}));
  const Datum link = Datum::Of(links.at(0));
  RELATA_EXPECT_OK(t.writer.Delete({&link, 1}, /*detach=*/false, {}));
  RELATA_EXPECT_OK(t.writer.Finish());
  RELATA_EXPECT_OK(h.db().Commit(*t.transaction, "").status());
  EXPECT_FALSE(h.Exists("a"));
}

}  // namespace
}  // namespace relata::query
