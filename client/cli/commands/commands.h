#ifndef RELATA_CLIENT_CLI_COMMANDS_COMMANDS_H_
#define RELATA_CLIENT_CLI_COMMANDS_COMMANDS_H_

#include <memory>

#include "client/cli/command.h"

namespace relata {

// Each command is made by its own file, <name>_command.cc; its help says what it does.

std::unique_ptr<Command> MakeImportCommand();
std::unique_ptr<Command> MakeExportCommand();

std::unique_ptr<Command> MakeQueryCommand();
std::unique_ptr<Command> MakeShellCommand();

std::unique_ptr<Command> MakePutCommand();
std::unique_ptr<Command> MakeLinkCommand();
std::unique_ptr<Command> MakeCiteCommand();
std::unique_ptr<Command> MakeRetractCommand();
std::unique_ptr<Command> MakeDeleteCommand();

std::unique_ptr<Command> MakeGetCommand();
std::unique_ptr<Command> MakeFindCommand();
std::unique_ptr<Command> MakeSourceCommand();
std::unique_ptr<Command> MakeNeighborsCommand();

std::unique_ptr<Command> MakeChainsCommand();
std::unique_ptr<Command> MakeTimelineCommand();
std::unique_ptr<Command> MakePathCommand();
std::unique_ptr<Command> MakeAlgorithmCommand();

std::unique_ptr<Command> MakeHistoryCommand();
std::unique_ptr<Command> MakeDiffCommand();
std::unique_ptr<Command> MakeWatchCommand();

std::unique_ptr<Command> MakeStatsCommand();
std::unique_ptr<Command> MakeStatusCommand();
std::unique_ptr<Command> MakeSchemaCommand();
std::unique_ptr<Command> MakeIndexCommand();
std::unique_ptr<Command> MakeCheckpointCommand();
std::unique_ptr<Command> MakeDatabasesCommand();

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_COMMANDS_COMMANDS_H_
