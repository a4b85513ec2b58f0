#include "bench/relata_bench/result_file.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace relata::bench {
namespace {

using nlohmann::json;

// To the nanosecond: more digits are noise.
double Rounded(double milliseconds) { return std::round(milliseconds * 1e6) / 1e6; }

json Line(absl::string_view peer, const std::string& version, absl::string_view query,
          const std::string& data) {
  return {{"peer", std::string(peer)},
          {"version", version},
          {"query", std::string(query)},
          {"data", data},
          {"at", absl::FormatTime(absl::RFC3339_sec, absl::Now(), absl::UTCTimeZone())}};
}

// Whole numbers as such, so that counts look like counts.
json ToJson(double number) {
  if (number == std::floor(number) && std::abs(number) < 1e15) return static_cast<int64_t>(number);
  return number;
}

json ToJson(const Answer& answer) {
  json list = json::array();
  for (const auto& part : answer) {
    if (const auto* const number = std::get_if<double>(&part)) {
      list.push_back(ToJson(*number));
    } else {
      list.push_back(std::get<std::string>(part));
    }
  }
  return list;
}

void Append(const std::string& path, const json& line) {
  if (path.empty()) return;
  std::ofstream(path, std::ios::app) << line.dump() << "\n";
}

}  // namespace

ResultFile::ResultFile(std::string path, const std::string& data, absl::string_view version)
    : path_(std::move(path)),
      data_(std::filesystem::path(data).filename().string()),
      version_(version) {}

void ResultFile::Add(absl::string_view peer, absl::string_view query, const Measurement& measured,
                     double peak_mb, bool in_process) {
  json line = Line(peer, version_, query, data_);
  const Latencies& warm = measured.warm;
  line["n"] = warm.milliseconds.size();
  line["median_ms"] = Rounded(warm.Percentile(0.5));
  line["p99_ms"] = Rounded(warm.Percentile(0.99));
  line["mean_ms"] = Rounded(warm.Mean());
  line["max_ms"] = Rounded(warm.milliseconds.back());
  line["first_ms"] = Rounded(measured.first_ms);
  line["cold_median_ms"] = Rounded(measured.cold.Percentile(0.5));
  line["cold_p99_ms"] = Rounded(measured.cold.Percentile(0.99));
  line["peak_mb"] = std::round(peak_mb);
  if (in_process) {
    line["cpu_median_ms"] = Rounded(measured.processor.Percentile(0.5));
    line["cpu_p99_ms"] = Rounded(measured.processor.Percentile(0.99));
  }
  line["answers"] = json::array();
  for (const Answer& answer : measured.answers) line["answers"].push_back(ToJson(answer));
  Append(path_, line);
  std::printf("%-24s %-12s n %5zu  median %9.4f  p99 %9.4f  cold %9.4f", std::string(peer).c_str(),
              std::string(query).c_str(), warm.milliseconds.size(), warm.Percentile(0.5),
              warm.Percentile(0.99), measured.cold.Percentile(0.5));
  if (in_process) {
    std::printf("  cpu %9.4f  p99 %9.4f", measured.processor.Percentile(0.5),
                measured.processor.Percentile(0.99));
  }
  std::printf(" ms\n");
  std::fflush(stdout);
}

void ResultFile::Add(absl::string_view peer, absl::string_view query, const Numbers& numbers,
                     absl::string_view note) {
  json line = Line(peer, version_, query, data_);
  std::printf("%-24s %-12s", std::string(peer).c_str(), std::string(query).c_str());
  for (const auto& [name, number] : numbers) {
    line[name] = ToJson(number);
    std::printf("  %s %.4g", name.c_str(), number);
  }
  if (!note.empty()) line["note"] = std::string(note);
  Append(path_, line);
  std::printf("\n");
  std::fflush(stdout);
}

void ResultFile::AddError(absl::string_view peer, absl::string_view query,
                          const absl::Status& status) {
  json line = Line(peer, version_, query, data_);
  line["n"] = 0;
  line["error"] = std::string(status.message());
  Append(path_, line);
  std::printf("%-24s %-12s %s\n", std::string(peer).c_str(), std::string(query).c_str(),
              status.ToString().c_str());
  std::fflush(stdout);
}

}  // namespace relata::bench
