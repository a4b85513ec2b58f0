#include "client/cli/import/file_import.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "client/call_error.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

// Refused lines that are taken out of a batch one by one before it is halved.
constexpr int kMaxTakenOut = 16;

// Whether the server refused what the batch says, and not the call as such.
bool IsAboutContents(const absl::Status& status) {
  if (RefusedMutation(status)) return true;
  const std::string reason = ReadCallError(status).reason;
  return reason == "DATA_FORBIDS" || reason == "INVALID_FIELD" || reason == "INVALID_REQUEST" ||
         reason == "NOT_FOUND_IN_WRITE" || reason == "ALREADY_THERE";
}

}  // namespace

void FileImport::AddBadLine(const ImportLine& line, std::string reason) {
  counts_.bad_lines.push_back({FileOf(line), line.line, std::move(reason)});
}

std::string FileImport::FileOf(const ImportLine& line) const {
  return line.file.empty() ? file_ : std::string(line.file);
}

absl::Status FileImport::Run(MutationReader* reader) {
  std::vector<ImportLine> lines;
  ImportLine line;
  while (reader->Next(&line)) {
    if (!line.status.ok()) {
      AddBadLine(line, std::string(line.status.message()));
      continue;
    }
    lines.push_back(std::move(line));
    if (options_.batch == 0 || static_cast<int64_t>(lines.size()) < options_.batch) continue;
    RELATA_RETURN_IF_ERROR(WriteBatch(std::exchange(lines, {})));
  }
  if (!counts_.bad_lines.empty() && !options_.skip_bad) return BadLinesError();
  if (lines.empty()) return absl::OkStatus();
  return WriteBatch(std::move(lines));
}

absl::Status FileImport::BadLinesError() const {
  const BadLine& first = counts_.bad_lines.front();
  if (counts_.bad_lines.size() == 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(first.file, ":", first.line, ": ", first.reason));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(file_, ": ", counts_.bad_lines.size(),
                   " bad lines; correct them, or write the others with --skip-bad"));
}

absl::Status FileImport::WriteBatch(std::vector<ImportLine> lines) {
  if (options_.skip_bad) return WriteGood(std::move(lines));
  if (!counts_.bad_lines.empty()) return BadLinesError();
  absl::StatusOr<v1::WriteResponse> response = Write(lines);
  if (!response.ok()) return WithPlace(lines, response.status());
  Count(lines, *response);
  return absl::OkStatus();
}

absl::Status FileImport::WriteGood(std::vector<ImportLine> lines) {
  for (int taken_out = 0; !lines.empty(); ++taken_out) {
    absl::StatusOr<v1::WriteResponse> response = Write(lines);
    if (response.ok()) {
      Count(lines, *response);
      return absl::OkStatus();
    }
    if (!IsAboutContents(response.status())) return WithPlace(lines, response.status());
    std::optional<size_t> refused = RefusedMutation(response.status());
    if (lines.size() == 1) refused = 0;
    if (refused && *refused < lines.size() && (taken_out < kMaxTakenOut || lines.size() == 1)) {
      AddBadLine(lines[*refused], RefusalReason(response.status()));
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(*refused));
      continue;
    }
    const auto middle = lines.begin() + static_cast<std::ptrdiff_t>(lines.size() / 2);
    std::vector<ImportLine> second(std::make_move_iterator(middle),
                                   std::make_move_iterator(lines.end()));
    lines.erase(middle, lines.end());
    RELATA_RETURN_IF_ERROR(WriteGood(std::move(lines)));
    return WriteGood(std::move(second));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::WriteResponse> FileImport::Write(const std::vector<ImportLine>& lines) {
  v1::WriteRequest request;
  request.set_database(options_.database);
  request.set_validate_only(options_.dry_run);
  request.mutable_mutations()->Reserve(static_cast<int>(lines.size()));
  for (const ImportLine& line : lines) {
    v1::Mutation* const mutation = request.add_mutations();
    *mutation = line.mutation;
    handles_.Resolve(mutation);
  }
  return client_->Write(request);
}

void FileImport::Count(const std::vector<ImportLine>& lines, const v1::WriteResponse& response) {
  counts_.mutations += static_cast<int64_t>(lines.size());
  lines_done_ += static_cast<int64_t>(lines.size());
  progress_(lines_done_, lines.back().bytes);
  if (options_.dry_run) return;
  ++counts_.commits;
  counts_.version = response.version();
  const size_t results = std::min(lines.size(), static_cast<size_t>(response.results_size()));
  for (size_t i = 0; i < results; ++i) {
    const auto& result = response.results(static_cast<int>(i));
    handles_.Learn(lines[i].mutation, result);
    if (!result.created()) continue;
    ++(result.relationship_id() != 0 ? counts_.relationships_created : counts_.entities_created);
  }
}

absl::Status FileImport::WithPlace(const std::vector<ImportLine>& lines,
                                   const absl::Status& status) const {
  const std::optional<size_t> refused = RefusedMutation(status);
  const std::string place = refused && *refused < lines.size()
                                ? absl::StrCat(FileOf(lines[*refused]), ":", lines[*refused].line)
                                : file_;
  return AtPlace(status, place);
}

}  // namespace relata
