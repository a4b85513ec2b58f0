#include "base/logging.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "spdlog/logger.h"
#include "spdlog/pattern_formatter.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace relata {
namespace {

constexpr std::array<std::pair<absl::string_view, LogLevel>, 5> kLevelNames = {{
    {"debug", LogLevel::kDebug},
    {"info", LogLevel::kInfo},
    {"warning", LogLevel::kWarning},
    {"error", LogLevel::kError},
    {"off", LogLevel::kOff},
}};

constexpr char kTextPattern[] = "%Y-%m-%dT%H:%M:%S.%fZ %l %v";
constexpr char kJsonPattern[] = R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})";

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

void SetPattern(spdlog::logger& logger, const char* pattern) {
  logger.set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
}

spdlog::logger& Logger() {
  // Never destroyed, so that threads which outlive main() may still log.
  static spdlog::logger* const kLogger = [] {
    auto* created = new spdlog::logger("relata", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    SetPattern(*created, kTextPattern);
    created->set_level(spdlog::level::info);
    created->flush_on(spdlog::level::trace);
    return created;
  }();
  return *kLogger;
}

std::atomic<LogFormat>& CurrentFormat() {
  static std::atomic<LogFormat> format{LogFormat::kText};
  return format;
}

bool IsControl(unsigned char byte) { return byte < 0x20 || byte == 0x7F; }

// The length in bytes of the UTF-8 sequence that `text` starts with (RFC 3629, section 4), 0 if
// there is none.
size_t Utf8Length(absl::string_view text) {
  const auto byte = [text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto in = [](unsigned value, unsigned low, unsigned high) {
    return low <= value && value <= high;
  };
  const auto tail = [&](size_t i) { return in(byte(i), 0x80, 0xBF); };
  const unsigned first = byte(0);
  if (text.empty()) return 0;
  if (first < 0x80) return 1;
  if (in(first, 0xC2, 0xDF)) return tail(1) ? 2 : 0;
  if (in(first, 0xE0, 0xEF)) {
    const bool second = in(byte(1), first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
    return second && tail(2) ? 3 : 0;
  }
  if (in(first, 0xF0, 0xF4)) {
    const bool second = in(byte(1), first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

void AppendHexByte(std::string& out, absl::string_view prefix, unsigned char byte) {
  absl::StrAppend(&out, prefix, absl::Hex(byte, absl::kZeroPad2));
}

void AppendText(std::string& out, absl::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (IsControl(static_cast<unsigned char>(c))) {
      AppendHexByte(out, "\\x", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
}

// A value with a space, a quote, an equals sign or nothing in it is quoted, so that fields can be
// told apart.
void AppendTextValue(std::string& out, absl::string_view value) {
  if (!value.empty() && value.find_first_of(" \"=") == absl::string_view::npos) {
    AppendText(out, value);
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    AppendText(out, absl::string_view(&c, 1));
  }
  out += '"';
}

void AppendJsonString(std::string& out, absl::string_view text) {
  out += '"';
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const char c = text.front();
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (IsControl(static_cast<unsigned char>(c))) {
      AppendHexByte(out, "\\u00", static_cast<unsigned char>(c));
    } else {
      absl::StrAppend(&out, text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

std::string TextPayload(absl::string_view message, LogFields fields) {
  std::string out;
  AppendText(out, message);
  for (const LogField& field : fields) {
    absl::StrAppend(&out, " ", field.name, "=");
    AppendTextValue(out, field.value);
  }
  return out;
}

std::string JsonPayload(absl::string_view message, LogFields fields) {
  std::string out = "\"message\":";
  AppendJsonString(out, message);
  for (const LogField& field : fields) {
    out += ',';
    AppendJsonString(out, field.name);
    out += ':';
    AppendJsonString(out, field.value);
  }
  return out;
}

}  // namespace

void ConfigureLogging(const LogOptions& options) {
  spdlog::logger& logger = Logger();
  CurrentFormat().store(options.format);
  SetPattern(logger, options.format == LogFormat::kJson ? kJsonPattern : kTextPattern);
  logger.set_level(ToSpdlog(options.level));
}

absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text) {
  for (const auto& [name, level] : kLevelNames) {
    if (text == name) return level;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown log level '", text, "': use debug, info, warning, error or off"));
}

absl::StatusOr<LogFormat> ParseLogFormat(absl::string_view text) {
  if (text == "text") return LogFormat::kText;
  if (text == "json") return LogFormat::kJson;
  return absl::InvalidArgumentError(
      absl::StrCat("unknown log format '", text, "': use text or json"));
}

bool IsLogged(LogLevel level) {
  return level != LogLevel::kOff && Logger().should_log(ToSpdlog(level));
}

void Log(LogLevel level, absl::string_view message, LogFields fields) {
  if (!IsLogged(level)) return;
  const std::string payload = CurrentFormat().load() == LogFormat::kJson
                                  ? JsonPayload(message, fields)
                                  : TextPayload(message, fields);
  Logger().log(ToSpdlog(level), spdlog::string_view_t(payload.data(), payload.size()));
}

}  // namespace relata
