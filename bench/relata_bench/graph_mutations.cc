#include "bench/relata_bench/graph_mutations.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "bench/relata_bench/question.h"

namespace relata::bench {
namespace {

v1::Value* AddProperty(absl::string_view name, v1::EntityWrite& entity) {
  v1::PropertyFact* const property = entity.add_properties();
  property->set_name(std::string(name));
  return property->mutable_fact()->mutable_value();
}

v1::Value* AddProperty(absl::string_view name, v1::Fact& fact) {
  v1::Property* const property = fact.add_properties();
  property->set_name(std::string(name));
  return property->mutable_value();
}

absl::StatusOr<v1::Mutation> EntityMutation(absl::string_view label, const CsvRow& row) {
  RELATA_ASSIGN_OR_RETURN(const int64_t id, IntegerField(row[0]));
  v1::Mutation mutation;
  v1::EntityWrite& entity = *mutation.mutable_create_entity();
  entity.set_key(NodeKey(id));
  entity.add_labels(std::string(label));
  AddProperty("id", entity)->set_int_value(id);
  AddProperty("name", entity)->set_string_value(std::string(row[1]));
  if (row.size() > 2) AddProperty("country", entity)->set_string_value(std::string(row[2]));
  if (row.size() > 3) AddProperty("founded", entity)->set_date_value(std::string(row[3]));
  return mutation;
}

// Between the entities of the first two fields; `*fact` is filled in by the caller.
absl::StatusOr<v1::Mutation> RelationshipMutation(const CsvRow& row, absl::string_view type,
                                                  std::string since, v1::Fact** fact) {
  RELATA_ASSIGN_OR_RETURN(const int64_t from, IntegerField(row[0]));
  RELATA_ASSIGN_OR_RETURN(const int64_t to, IntegerField(row[1]));
  v1::Mutation mutation;
  v1::RelationshipWrite& write = *mutation.mutable_create_relationship();
  write.set_type(std::string(type));
  write.mutable_from()->set_key(NodeKey(from));
  write.mutable_to()->set_key(NodeKey(to));
  *fact = write.add_facts();
  (*fact)->set_valid_from(std::move(since));
  return mutation;
}

absl::StatusOr<v1::Mutation> InvestmentMutation(const CsvRow& row) {
  v1::Fact* fact = nullptr;
  RELATA_ASSIGN_OR_RETURN(v1::Mutation mutation,
                          RelationshipMutation(row, "INVESTED_IN", std::string(row[4]), &fact));
  RELATA_ASSIGN_OR_RETURN(const double amount, NumberField(row[2]));
  RELATA_ASSIGN_OR_RETURN(const double share, NumberField(row[3]));
  AddProperty("amount", *fact)->set_double_value(amount);
  AddProperty("share", *fact)->set_double_value(share);
  return mutation;
}

absl::StatusOr<v1::Mutation> RegulationMutation(const CsvRow& row) {
  v1::Fact* fact = nullptr;
  RELATA_ASSIGN_OR_RETURN(v1::Mutation mutation,
                          RelationshipMutation(row, "REGULATED", std::string(row[2]), &fact));
  AddProperty("action", *fact)->set_string_value(std::string(row[3]));
  return mutation;
}

}  // namespace

absl::StatusOr<std::string> InstantText(absl::string_view milliseconds) {
  RELATA_ASSIGN_OR_RETURN(const int64_t since_epoch, IntegerField(milliseconds));
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(since_epoch),
                          absl::UTCTimeZone());
}

absl::StatusOr<v1::Mutation> TransferMutation(const CsvRow& row) {
  RELATA_ASSIGN_OR_RETURN(std::string since, InstantText(row[3]));
  v1::Fact* fact = nullptr;
  RELATA_ASSIGN_OR_RETURN(v1::Mutation mutation,
                          RelationshipMutation(row, "TRANSFERRED", std::move(since), &fact));
  RELATA_ASSIGN_OR_RETURN(const double amount, NumberField(row[2]));
  AddProperty("amount", *fact)->set_double_value(amount);
  return mutation;
}

absl::Status ForEachDeclaration(IdIndex index,
                                absl::FunctionRef<absl::Status(v1::Mutation)> receive) {
  for (const char* const label : {"Company", "Person", "Regulator"}) {
    v1::Mutation mutation;
    if (index == IdIndex::kUnique) {
      mutation.mutable_create_unique_constraint()->set_label(label);
      mutation.mutable_create_unique_constraint()->set_property("id");
    } else {
      mutation.mutable_create_index()->set_label(label);
      mutation.mutable_create_index()->set_property("id");
    }
    RELATA_RETURN_IF_ERROR(receive(std::move(mutation)));
  }
  return absl::OkStatus();
}

absl::Status ForEachGraphMutation(const std::string& folder,
                                  absl::FunctionRef<absl::Status(v1::Mutation)> receive) {
  const auto read =
      [&](absl::string_view file, size_t columns,
          absl::FunctionRef<absl::StatusOr<v1::Mutation>(const CsvRow&)> make) -> absl::Status {
    return ForEachRow(absl::StrCat(folder, "/", file), columns,
                      [&](const CsvRow& row) -> absl::Status {
                        RELATA_ASSIGN_OR_RETURN(v1::Mutation mutation, make(row));
                        return receive(std::move(mutation));
                      });
  };
  const auto entities = [&](absl::string_view file, size_t columns, absl::string_view label) {
    return read(file, columns, [&](const CsvRow& row) { return EntityMutation(label, row); });
  };
  RELATA_RETURN_IF_ERROR(entities("company.csv", 4, "Company"));
  RELATA_RETURN_IF_ERROR(entities("person.csv", 3, "Person"));
  RELATA_RETURN_IF_ERROR(entities("regulator.csv", 2, "Regulator"));
  RELATA_RETURN_IF_ERROR(read("invested_company.csv", 5, InvestmentMutation));
  RELATA_RETURN_IF_ERROR(read("invested_person.csv", 5, InvestmentMutation));
  RELATA_RETURN_IF_ERROR(read("transferred.csv", 4, TransferMutation));
  return read("regulated.csv", 4, RegulationMutation);
}

}  // namespace relata::bench
