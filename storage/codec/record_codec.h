#ifndef RELATA_STORAGE_CODEC_RECORD_CODEC_H_
#define RELATA_STORAGE_CODEC_RECORD_CODEC_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relata {

// Compact records: a format byte, then fields without tags, in an order that the writer and the
// reader of one kind of record agree on. A change of the fields is a new format number.

// Appends a record to a string that the caller owns and keeps alive. Not thread-safe.
class RecordWriter {
 public:
  // Starts a record with its format byte (1 to 255). `out` may hold bytes already; they stay in
  // front.
  RecordWriter(std::string* out, uint8_t format);

  void WriteUint8(uint8_t value);
  void WriteBool(bool value);
  // 1 to 5, 1 to 10 bytes (storage/codec/varint.h).
  void WriteVarint32(uint32_t value);
  void WriteVarint64(uint64_t value);
  // Signed, short near zero.
  void WriteZigZag64(int64_t value);
  // Eight bytes, little-endian.
  void WriteFixed64(uint64_t value);
  // IEEE 754 bits as WriteFixed64: every value comes back bit for bit, NaN and -0.0 too.
  void WriteDouble(double value);
  // Length as varint, then the bytes.
  void WriteBytes(absl::string_view bytes);

 private:
  std::string* const out_;
};

// Reads a record. Never reads beyond its bytes. Errors stick: after the first one every read gives
// 0, false or empty and status() stays, so a decoder reads all fields and asks once:
//   RecordReader reader(bytes, "commit 17", kFormat);
//   entry.time = reader.ReadZigZag64(); …
//   RELATA_RETURN_IF_ERROR(reader.Finish());
// A loop over a count read from the record takes it with ReadCount, so that damage cannot make it
// long. Not thread-safe. The bytes and `what` are borrowed and must outlive the reader.
class RecordReader {
 public:
  // Reads the format byte. `what` names the record in errors ("commit 17", "the bulk intent");
  // never key bytes. status() is FAILED_PRECONDITION where the format is above `newest_format` (a
  // newer Relata wrote it), DATA_LOSS where there is no byte or it is 0.
  RecordReader(absl::string_view bytes, absl::string_view what, uint8_t newest_format);

  // 0 after an error.
  uint8_t format() const { return format_; }

  uint8_t ReadUint8();
  // Damaged where the byte is neither 0 nor 1.
  bool ReadBool();
  // Damaged where the number does not fit 32 bits.
  uint32_t ReadVarint32();
  uint64_t ReadVarint64();
  int64_t ReadZigZag64();
  uint64_t ReadFixed64();
  double ReadDouble();
  // A view into the record; holds as long as its bytes do.
  absl::string_view ReadBytes();
  // A count of items that take at least `least_bytes_each` (> 0) bytes each; damaged where the rest
  // of the record cannot hold so many.
  size_t ReadCount(size_t least_bytes_each);

  bool AtEnd() const { return position_ == bytes_.size(); }
  size_t remaining() const { return bytes_.size() - position_; }
  bool ok() const { return status_.ok(); }
  // DATA_LOSS: "<what> is damaged at byte <n>: …", with the field's offset from the format byte.
  const absl::Status& status() const { return status_; }
  // status(), and DATA_LOSS where bytes are left over.
  absl::Status Finish();

  // For what only the decoder can see (an unknown kind, an impossible combination): makes status()
  // DATA_LOSS at the current byte, unless there is an error already. `why` continues the sentence.
  void MarkDamaged(absl::string_view why) { Fail(position_, why); }

 private:
  void Fail(size_t at, absl::string_view why);

  const absl::string_view bytes_;
  const absl::string_view what_;
  size_t position_ = 0;
  uint8_t format_ = 0;
  absl::Status status_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_CODEC_RECORD_CODEC_H_
