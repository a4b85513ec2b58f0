#ifndef RELATA_SERVER_CONFIG_H_
#define RELATA_SERVER_CONFIG_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/logging.h"
#include "server/server.h"
#include "storage/rocksdb/rocksdb_options.h"

namespace relata {

// All that relatad can be told.
struct ServerConfig {
  std::string data = "./relata-data";
  std::string port_file;
  absl::Duration grace = absl::Seconds(10);
  LogOptions log;
  ServerOptions server;
  RocksDbOptions engine;
};

// What the command line says: a configuration, or a text to print and end with exit code 0 (--help,
// --version, --print-config).
struct CommandLine {
  ServerConfig config;
  std::optional<std::string> print;
};

// Reads the command line and the configuration file it names; the command line goes before the
// file. INVALID_ARGUMENT names the option. Every option, with its meaning and default, is in
// config.cc; `relatad --help` and docs/relatad.conf show them.
absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments);

// A configuration file with every option at its default, as --print-config and docs/relatad.conf
// have it.
std::string DefaultConfigFile();

}  // namespace relata

#endif  // RELATA_SERVER_CONFIG_H_
