#include "client/cli/known_names.h"

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cli/near_miss.h"
#include "relata/v1/admin_service.pb.h"

namespace relata {
namespace {

using ProtoNames = google::protobuf::RepeatedPtrField<std::string>;

void NoteUnknown(const CommandContext& context, absl::string_view what,
                 const std::vector<std::string>& asked, const ProtoNames& in_use) {
  const std::vector<std::string> known(in_use.begin(), in_use.end());
  std::vector<absl::string_view> noted;
  for (const std::string& name : asked) {
    if (name.empty() || absl::c_linear_search(known, name) ||
        absl::c_linear_search(noted, absl::string_view(name))) {
      continue;
    }
    noted.push_back(name);
    const std::string nearest = NearestWord(name, known);
    context.Note(absl::StrCat("the database knows no ", what, " '", name, "'",
                              nearest.empty() ? "; `relata schema` lists what it knows"
                                              : absl::StrCat("; did you mean ", nearest, "?")));
  }
}

}  // namespace

void NoteUnknownNames(const CommandContext& context, const AskedNames& asked) {
  const auto names = [](const std::vector<std::string>& all) {
    return absl::c_any_of(all, [](const std::string& name) { return !name.empty(); });
  };
  if (!names(asked.labels) && !names(asked.types) && !names(asked.properties)) return;
  v1::GetSchemaRequest request;
  request.mutable_read()->set_database(context.database());
  const absl::StatusOr<v1::GetSchemaResponse> schema = context.client().GetSchema(request);
  if (!schema.ok()) return;
  NoteUnknown(context, "label", asked.labels, schema->labels_in_use());
  NoteUnknown(context, "relationship type", asked.types, schema->types_in_use());
  NoteUnknown(context, "property", asked.properties, schema->properties_in_use());
}

}  // namespace relata
