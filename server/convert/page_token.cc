#include "server/convert/page_token.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/errors.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kFormat = 1;
constexpr absl::string_view kTokenName = "the page token";

absl::Status InvalidToken(absl::string_view why) {
  return WithReason(
      FieldError("page_token", absl::StrCat(why,
                                            "; start again without one, or repeat the request "
                                            "that gave it with its token alone changed")),
      v1::INVALID_PAGE_TOKEN, {{"field", "page_token"}});
}

// `reader`'s end as a token's error.
absl::Status FinishToken(RecordReader& reader) {
  return reader.Finish().ok() ? absl::OkStatus() : InvalidToken("is damaged");
}

void WriteRange(const Range& range, RecordWriter& out) {
  out.WriteDouble(range.low);
  out.WriteDouble(range.high);
}

Range ReadRange(RecordReader& in) {
  Range range;
  range.low = in.ReadDouble();
  range.high = in.ReadDouble();
  return range;
}

}  // namespace

std::string Digest(absl::string_view bytes) {
  constexpr boost::uuids::uuid kNameSpace = {};
  const boost::uuids::uuid hash =
      boost::uuids::name_generator_sha1(kNameSpace)(bytes.data(), bytes.size());
  return std::string(hash.begin(), hash.end());
}

std::string ArgumentsDigest(const google::protobuf::Message& request, absl::string_view database) {
  const std::unique_ptr<google::protobuf::Message> arguments(request.New());
  arguments->CopyFrom(request);
  for (const char* const name : {"page_token", "page_size", "budget"}) {
    const auto* const field = request.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) arguments->GetReflection()->ClearField(arguments.get(), field);
  }
  // No request holds a map, so that serialization is deterministic.
  return Digest(absl::StrCat(request.GetDescriptor()->name(), "/", database, "/",
                             arguments->SerializeAsString()));
}

std::string EncodePageToken(const PageToken& token, absl::string_view arguments_digest) {
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  out.WriteVarint64(token.version.value());
  out.WriteZigZag64(token.now);
  out.WriteBytes(token.cursor);
  // The check covers arguments and contents, so a token that was changed is seen too.
  const std::string check = Digest(absl::StrCat(arguments_digest, bytes));
  return absl::WebSafeBase64Escape(absl::StrCat(check, bytes));
}

absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          absl::string_view arguments_digest) {
  std::string all;
  if (!absl::WebSafeBase64Unescape(text, &all) || all.size() <= arguments_digest.size()) {
    return InvalidToken("is damaged");
  }
  const absl::string_view check = absl::string_view(all).substr(0, arguments_digest.size());
  const absl::string_view bytes = absl::string_view(all).substr(arguments_digest.size());
  if (Digest(absl::StrCat(arguments_digest, bytes)) != check) {
    return InvalidToken("is damaged or belongs to other arguments");
  }
  RecordReader in(bytes, kTokenName, kFormat);
  PageToken token;
  token.version = CommitVersion(in.ReadVarint64());
  token.now = in.ReadZigZag64();
  token.cursor = std::string(in.ReadBytes());
  RELATA_RETURN_IF_ERROR(FinishToken(in));
  return token;
}

std::string EncodeCursor(uint64_t place) {
  std::string bytes;
  RecordWriter(&bytes, kFormat).WriteVarint64(place);
  return bytes;
}

std::string EncodeCursor(const NeighbourCursor& cursor) {
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  out.WriteVarint32(cursor.type.value());
  out.WriteBool(cursor.outgoing);
  out.WriteVarint64(cursor.entity.value());
  out.WriteVarint64(cursor.relationship.value());
  out.WriteVarint64(cursor.fact.value());
  return bytes;
}

std::string EncodeCursor(const ChainCursor& cursor) {
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  WriteRange(cursor.share, out);
  out.WriteBool(cursor.least_amount.has_value());
  if (cursor.least_amount) WriteRange(*cursor.least_amount, out);
  out.WriteVarint64(cursor.relationships.size());
  for (const RelationshipId id : cursor.relationships) out.WriteVarint64(id.value());
  out.WriteVarint64(cursor.rank);
  return bytes;
}

std::string EncodeCursor(const TimelineCursor& cursor) {
  std::string bytes;
  RecordWriter out(&bytes, kFormat);
  out.WriteBool(cursor.unknown);
  out.WriteZigZag64(cursor.earliest);
  out.WriteZigZag64(cursor.latest);
  out.WriteBytes(cursor.subject_key);
  out.WriteBytes(cursor.actor_key);
  out.WriteVarint64(cursor.fact.value());
  out.WriteUint8(static_cast<uint8_t>(cursor.kind));
  out.WriteVarint32(cursor.ordinal);
  return bytes;
}

absl::StatusOr<uint64_t> DecodePlace(absl::string_view bytes) {
  RecordReader in(bytes, kTokenName, kFormat);
  const uint64_t place = in.ReadVarint64();
  RELATA_RETURN_IF_ERROR(FinishToken(in));
  return place;
}

absl::StatusOr<NeighbourCursor> DecodeNeighbourCursor(absl::string_view bytes) {
  RecordReader in(bytes, kTokenName, kFormat);
  NeighbourCursor cursor;
  cursor.type = TypeId(in.ReadVarint32());
  cursor.outgoing = in.ReadBool();
  cursor.entity = EntityId(in.ReadVarint64());
  cursor.relationship = RelationshipId(in.ReadVarint64());
  cursor.fact = FactId(in.ReadVarint64());
  RELATA_RETURN_IF_ERROR(FinishToken(in));
  return cursor;
}

absl::StatusOr<ChainCursor> DecodeChainCursor(absl::string_view bytes) {
  RecordReader in(bytes, kTokenName, kFormat);
  ChainCursor cursor;
  cursor.share = ReadRange(in);
  if (in.ReadBool()) cursor.least_amount = ReadRange(in);
  const size_t count = in.ReadCount(1);
  for (size_t i = 0; i < count; ++i) {
    cursor.relationships.push_back(RelationshipId(in.ReadVarint64()));
  }
  cursor.rank = in.ReadVarint64();
  RELATA_RETURN_IF_ERROR(FinishToken(in));
  return cursor;
}

absl::StatusOr<TimelineCursor> DecodeTimelineCursor(absl::string_view bytes) {
  RecordReader in(bytes, kTokenName, kFormat);
  TimelineCursor cursor;
  cursor.unknown = in.ReadBool();
  cursor.earliest = in.ReadZigZag64();
  cursor.latest = in.ReadZigZag64();
  cursor.subject_key = std::string(in.ReadBytes());
  cursor.actor_key = std::string(in.ReadBytes());
  cursor.fact = FactId(in.ReadVarint64());
  const uint8_t kind = in.ReadUint8();
  if (kind > static_cast<uint8_t>(TimelineKind::kStatus)) in.MarkDamaged("no such kind of entry");
  cursor.kind = static_cast<TimelineKind>(kind);
  cursor.ordinal = in.ReadVarint32();
  RELATA_RETURN_IF_ERROR(FinishToken(in));
  return cursor;
}

}  // namespace relata
