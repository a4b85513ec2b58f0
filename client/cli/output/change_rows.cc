#include "client/cli/output/change_rows.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/output/fact_text.h"
#include "relata/v1/change.pb.h"

namespace relata {
namespace {

std::string KindText(v1::Change::Kind kind) {
  return absl::AsciiStrToLower(v1::Change::Kind_Name(kind));
}

}  // namespace

std::vector<std::string> ChangeHeadings() {
  return {"version", "time", "by", "change", "key", "what"};
}

void AddChangeRows(const v1::Change& change, Table* table) {
  const auto add = [&](std::string kind, std::string key, std::string what) {
    table->AddRow({absl::StrCat(change.version()), change.commit_time(), change.principal(),
                   std::move(kind), std::move(key), std::move(what)});
  };
  if (change.schema_changed()) add("schema", "", "names or declarations changed");
  for (const auto& entity : change.entities()) {
    add(KindText(entity.kind()), EntityReference(entity.entity()),
        absl::StrCat(entity.entity().display_name(), entity.entity().labels().empty() ? "" : " (",
                     absl::StrJoin(entity.entity().labels(), ", "),
                     entity.entity().labels().empty() ? "" : ")"));
  }
  for (const auto& relationship : change.relationships()) {
    add(KindText(relationship.kind()), RelationshipReference(relationship.relationship()),
        RelationshipText(relationship.relationship()));
  }
  if (!change.schema_changed() && change.entities().empty() && change.relationships().empty()) {
    add("nothing", "", "");
  }
}

}  // namespace relata
