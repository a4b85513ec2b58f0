#include "bench/investment_graph.h"

#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

namespace relata {
namespace {

using Row = std::vector<std::string>;

v1::Value* AddProperty(const std::string& name, v1::EntityWrite& entity) {
  v1::PropertyFact* const property = entity.add_properties();
  property->set_name(name);
  return property->mutable_fact()->mutable_value();
}

v1::Value* AddProperty(const std::string& name, v1::Fact& fact) {
  v1::Property* const property = fact.add_properties();
  property->set_name(name);
  return property->mutable_value();
}

// A number that the generator wrote; anything else is a damaged file.
double Number(const std::string& text) {
  double number = 0.0;
  return absl::SimpleAtod(text, &number) ? number : -1.0;
}

v1::Mutation EntityOf(const Row& row, const std::string& label) {
  v1::Mutation mutation;
  v1::EntityWrite& entity = *mutation.mutable_create_entity();
  entity.set_key(NodeKey(row[0]));
  entity.add_labels(label);
  AddProperty("name", entity)->set_string_value(row[1]);
  if (row.size() > 2) AddProperty("country", entity)->set_string_value(row[2]);
  if (row.size() > 3) AddProperty("founded", entity)->set_date_value(row[3]);
  return mutation;
}

v1::Mutation RelationshipOf(const Row& row, const std::string& type, const std::string& date,
                            v1::Fact** fact) {
  v1::Mutation mutation;
  v1::RelationshipWrite& write = *mutation.mutable_create_relationship();
  write.set_type(type);
  write.mutable_from()->set_key(NodeKey(row[0]));
  write.mutable_to()->set_key(NodeKey(row[1]));
  *fact = write.add_facts();
  (*fact)->set_valid_from(date);
  return mutation;
}

v1::Mutation InvestmentOf(const Row& row) {
  v1::Fact* fact = nullptr;
  v1::Mutation mutation = RelationshipOf(row, "INVESTED_IN", row[4], &fact);
  v1::Money* const amount = AddProperty("amount", *fact)->mutable_money_value();
  amount->set_amount(row[2]);
  amount->set_currency("USD");
  AddProperty("share", *fact)->set_double_value(Number(row[3]));
  return mutation;
}

v1::Mutation TransferOf(const Row& row) {
  const absl::Time at = absl::FromUnixMillis(static_cast<int64_t>(Number(row[3])));
  v1::Fact* fact = nullptr;
  v1::Mutation mutation = RelationshipOf(
      row, "TRANSFERRED", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", at, absl::UTCTimeZone()), &fact);
  v1::Money* const amount = AddProperty("amount", *fact)->mutable_money_value();
  amount->set_amount(row[2]);
  amount->set_currency("USD");
  return mutation;
}

v1::Mutation RegulationOf(const Row& row) {
  v1::Fact* fact = nullptr;
  v1::Mutation mutation = RelationshipOf(row, "REGULATED", row[2], &fact);
  AddProperty("action", *fact)->set_string_value(row[3]);
  return mutation;
}

}  // namespace

absl::StatusOr<std::vector<Row>> ReadCsv(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  const size_t columns = Row(absl::StrSplit(line, ',')).size();
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    rows.push_back(absl::StrSplit(line, ','));
    if (rows.back().size() != columns) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ", row ", rows.size(), ": ", rows.back().size(), " columns, not ", columns));
    }
  }
  return rows;
}

std::string NodeKey(const std::string& id) { return absl::StrCat("n/", id); }

absl::Status ForEachMutation(const std::string& folder,
                             absl::FunctionRef<absl::Status(const v1::Mutation&)> receive) {
  const auto read = [&](const char* file,
                        absl::FunctionRef<v1::Mutation(const Row&)> make) -> absl::Status {
    RELATA_ASSIGN_OR_RETURN(const auto rows, ReadCsv(absl::StrCat(folder, "/", file)));
    for (const Row& row : rows) RELATA_RETURN_IF_ERROR(receive(make(row)));
    return absl::OkStatus();
  };
  RELATA_RETURN_IF_ERROR(
      read("company.csv", [](const Row& row) { return EntityOf(row, "Company"); }));
  RELATA_RETURN_IF_ERROR(
      read("person.csv", [](const Row& row) { return EntityOf(row, "Person"); }));
  RELATA_RETURN_IF_ERROR(
      read("regulator.csv", [](const Row& row) { return EntityOf(row, "Regulator"); }));
  RELATA_RETURN_IF_ERROR(read("invested_company.csv", InvestmentOf));
  RELATA_RETURN_IF_ERROR(read("invested_person.csv", InvestmentOf));
  RELATA_RETURN_IF_ERROR(read("transferred.csv", TransferOf));
  return read("regulated.csv", RegulationOf);
}

}  // namespace relata
