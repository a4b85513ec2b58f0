#include "graph/query/procedures/procedure.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace relata::query {
namespace {

std::string FieldsText(const std::vector<ProcedureField>& fields) {
  std::string text;
  for (const ProcedureField& field : fields) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", field.name,
                    " :: ", field.type_name.empty() ? TypeSetName(field.type) : field.type_name);
    if (field.default_value) absl::StrAppend(&text, " = ", field.default_value->ToString());
  }
  return text;
}

}  // namespace

std::string Procedure::Signature() const {
  return absl::StrCat(name, "(", FieldsText(inputs), ") :: (", FieldsText(outputs), ")");
}

absl::Status ProcedureRegistry::Register(Procedure procedure) {
  std::string name = procedure.name;
  MutexLock lock(&mutex_);
  const auto [it, added] = procedures_.emplace(std::move(name), nullptr);
  if (!added)
    return absl::AlreadyExistsError(absl::StrCat("there is a procedure ", it->first, " already"));
  it->second = std::make_shared<const Procedure>(std::move(procedure));
  return absl::OkStatus();
}

std::shared_ptr<const Procedure> ProcedureRegistry::Find(absl::string_view name) const {
  MutexLock lock(&mutex_);
  const auto exact = procedures_.find(std::string(name));
  if (exact != procedures_.end()) return exact->second;
  for (const auto& [known, procedure] : procedures_) {
    if (absl::EqualsIgnoreCase(known, name)) return procedure;
  }
  return nullptr;
}

std::vector<std::shared_ptr<const Procedure>> ProcedureRegistry::All() const {
  std::vector<std::shared_ptr<const Procedure>> all;
  MutexLock lock(&mutex_);
  for (const auto& [name, procedure] : procedures_) all.push_back(procedure);
  return all;
}

}  // namespace relata::query
