#include "client/cli/import/csv_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/status_macros.h"
#include "client/cli/utf8.h"

namespace relata {

// As much as there is without waiting, so that what comes through a pipe is read as it comes; but
// no less than what waits for its end, so that a long record is not looked at too often.
void CsvReader::ReadPiece() {
  std::array<char, 1 << 16> piece;
  const size_t wanted = std::max<size_t>(text_.waiting(), 1);
  std::string more;
  while (more.size() < wanted && !ended_) {
    ended_ = in_->peek() == std::istream::traits_type::eof();
    if (ended_) break;
    const auto had = static_cast<size_t>(in_->readsome(piece.data(), piece.size()));
    more.append(piece.data(), had);
    if (had == 0) more += static_cast<char>(in_->get());  // a stream that cannot say what it has
  }
  bytes_read_ += static_cast<int64_t>(more.size());
  text_.Append(more);
  if (ended_) text_.End();
}

bool CsvReader::NextRecord(CsvFields* fields) {
  while (!text_.Next(fields)) {
    if (ended_) return false;
    ReadPiece();
  }
  return true;
}

absl::Status CsvReader::StatusOf(const CsvFields& fields) const {
  RELATA_RETURN_IF_ERROR(text_.status());
  if (std::all_of(fields.begin(), fields.end(), IsWellFormedUtf8)) return absl::OkStatus();
  return absl::InvalidArgumentError("the line is not UTF-8: save the file as UTF-8");
}

absl::Status CsvReader::Begin(const CsvFields& headings) {
  RELATA_RETURN_IF_ERROR(StatusOf(headings));
  RELATA_ASSIGN_OR_RETURN(mutations_, CsvMutations::Parse(mapping_, headings));
  return absl::OkStatus();
}

ImportLine CsvReader::LineOf(const absl::Status& status) const {
  const int64_t bytes = bytes_read_ - static_cast<int64_t>(text_.waiting());
  return {text_.line(), bytes, status, {}, {}};
}

bool CsvReader::Next(ImportLine* line) {
  CsvFields fields;
  if (unusable_ || !NextRecord(&fields)) return false;
  if (!mutations_) {
    if (const absl::Status begun = Begin(fields); !begun.ok()) {
      unusable_ = true;
      *line = LineOf(begun);
      return true;
    }
    if (!NextRecord(&fields)) return false;
  }
  *line = LineOf(StatusOf(fields));
  if (!line->status.ok()) return true;
  absl::StatusOr<v1::Mutation> mutation = mutations_->Apply(fields);
  if (mutation.ok()) {
    line->mutation = *std::move(mutation);
  } else {
    line->status = mutation.status();
  }
  return true;
}

}  // namespace relata
