#include "client/cli/command.h"
#include "client/cli/commands/commands.h"

namespace relata {

std::vector<std::unique_ptr<Command>> MakeCommands() {
  std::vector<std::unique_ptr<Command>> commands;
  for (const auto make :
       {MakeQueryCommand,      MakeShellCommand,    MakeImportCommand,   MakeExportCommand,
        MakePutCommand,        MakeLinkCommand,     MakeCiteCommand,     MakeRetractCommand,
        MakeDeleteCommand,     MakeGetCommand,      MakeFindCommand,     MakeSourceCommand,
        MakeNeighborsCommand,  MakeChainsCommand,   MakeTimelineCommand, MakePathCommand,
        MakeAlgorithmCommand,  MakeHistoryCommand,  MakeDiffCommand,     MakeWatchCommand,
        MakeStatsCommand,      MakeStatusCommand,   MakeSchemaCommand,   MakeIndexCommand,
        MakeCheckpointCommand, MakeDatabasesCommand}) {
    commands.push_back(make());
  }
  return commands;
}

}  // namespace relata
