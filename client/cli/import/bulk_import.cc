#include "client/cli/import/bulk_import.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "client/call_error.h"

namespace relata {
namespace {

constexpr size_t kPieceBytes = size_t{512} << 10;

}  // namespace

absl::Status BulkImport::SendCsv(const std::string& file, const std::string& mapping,
                                 std::istream* in, const ProgressFunction& progress) {
  RELATA_RETURN_IF_ERROR(WithPlace(writer_->BeginCsv(file, mapping)));
  std::string piece(kPieceBytes, '\0');
  int64_t bytes = 0;
  int64_t lines = 0;
  do {
    in->read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const absl::string_view read(piece.data(), static_cast<size_t>(in->gcount()));
    RELATA_RETURN_IF_ERROR(WithPlace(writer_->AddCsv(read)));
    bytes += static_cast<int64_t>(read.size());
    lines += std::count(read.begin(), read.end(), '\n');
    progress(lines, bytes);
  } while (*in);
  if (!in->eof()) {
    return absl::UnavailableError(absl::StrCat("reading the file '", file, "' failed half way"));
  }
  return WithPlace(writer_->EndCsv());
}

absl::Status BulkImport::SendMutations(const std::string& file, MutationReader* reader,
                                       const ProgressFunction& progress) {
  ImportLine line;
  while (reader->Next(&line)) {
    progress(line.line, line.bytes);
    if (line.status.ok()) {
      NoteLine(file, line.line);
      RELATA_RETURN_IF_ERROR(WithPlace(writer_->Add(line.mutation)));
      continue;
    }
    if (!skip_bad_) {
      return absl::Status(line.status.code(),
                          absl::StrCat(file, ":", line.line, ": ", line.status.message()));
    }
    bad_lines_.push_back({file, line.line, std::string(line.status.message())});
    ++bad_line_count_;
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::BulkWriteResponse> BulkImport::Commit() {
  absl::StatusOr<v1::BulkWriteResponse> response = writer_->Commit();
  if (!response.ok()) return WithPlace(response.status());
  for (const v1::BulkWriteResponse::ItemError& error : response->errors()) {
    BadLine bad =
        error.file().empty() ? PlaceOf(error.place()) : BadLine{error.file(), error.place(), ""};
    bad.reason = error.message();
    bad_lines_.push_back(std::move(bad));
  }
  bad_line_count_ += response->result().bad_items();
  response->clear_errors();
  return response;
}

void BulkImport::NoteLine(const std::string& file, int64_t line) {
  const int64_t mutation = mutations_++;
  if (!stretches_.empty()) {
    const Stretch& last = stretches_.back();
    if (last.file == file && last.first_line + (mutation - last.first_mutation) == line) return;
  }
  stretches_.push_back({mutation, file, line});
}

BadLine BulkImport::PlaceOf(int64_t mutation) const {
  const auto after = std::upper_bound(
      stretches_.begin(), stretches_.end(), mutation,
      [](int64_t number, const Stretch& stretch) { return number < stretch.first_mutation; });
  if (after == stretches_.begin()) return {"mutation", mutation, ""};
  const Stretch& stretch = *(after - 1);
  return {stretch.file, stretch.first_line + (mutation - stretch.first_mutation), ""};
}

// The server names a mutation by its number in the stream; people know its line.
absl::Status BulkImport::WithPlace(const absl::Status& status) const {
  const std::optional<size_t> refused = RefusedMutation(status);
  if (!refused) return status;
  const BadLine place = PlaceOf(static_cast<int64_t>(*refused));
  return AtPlace(status, absl::StrCat(place.file, ":", place.line));
}

}  // namespace relata
