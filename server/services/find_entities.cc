// FindEntities: by name, by an index, or by a scan of a label.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "graph/catalog/schema.h"
#include "server/convert/fact_write.h"
#include "server/convert/page_token.h"
#include "server/convert/read_terms.h"
#include "server/convert/value.h"
#include "server/convert/view_writer.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/services/read_calls.h"

namespace relata {
namespace {

using Op = v1::Comparison::Op;

// Names that one search looks at; more of them are not found.
constexpr size_t kMaxNameMatches = 10'000;
// Entities read at a time while a search scans.
constexpr size_t kEntityBatch = 256;

// One condition of `where`.
struct Condition {
  PropertyId property;
  Op op = v1::Comparison::EQUAL;
  Value value;
};

// What a search asks for, beside a name.
struct Filter {
  std::optional<LabelId> label;
  std::vector<Condition> conditions;
};

absl::StatusOr<Condition> ConditionFromProto(const v1::Comparison& proto, const NameTable& names,
                                             const FieldPath& path) {
  Condition condition;
  RELATA_RETURN_IF_ERROR(CheckPropertyName(proto.property(), path.Field("property")));
  condition.property = PropertyOrNone(names, proto.property());
  if (!v1::Comparison::Op_IsValid(proto.op())) {
    return path.Field("op").Error("this comparison does not exist");
  }
  condition.op = proto.op() == v1::Comparison::OP_UNSPECIFIED ? v1::Comparison::EQUAL : proto.op();
  if (condition.op == v1::Comparison::EXISTS) return condition;
  RELATA_ASSIGN_OR_RETURN(condition.value, ValueFromProto(proto.value(), path.Field("value")));
  if (condition.value.is_null()) {
    return path.Field("value").Error("nothing compares with null; use EXISTS");
  }
  if (condition.op == v1::Comparison::STARTS_WITH && condition.value.type() != ValueType::kString) {
    return path.Field("value").Error("STARTS_WITH needs a text");
  }
  return condition;
}

absl::StatusOr<Filter> FilterFromProto(const v1::FindEntitiesRequest& request,
                                       const NameTable& names) {
  Filter filter;
  if (request.name().empty() && request.label().empty() && request.where_size() == 0) {
    return FieldError("name", "give a name, a label or a condition; to list all use ListEntities");
  }
  if (request.prefix() && request.name().empty()) {
    return FieldError("name", "a prefix search needs the beginning of a name");
  }
  if (!request.label().empty()) filter.label = LabelOrNone(names, request.label());
  for (int i = 0; i < request.where_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(
        Condition condition,
        ConditionFromProto(request.where(i), names, FieldPath::RequestItem("where", i)));
    filter.conditions.push_back(std::move(condition));
  }
  return filter;
}

// Whether two values have an order: numbers with numbers, money of one currency, else values of one
// type.
bool Ordered(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return true;
  if (a.type() != b.type()) return false;
  const Money* money = a.get_if<Money>();
  return money == nullptr || money->currency == b.get<Money>().currency;
}

bool Contains(const Value& value, const Value& part) {
  if (const auto* list = value.get_if<Value::List>()) {
    return std::any_of(list->begin(), list->end(),
                       [&](const Value& item) { return Equivalent(item, part); });
  }
  const auto* text = value.get_if<std::string>();
  const auto* wanted = part.get_if<std::string>();
  return text != nullptr && wanted != nullptr && absl::StrContains(*text, *wanted);
}

bool Holds(const Condition& condition, const Value& value) {
  switch (condition.op) {
    case v1::Comparison::EXISTS:
      return true;
    case v1::Comparison::EQUAL:
      return Equivalent(value, condition.value);
    case v1::Comparison::NOT_EQUAL:
      return !Equivalent(value, condition.value);
    case v1::Comparison::CONTAINS:
      return Contains(value, condition.value);
    case v1::Comparison::STARTS_WITH: {
      const auto* text = value.get_if<std::string>();
      return text != nullptr && absl::StartsWith(*text, condition.value.get<std::string>());
    }
    default:
      break;
  }
  if (!Ordered(value, condition.value)) return false;
  const int order = TotalOrder(value, condition.value);
  switch (condition.op) {
    case v1::Comparison::LESS:
      return order < 0;
    case v1::Comparison::LESS_OR_EQUAL:
      return order <= 0;
    case v1::Comparison::GREATER:
      return order > 0;
    default:
      return order >= 0;
  }
}

bool Passes(const Filter& filter, const EntityState& state, const ReadView& view) {
  if (filter.label && !state.HasLabel(*filter.label)) return false;
  for (const Condition& condition : filter.conditions) {
    const std::vector<Fact>* facts = state.FindProperty(condition.property);
    if (facts == nullptr) return false;
    const std::vector<VisibleFact> seen = SelectVisible(*facts, view);
    if (std::none_of(seen.begin(), seen.end(),
                     [&](const VisibleFact& fact) { return Holds(condition, fact.fact->value); })) {
      return false;
    }
  }
  return true;
}

// One search: what its parts share.
struct Search {
  const ReadSession& session;
  const Filter& filter;
  ViewWriter& writer;
  Budget& budget;
  size_t page;
  bool full;
  v1::FindEntitiesResponse* response;

