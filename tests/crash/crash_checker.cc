#include "tests/crash/crash_checker.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tests/crash/crash_batches.h"

namespace relata {
namespace {

constexpr int kPage = 1000;
using Read = v1::ReadService::Stub;

std::string Text(BatchName batch) {
  return absl::StrCat("batch ", batch.number, " of writer ", batch.writer);
}

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::DataLossError(absl::StrCat(parts...));
}

// The fact of a property that is there once; nullptr where it is absent.
const v1::FactView* OnlyFact(const v1::Entity& entity, const std::string& property) {
  for (const v1::PropertyFacts& p : entity.properties()) {
    if (p.name() == property && p.facts_size() == 1) return &p.facts(0);
  }
  return nullptr;
}

// The states of some entities at a version (the newest where none is given).
absl::StatusOr<v1::BatchGetEntitiesResponse> GetEntities(CrashClient& client,
                                                         const std::vector<std::string>& keys,
                                                         std::optional<uint64_t> version) {
  v1::BatchGetEntitiesRequest request;
  if (version) request.mutable_read()->mutable_consistency()->set_exact_version(*version);
  for (const std::string& key : keys) request.add_entities()->set_key(key);
  return client.Read(&Read::BatchGetEntities, request);
}

std::vector<std::string> PartKeys(BatchName batch) {
  std::vector<std::string> keys;
  keys.reserve(kParts);
  for (int part = 0; part < kParts; ++part) keys.push_back(PartKey(batch, part));
  return keys;
}

// How many of the parts of a batch are there, with the right tag.
absl::StatusOr<int> CountParts(CrashClient& client, BatchName batch,
                               std::optional<uint64_t> version) {
  RELATA_ASSIGN_OR_RETURN(const auto found, GetEntities(client, PartKeys(batch), version));
  int parts = 0;
  for (const auto& result : found.results()) {
    if (!result.has_entity()) continue;
    const v1::FactView* tag = OnlyFact(result.entity(), "tag");
    if (tag == nullptr || tag->value().string_value() != TagOf(batch)) {
      return Wrong(result.entity().key(), " has not the tag of ", Text(batch));
    }
    ++parts;
  }
  return parts;
}

struct Counter {
  int count = 0;
  uint64_t since = 0;  // the commit that set it
};

absl::StatusOr<Counter> ReadCounter(CrashClient& client, int writer,
                                    std::optional<uint64_t> version) {
  RELATA_ASSIGN_OR_RETURN(const auto found, GetEntities(client, {CounterKey(writer)}, version));
  if (!found.results(0).has_entity()) return Wrong("the counter of writer ", writer, " is gone");
  const v1::FactView* count = OnlyFact(found.results(0).entity(), "count");
  if (count == nullptr) return Wrong("the counter of writer ", writer, " has no count");
  return Counter{static_cast<int>(count->value().int_value()), count->recorded_version()};
}

// Sends a batch with a request id again. What is there already must come back as it was.
absl::Status SendAgain(CrashClient& client, CrashLedger& ledger, BatchName batch, bool is_there,
                       DoubtCounts& counts) {
  RELATA_ASSIGN_OR_RETURN(const v1::WriteResponse response, client.Write(BatchRequest(batch)));
  if (is_there) {
    const uint64_t version = ledger.VersionOf(batch);
    if (!response.replayed() || response.version() != version) {
      return Wrong(Text(batch), " was written at version ", version,
                   "; its request id gave version ", response.version());
    }
    ++counts.replayed;
    return absl::OkStatus();
  }
  if (response.replayed()) {
    return Wrong(Text(batch), " is absent, but its request id gave a first answer");
  }
  ledger.Commit(batch, response.version(), "redone");
  ++counts.redone;
  return absl::OkStatus();
}

absl::Status SettleOne(CrashClient& client, CrashLedger& ledger, int writer, DoubtCounts& counts) {
  const int committed = ledger.Committed(writer);
  const bool in_doubt = ledger.InDoubt(writer);
  const BatchName next = {writer, committed + 1};
  RELATA_ASSIGN_OR_RETURN(const Counter counter, ReadCounter(client, writer, std::nullopt));
  const bool is_there = in_doubt && counter.count == next.number;
  if (counter.count != committed && !is_there) {
    return Wrong("writer ", writer, " had ", committed, " batches acknowledged",
                 in_doubt ? " and one in doubt" : "", ", but its counter says ", counter.count);
  }
  RELATA_ASSIGN_OR_RETURN(const int parts, CountParts(client, next, std::nullopt));
  if (parts != (is_there ? kParts : 0)) {
    return Wrong("half a batch: ", Text(next), is_there ? " set" : " did not set",
                 " the counter and has ", parts, " of ", kParts, " entities");
  }
  if (!in_doubt) return absl::OkStatus();
  if (is_there) {
    ledger.Commit(next, counter.since, "found");
    ++counts.whole;
  } else {
    ledger.Lose(next);
    ++counts.absent;
  }
  if (RequestIdOf(next).empty()) return absl::OkStatus();
  return SendAgain(client, ledger, next, is_there, counts);
}

// What counting the whole graph gives.
struct Recount {
  std::map<std::string, std::string> parts;  // key -> tag
  std::map<std::string, uint64_t> by_label;
  std::map<std::string, int> links;  // from -> number of PART_OF
  uint64_t entities = 0;
  uint64_t relationships = 0;
  uint64_t facts = 0;
  uint64_t citations = 0;
  uint64_t version = 0;
};

void CountFact(const v1::FactView& fact, Recount& recount) {
  ++recount.facts;
  recount.citations += fact.citations_size();
}

absl::Status CountEntities(CrashClient& client, Recount& recount) {
  v1::ListEntitiesRequest request;
  request.set_page_size(kPage);
  request.mutable_read()->mutable_policy()->set_raw(true);
  do {
    RELATA_ASSIGN_OR_RETURN(const auto page, client.Read(&Read::ListEntities, request));
    recount.version = page.stamp().version();
    for (const v1::Entity& entity : page.entities()) {
      ++recount.entities;
      for (const std::string& label : entity.labels()) ++recount.by_label[label];
      for (const v1::PropertyFacts& property : entity.properties()) {
        for (const v1::FactView& fact : property.facts()) CountFact(fact, recount);
      }
      for (const v1::NameView& name : entity.names()) CountFact(name.fact(), recount);
      const v1::FactView* tag = OnlyFact(entity, "tag");
      if (tag != nullptr) recount.parts[entity.key()] = tag->value().string_value();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status CountRelationships(CrashClient& client, Recount& recount) {
  v1::ListRelationshipsRequest request;
  request.set_page_size(kPage);
  request.mutable_read()->mutable_policy()->set_raw(true);
  do {
    RELATA_ASSIGN_OR_RETURN(const auto page, client.Read(&Read::ListRelationships, request));
    for (const v1::Relationship& relationship : page.relationships()) {
      ++recount.relationships;
      for (const v1::FactView& fact : relationship.facts()) CountFact(fact, recount);
      ++recount.links[relationship.from().key()];
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

// Exactly the parts of the committed batches, each with one relationship.
absl::Status CheckParts(const CrashLedger& ledger, const Recount& recount) {
  size_t expected = 0;
  for (int writer = 0; writer < ledger.writers(); ++writer) {
    const int committed = ledger.Committed(writer);
    for (BatchName batch = {writer, 1}; batch.number <= committed; ++batch.number) {
      for (int part = FirstPartDeleted(batch, committed) ? 1 : 0; part < kParts; ++part) {
        ++expected;
        const std::string key = PartKey(batch, part);
        const auto found = recount.parts.find(key);
        if (found == recount.parts.end()) return Wrong(key, " is missing");
        if (found->second != TagOf(batch)) return Wrong(key, " has the tag ", found->second);
        const auto link = recount.links.find(key);
        if (link == recount.links.end() || link->second != 1) {
          return Wrong(key, " has not one relationship");
        }
      }
    }
  }
  if (recount.parts.size() != expected || recount.links.size() != expected) {
    return Wrong("there are ", recount.parts.size(), " parts and ", recount.links.size(),
                 " with relationships; there should be ", expected);
  }
  return absl::OkStatus();
}

absl::Status CheckStatistics(CrashClient& client, const Recount& recount) {
  RELATA_ASSIGN_OR_RETURN(const v1::GetStatisticsResponse s, client.GetStatistics());
  const auto by_label = [&](const Recount& r) {
    std::map<std::string, uint64_t> counts;
    for (const auto& label : s.entities_by_label()) counts[label.name()] = label.count();
    return counts == r.by_label;
  };
  if (s.entities() == recount.entities && s.relationships() == recount.relationships &&
      s.facts() == recount.facts && s.citations() == recount.citations && by_label(recount)) {
    return absl::OkStatus();
  }
  return Wrong("the statistics differ from a recount: entities ", s.entities(), " / ",
               recount.entities, ", relationships ", s.relationships(), " / ",
               recount.relationships, ", facts ", s.facts(), " / ", recount.facts, ", citations ",
               s.citations(), " / ", recount.citations);
}

absl::Status CheckChanges(CrashClient& client, const CrashLedger& ledger, uint64_t after) {
  const std::map<uint64_t, BatchName> expected = ledger.CommittedAfter(after);
  auto next = expected.begin();
  v1::ListChangesRequest request;
  request.set_from_version(after);
  request.set_page_size(kPage);
  do {
    RELATA_ASSIGN_OR_RETURN(const auto page, client.Read(&Read::ListChanges, request));
    for (const v1::Change& change : page.changes()) {
      if (next == expected.end() || change.version() != next->first ||
          change.principal() != PrincipalOf(next->second) ||
          change.request_id() != RequestIdOf(next->second)) {
        return Wrong("version ", change.version(), " by ", change.principal(), " is listed; ",
                     next == expected.end()
                         ? std::string("nothing more should be")
                         : absl::StrCat("version ", next->first, " by ", PrincipalOf(next->second),
                                        " should be"));
      }
      ++next;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (next != expected.end()) return Wrong("version ", next->first, " is not in the changes");
  return absl::OkStatus();
}

// What the database held at a batch's version and just before.
absl::Status CheckAround(CrashClient& client, uint64_t version, BatchName batch) {
  RELATA_ASSIGN_OR_RETURN(const Counter at, ReadCounter(client, batch.writer, version));
  RELATA_ASSIGN_OR_RETURN(const int parts_at, CountParts(client, batch, version));
  RELATA_ASSIGN_OR_RETURN(const Counter before, ReadCounter(client, batch.writer, version - 1));
  RELATA_ASSIGN_OR_RETURN(const int parts_before, CountParts(client, batch, version - 1));
  if (at.count == batch.number && at.since == version && parts_at == kParts &&
      before.count == batch.number - 1 && parts_before == 0) {
    return absl::OkStatus();
  }
  return Wrong("at version ", version, ", ", Text(batch), ": counter ", before.count, " then ",
               at.count, " (set at ", at.since, "), parts ", parts_before, " then ", parts_at);
}

absl::Status CheckCounterHistory(CrashClient& client, const CrashLedger& ledger, int writer) {
  v1::GetHistoryRequest request;
  request.mutable_entity()->set_key(CounterKey(writer));
  request.set_page_size(100);
  int count = 0;
  do {
    RELATA_ASSIGN_OR_RETURN(const auto page, client.Read(&Read::GetHistory, request));
    for (const v1::GetHistoryResponse::State& state : page.states()) {
      const v1::FactView* fact = OnlyFact(state.entity(), "count");
      const bool right = fact != nullptr && fact->value().int_value() == count &&
                         count <= ledger.Committed(writer) &&
                         (count == 0 || state.since_version() == ledger.VersionOf({writer, count}));
      if (!right) {
        return Wrong("the history of counter ", writer, " at version ", state.since_version(),
                     " is not count ", count);
      }
      ++count;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (count == ledger.Committed(writer) + 1) return absl::OkStatus();
  return Wrong("the history of counter ", writer, " has ", count, " states after ",
               ledger.Committed(writer), " batches");
}

}  // namespace

absl::Status SettleDoubts(CrashClient& client, CrashLedger& ledger, DoubtCounts& counts) {
  for (int writer = 0; writer < ledger.writers(); ++writer) {
    RELATA_RETURN_IF_ERROR(SettleOne(client, ledger, writer, counts));
    // An old answer too: the newest batch of this writer that has a request id.
    BatchName last = {writer, ledger.Committed(writer)};
    while (last.number > 0 && RequestIdOf(last).empty()) --last.number;
    if (last.number == 0) continue;
    RELATA_RETURN_IF_ERROR(SendAgain(client, ledger, last, /*is_there=*/true, counts));
  }
  return absl::OkStatus();
}

absl::Status CheckPresent(CrashClient& client, const CrashLedger& ledger) {
  Recount recount;
  RELATA_RETURN_IF_ERROR(CountEntities(client, recount));
  RELATA_RETURN_IF_ERROR(CountRelationships(client, recount));
  const uint64_t commits = ledger.TotalCommitted() + 1;  // and the first, which made the counters
  if (recount.version != commits) {
    return Wrong("the head is version ", recount.version, " after ", commits, " commits");
  }
  RELATA_RETURN_IF_ERROR(CheckParts(ledger, recount));
  return CheckStatistics(client, recount);
}

absl::Status CheckPast(CrashClient& client, const CrashLedger& ledger, uint64_t after,
                       size_t samples, std::mt19937_64& random) {
  RELATA_RETURN_IF_ERROR(CheckChanges(client, ledger, std::max<uint64_t>(after, 1)));
  const std::map<uint64_t, BatchName> all = ledger.CommittedAfter(0);
  std::vector<std::pair<uint64_t, BatchName>> chosen;
  std::sample(all.begin(), all.end(), std::back_inserter(chosen), samples, random);
  for (const auto& [version, batch] : chosen) {
    RELATA_RETURN_IF_ERROR(CheckAround(client, version, batch));
  }
  return CheckCounterHistory(client, ledger, static_cast<int>(random() % ledger.writers()));
}

}  // namespace relata
