#include "storage/codec/record_codec.h"

#include <bit>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "storage/codec/varint.h"

namespace relata {
namespace {

constexpr absl::string_view kEndsEarly = "it ends too early";

}  // namespace

RecordWriter::RecordWriter(std::string* out, uint8_t format) : out_(out) { WriteUint8(format); }

void RecordWriter::WriteUint8(uint8_t value) { out_->push_back(static_cast<char>(value)); }

void RecordWriter::WriteBool(bool value) { WriteUint8(value ? 1 : 0); }

void RecordWriter::WriteVarint32(uint32_t value) { WriteVarint64(value); }

void RecordWriter::WriteVarint64(uint64_t value) {
  if (value < 0x80) {
    out_->push_back(static_cast<char>(value));
    return;
  }
  const size_t at = out_->size();
  out_->resize(at + static_cast<size_t>(std::bit_width(value) + 6) / 7);
  char* to = out_->data() + at;
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to = static_cast<char>(value);
}

void RecordWriter::WriteZigZag64(int64_t value) { WriteVarint64(ZigZagEncode(value)); }

void RecordWriter::WriteFixed64(uint64_t value) {
  char bytes[sizeof(value)];
  for (size_t i = 0; i < sizeof(value); ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  out_->append(bytes, sizeof(bytes));
}

void RecordWriter::WriteDouble(double value) { WriteFixed64(std::bit_cast<uint64_t>(value)); }

void RecordWriter::WriteBytes(absl::string_view bytes) {
  WriteVarint64(bytes.size());
  out_->append(bytes.data(), bytes.size());
}

RecordReader::RecordReader(absl::string_view bytes, absl::string_view what, uint8_t newest_format)
    : bytes_(bytes), what_(what) {
  const uint8_t format = ReadUint8();
  if (!ok()) return;
  if (format == 0) {
    Fail(0, "its format number is 0");
  } else if (format > newest_format) {
    status_ = absl::FailedPreconditionError(absl::StrCat(
        what_, " has format ", format, ", and this version knows formats up to ", newest_format,
        ": it was written by a newer Relata; open it with that version"));
  } else {
    format_ = format;
  }
}

void RecordReader::Fail(size_t at, absl::string_view why) {
  if (!status_.ok()) return;
  status_ = absl::DataLossError(absl::StrCat(what_, " is damaged at byte ", at, ": ", why,
                                             "; restore it from a checkpoint or a backup"));
  format_ = 0;
}

uint8_t RecordReader::ReadUint8() {
  if (!ok()) return 0;
  if (remaining() < 1) {
    Fail(position_, kEndsEarly);
    return 0;
  }
  return static_cast<uint8_t>(bytes_[position_++]);
}

bool RecordReader::ReadBool() {
  const size_t at = position_;
  const uint8_t byte = ReadUint8();
  if (byte > 1) Fail(at, "a truth value is neither 0 nor 1");
  return ok() && byte == 1;
}

uint64_t RecordReader::ReadVarint64() {
  if (!ok()) return 0;
  absl::string_view rest = bytes_.substr(position_);
  const std::optional<uint64_t> value = ConsumeVarint64(&rest);
  if (!value.has_value()) {
    Fail(position_, "there is no whole number");
    return 0;
  }
  position_ = bytes_.size() - rest.size();
  return *value;
}

uint32_t RecordReader::ReadVarint32() {
  const size_t at = position_;
  const uint64_t value = ReadVarint64();
  if (value > std::numeric_limits<uint32_t>::max()) {
    Fail(at, "a number does not fit 32 bits");
    return 0;
  }
  return static_cast<uint32_t>(value);
}

int64_t RecordReader::ReadZigZag64() { return ZigZagDecode(ReadVarint64()); }

uint64_t RecordReader::ReadFixed64() {
  if (!ok()) return 0;
  uint64_t value = 0;
  if (remaining() < sizeof(value)) {
    Fail(position_, kEndsEarly);
    return 0;
  }
  for (size_t i = 0; i < sizeof(value); ++i) {
    value |= uint64_t{static_cast<unsigned char>(bytes_[position_ + i])} << (8 * i);
  }
  position_ += sizeof(value);
  return value;
}

double RecordReader::ReadDouble() { return std::bit_cast<double>(ReadFixed64()); }

absl::string_view RecordReader::ReadBytes() {
  const size_t at = position_;
  const uint64_t size = ReadVarint64();
  if (size > remaining()) Fail(at, "a text is longer than the record");
  if (!ok()) return {};
  const absl::string_view bytes = bytes_.substr(position_, size);
  position_ += size;
  return bytes;
}

size_t RecordReader::ReadCount(size_t least_bytes_each) {
  const size_t at = position_;
  const uint64_t count = ReadVarint64();
  if (count > remaining() / least_bytes_each) Fail(at, "a list is longer than the record");
  return ok() ? count : 0;
}

absl::Status RecordReader::Finish() {
  if (ok() && !AtEnd()) Fail(position_, "there are bytes after its end");
  return status_;
}

}  // namespace relata
