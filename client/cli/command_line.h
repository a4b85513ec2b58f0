#ifndef RELATA_CLIENT_CLI_COMMAND_LINE_H_
#define RELATA_CLIENT_CLI_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "client/cli/command_context.h"
#include "client/cli/exit_code.h"

namespace relata {

// The program `relata`: reads the command line `arguments` (without the program's name), runs the
// command that it names against the server and writes results and errors to `surroundings`. An
// error is one line, `relata: COMMAND: what was wrong (CODE): what to do`.
ExitCode RunCommandLine(const std::vector<std::string>& arguments,
                        const Surroundings& surroundings);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_COMMAND_LINE_H_
