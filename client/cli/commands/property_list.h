#ifndef RELATA_CLIENT_CLI_COMMANDS_PROPERTY_LIST_H_
#define RELATA_CLIENT_CLI_COMMANDS_PROPERTY_LIST_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace relata {

// The properties of an index or a constraint as the API gives them: `name, founded`.
template <typename Message>
std::string PropertiesOf(const Message& message) {
  return absl::StrCat(message.property(), message.more_properties().empty() ? "" : ", ",
                      absl::StrJoin(message.more_properties(), ", "));
}

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_COMMANDS_PROPERTY_LIST_H_
