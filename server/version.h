#ifndef RELATA_SERVER_VERSION_H_
#define RELATA_SERVER_VERSION_H_

#include "absl/strings/string_view.h"

namespace relata {

// Version of this server; CMake's project version.
inline constexpr absl::string_view kServerVersion = RELATA_VERSION;

}  // namespace relata

#endif  // RELATA_SERVER_VERSION_H_