  bool PageFull() const { return static_cast<size_t>(response->matches_size()) >= page; }
};

// Names that match, each entity once; the cursor is the number of names looked at.
absl::Status FindByName(Search& search, const v1::FindEntitiesRequest& request, uint64_t next) {
  const Snapshot& snapshot = search.session.snapshot();
  RELATA_ASSIGN_OR_RETURN(const std::vector<NameMatch> names,
                          snapshot.FindByName(request.name(), request.prefix(), kMaxNameMatches));
  absl::flat_hash_set<EntityId> given;
  for (uint64_t i = 0; i < names.size(); ++i) {
    const NameMatch& match = names[i];
    if (given.contains(match.entity)) continue;
    if (search.PageFull()) {
      search.response->set_next_page_token(search.session.NextPageToken(EncodeCursor(i)));
      return absl::OkStatus();
    }
    RELATA_ASSIGN_OR_RETURN(const auto state, snapshot.GetEntity(match.entity));
    if (!state || !Passes(search.filter, *state, search.session.view())) continue;
    const std::vector<Fact>& facts = *state->FindProperty(kNamesProperty);
    const auto fact =
        std::find_if(facts.begin(), facts.end(), [&](const Fact& f) { return f.id == match.fact; });
    if (fact == facts.end() || !search.writer.Shows(*fact)) continue;
    given.insert(match.entity);
    if (i < next) continue;  // on an earlier page
    auto* const out = search.response->add_matches();
    RELATA_RETURN_IF_ERROR(search.writer.WriteEntity(*state, search.full, out->mutable_entity()));
    RELATA_RETURN_IF_ERROR(search.writer.WriteName(*fact, out->mutable_name()));
    RELATA_RETURN_IF_ERROR(search.budget.Spend(1));
  }
  return absl::OkStatus();
}

// Those of `ids` (ascending) after `after` that pass. `last` is the last one looked at.
absl::Status AddPassing(Search& search, const std::vector<EntityId>& ids, EntityId& last) {
  for (const EntityId id : ids) {
    if (id <= last) continue;
    if (search.PageFull()) break;
    last = id;
    RELATA_ASSIGN_OR_RETURN(const auto state, search.session.snapshot().GetEntity(id));
    if (!state || !Passes(search.filter, *state, search.session.view())) continue;
    RELATA_RETURN_IF_ERROR(search.writer.WriteEntity(
        *state, search.full, search.response->add_matches()->mutable_entity()));
  }
  return absl::OkStatus();
}

// An index that answers one of the conditions; nullptr where none does.
absl::StatusOr<std::pair<const IndexDefinition*, const Value*>> UsableIndex(
    const ReadSession& session, const Filter& filter, const Schema& schema) {
  if (filter.label) {
    for (const Condition& condition : filter.conditions) {
      if (condition.op != v1::Comparison::EQUAL) continue;
      for (const auto& [id, index] : schema.indexes()) {
        if (index.label == *filter.label && index.properties.front() == condition.property &&
            session.database().IndexUsable(id, session.snapshot())) {
          return std::make_pair(&index, &condition.value);
        }
      }
    }
  }
  return std::make_pair<const IndexDefinition*, const Value*>(nullptr, nullptr);
}

absl::Status FindByValue(Search& search, EntityId last) {
  const Snapshot& snapshot = search.session.snapshot();
  RELATA_ASSIGN_OR_RETURN(const auto schema, snapshot.GetSchema());
  RELATA_ASSIGN_OR_RETURN((const auto [index, value]),
                          UsableIndex(search.session, search.filter, *schema));
  while (true) {
    std::vector<EntityId> ids;
    if (index != nullptr) {
      RELATA_ASSIGN_OR_RETURN(ids, snapshot.FindByIndex(*index, {{*value}, {}, {}, {}}));
    } else {
      RELATA_ASSIGN_OR_RETURN(ids, snapshot.ListEntities(search.filter.label, last, kEntityBatch));
    }
    RELATA_RETURN_IF_ERROR(AddPassing(search, ids, last));
    const bool all_read = index != nullptr || ids.size() < kEntityBatch;
    if (all_read && (ids.empty() || last >= ids.back())) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(search.budget.Spend(ids.size()));
    // A page may end early, with its token, where the search took long.
    if (search.PageFull() || !search.budget.open()) break;
  }
  search.response->set_next_page_token(search.session.NextPageToken(EncodeCursor(last.value())));
  return absl::OkStatus();
}

}  // namespace

absl::Status FindEntities(const CallContext& call, const v1::FindEntitiesRequest& request,
                          v1::FindEntitiesResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(
      const ReadSession session,
      ReadSession::OpenPaged(call, request.read(), {}, request, request.page_token()));
  RELATA_ASSIGN_OR_RETURN(const Filter filter,
                          FilterFromProto(request, session.snapshot().names()));
  RELATA_ASSIGN_OR_RETURN(const bool full, IsFullDetail(request.detail()));
  uint64_t place = 0;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(place, DecodePlace(*session.cursor()));
  }
  RELATA_ASSIGN_OR_RETURN(Budget budget, call.MakeBudget({}));
  ViewWriter writer(session.database(), session.snapshot(), session.view());
  session.WriteStamp(response->mutable_stamp());
  Search search{session, filter, writer, budget, page, full, response};
  return request.name().empty() ? FindByValue(search, EntityId(place))
                                : FindByName(search, request, place);
}

}  // namespace relata
