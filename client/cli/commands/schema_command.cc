#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/property_list.h"
#include "relata/v1/admin_service.pb.h"

namespace relata {
namespace {

std::string LabelsOr(const google::protobuf::RepeatedPtrField<std::string>& labels) {
  return labels.empty() ? "any" : absl::StrJoin(labels, "|");
}

std::string TypesText(const v1::PropertyDeclaration& property) {
  std::string text;
  for (const int type : property.types()) {
    absl::StrAppend(&text, text.empty() ? "" : "|",
                    absl::AsciiStrToLower(v1::ValueType_Name(static_cast<v1::ValueType>(type))));
  }
  if (property.required()) absl::StrAppend(&text, ", required");
  if (!property.unit().empty()) absl::StrAppend(&text, ", in ", property.unit());
  return text;
}

class SchemaCommand : public Command {
 public:
  absl::string_view name() const override { return "schema"; }
  absl::string_view summary() const override {
    return "Show declared types, properties, constraints, indexes";
  }
  ReadTerms read_terms() const override { return ReadTerms::kVersion; }
  void Declare(Arguments& arguments) override {
    arguments.Footer("Declarations are written by `relata import`; indexes by `relata index`.");
  }

  absl::Status Run(CommandContext& context) override {
    v1::GetSchemaRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    RELATA_ASSIGN_OR_RETURN(const v1::GetSchemaResponse response,
                            context.client().GetSchema(request));
    Table table({"what", "of", "name", "says", "description"});
    for (const auto& type : response.relationship_types()) {
      table.AddRow({"type", "", type.type(),
                    absl::StrCat(LabelsOr(type.from_labels()), " to ", LabelsOr(type.to_labels()),
                                 type.one_per_pair() ? ", one per pair" : "",
                                 type.inline_properties().empty() ? "" : ", inline ",
                                 absl::StrJoin(type.inline_properties(), "|")),
                    ""});
    }
    for (const auto& property : response.properties()) {
      table.AddRow({"property",
                    property.has_label() ? property.label() : property.relationship_type(),
                    property.property(), TypesText(property), property.description()});
    }
    for (const auto& unique : response.unique_constraints()) {
      table.AddRow({"unique", unique.label(), PropertiesOf(unique), "", ""});
    }
    for (const auto& index : response.indexes()) {
      table.AddRow({"index", absl::StrCat(index.label(), index.relationship_type()),
                    PropertiesOf(index), "", ""});
    }
    for (const auto& rule : response.named_rules()) {
      table.AddRow(
          {"name", rule.has_label() ? rule.label() : rule.relationship_type(), PropertiesOf(rule),
           absl::StrCat(
               rule.name(), " of ",
               absl::StrReplaceAll(absl::AsciiStrToLower(v1::SchemaRule::Kind_Name(rule.kind())),
                                   {{"_", " "}})),
           ""});
    }
    const auto add_used = [&table](const char* what, const auto& names) {
      table.AddRow({what, "", "", absl::StrJoin(names, ", "), ""});
    };
    add_used("labels in use", response.labels_in_use());
    add_used("types in use", response.types_in_use());
    add_used("properties in use", response.properties_in_use());
    return context.Print(table, response, "");
  }
};

}  // namespace

std::unique_ptr<Command> MakeSchemaCommand() { return std::make_unique<SchemaCommand>(); }

}  // namespace relata
