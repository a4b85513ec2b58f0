#ifndef RELATA_CLIENT_CLI_KNOWN_NAMES_H_
#define RELATA_CLIENT_CLI_KNOWN_NAMES_H_

#include <string>
#include <vector>

#include "client/cli/command_context.h"

namespace relata {

// The names of the schema that a command line asks for. Empty texts, which stand for any name, are
// passed over.
struct AskedNames {
  std::vector<std::string> labels = {};
  std::vector<std::string> types = {};
  std::vector<std::string> properties = {};
};

// Notes each name that the database has never used nor declared, with the nearest that it has: what
// is asked for it is answered with nothing, which looks like a fact about the world and is mostly
// a slip of the pen. Asks the server once, and not at all where nothing is named.
//
// Beside the answer only: where the server does not say what it knows, nothing is noted.
void NoteUnknownNames(const CommandContext& context, const AskedNames& asked);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_KNOWN_NAMES_H_
