#ifndef RELATA_SERVER_CONVERT_FACT_WRITE_H_
#define RELATA_SERVER_CONVERT_FACT_WRITE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/facts/portion.h"
#include "graph/mutation/mutation.h"
#include "server/convert/field_path.h"

namespace relata {

namespace v1 {
class Citation;
class Fact;
class Name;
class Portion;
class Property;
}  // namespace v1

// The parts that mutations are made of. All are INVALID_ARGUMENT naming the field where a text does
// not parse, something required is missing, or a number is out of its range.

// What a fact is to be a fact of: a property has `value`, a relationship `properties`.
enum class FactKind { kOfProperty, kOfRelationship };
absl::StatusOr<FactWrite> FactFromProto(const v1::Fact& proto, FactKind kind,
                                        const FieldPath& path);
absl::StatusOr<NameWrite> NameFromProto(const v1::Name& proto, const FieldPath& path);
absl::StatusOr<CitationWrite> CitationFromProto(const v1::Citation& proto, const FieldPath& path);
absl::StatusOr<Portion> PortionFromProto(const v1::Portion& proto, const FieldPath& path);
// A property with its value; null only where `null_allowed`.
absl::StatusOr<std::pair<std::string, Value>> PropertyFromProto(const v1::Property& proto,
                                                                bool null_allowed,
                                                                const FieldPath& path);

// A word for a label, a type or a property: 1 to 256 bytes without control characters. `what` names
// it in the error.
absl::Status CheckWord(absl::string_view word, absl::string_view what, const FieldPath& path);
// As CheckWord, and not reserved (`_names`, …).
absl::Status CheckPropertyName(absl::string_view name, const FieldPath& path);
// A key, a handle, a locator: at most `max_bytes`, without control characters; may be empty.
absl::Status CheckText(absl::string_view text, size_t max_bytes, const FieldPath& path);

inline constexpr size_t kMaxWordBytes = 256;
inline constexpr size_t kMaxKeyBytes = 1024;
inline constexpr size_t kMaxNameBytes = 1024;

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_FACT_WRITE_H_
