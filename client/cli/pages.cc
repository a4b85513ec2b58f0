#include "client/cli/pages.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

namespace relata {

void AppendPage(const google::protobuf::Message& page, google::protobuf::Message* all) {
  const auto* const descriptor = page.GetDescriptor();
  const auto* const reflection = page.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* const field = descriptor->field(i);
    if (field->name() == "next_page_token") {
      reflection->SetString(all, field, reflection->GetString(page, field));
    }
    if (!field->is_repeated() ||
        field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    }
    for (int at = 0; at < reflection->FieldSize(page, field); ++at) {
      reflection->AddMessage(all, field)->CopyFrom(reflection->GetRepeatedMessage(page, field, at));
    }
  }
}

int64_t CountItems(const google::protobuf::Message& message, absl::string_view items) {
  const auto* const field = message.GetDescriptor()->FindFieldByName(std::string(items));
  return message.GetReflection()->FieldSize(message, field);
}

}  // namespace relata
