#ifndef RELATA_BASE_LOGGING_H_
#define RELATA_BASE_LOGGING_H_

#include <initializer_list>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace relata {

// Structured logs on stderr: a message of fixed words, and what varies beside it as named fields.
//
//   LogInfo("listening", {{"address", address}, {"databases", count}});
//
// gives, as text or as JSON, one line (times are UTC):
//
//   2026-07-03T08:15:30.123456Z info listening address=127.0.0.1:7614 databases=2
//   {"time":"2026-07-03T08:15:30.123456Z","level":"info","message":"listening",
//    "address":"127.0.0.1:7614","databases":"2"}                      (on one line)
//
// All functions are thread-safe. A line is never torn by another one. Until ConfigureLogging() is
// called, lines from kInfo on are written as text.

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };
enum class LogFormat { kText, kJson };

struct LogOptions {
  // Lines below this level are dropped; kOff drops all.
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
};

// One named value of a log line: text or a number. Copies the value, borrows the name, which is a
// literal in nearly every call.
struct LogField {
  LogField(absl::string_view field_name, const absl::AlphaNum& field_value)
      : name(field_name), value(field_value.data(), field_value.size()) {}

  absl::string_view name;
  std::string value;
};

using LogFields = std::initializer_list<LogField>;

// Sets level and format for the whole process. May be called again at any time.
void ConfigureLogging(const LogOptions& options);

// "debug", "info", "warning", "error" or "off"; anything else is INVALID_ARGUMENT.
absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text);
// "text" or "json"; anything else is INVALID_ARGUMENT.
absl::StatusOr<LogFormat> ParseLogFormat(absl::string_view text);

// True if a line of this level would be written: asks before a costly field is computed.
bool IsLogged(LogLevel level);

// Writes one line. `message` and the fields may hold any bytes: control characters (line breaks
// among them) are escaped, in JSON bytes that are not UTF-8 are replaced by U+FFFD.
void Log(LogLevel level, absl::string_view message, LogFields fields = {});

inline void LogDebug(absl::string_view message, LogFields fields = {}) {
  Log(LogLevel::kDebug, message, fields);
}
inline void LogInfo(absl::string_view message, LogFields fields = {}) {
  Log(LogLevel::kInfo, message, fields);
}
inline void LogWarning(absl::string_view message, LogFields fields = {}) {
  Log(LogLevel::kWarning, message, fields);
}
inline void LogError(absl::string_view message, LogFields fields = {}) {
  Log(LogLevel::kError, message, fields);
}

}  // namespace relata

#endif  // RELATA_BASE_LOGGING_H_
