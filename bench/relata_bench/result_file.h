#ifndef RELATA_BENCH_RELATA_BENCH_RESULT_FILE_H_
#define RELATA_BENCH_RELATA_BENCH_RESULT_FILE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "bench/relata_bench/measure.h"

namespace relata::bench {

// Appends results as JSON lines to a file, in the format of the peer benchmark, and prints a short
// form of each. Not thread-safe.
class ResultFile {
 public:
  // `path` empty: only prints. `data` is the folder of the CSV files; its last part names the data.
  // `version` is that of what is measured.
  ResultFile(std::string path, const std::string& data, absl::string_view version);

  using Numbers = std::vector<std::pair<std::string, double>>;
  // A question's latencies and answers; with `in_process` the processor time too.
  void Add(absl::string_view peer, absl::string_view query, const Measurement& measured,
           double peak_mb, bool in_process);
  // Anything else, as numbers by name.
  void Add(absl::string_view peer, absl::string_view query, const Numbers& numbers,
           absl::string_view note);
  // A question that could not be asked to the end.
  void AddError(absl::string_view peer, absl::string_view query, const absl::Status& status);

 private:
  const std::string path_;
  const std::string data_;
  const std::string version_;
};

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_RESULT_FILE_H_
