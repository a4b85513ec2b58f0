#ifndef RELATA_SERVER_CONVERT_FIELD_PATH_H_
#define RELATA_SERVER_CONVERT_FIELD_PATH_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// Where in a request a converter stands: `mutations[3].create_entity.names[0].language`. A chain of
// parts on the stack, so that naming the place costs nothing until there is an error. A part
// borrows its parent and its name, which must outlive it; do not store one.
class FieldPath {
 public:
  // A field of the request.
  explicit FieldPath(absl::string_view name) : name_(name) {}

  // A field of the message here.
  FieldPath Field(absl::string_view name) const { return FieldPath(this, name, -1); }
  // The item at `index` of the repeated field `name` of the message here.
  FieldPath Item(absl::string_view name, int index) const { return FieldPath(this, name, index); }
  // The item at `index` of a repeated field of the request.
  static FieldPath RequestItem(absl::string_view name, int index) {
    return FieldPath(nullptr, name, index);
  }

  std::string ToString() const;
  // INVALID_ARGUMENT that names this place.
  absl::Status Error(absl::string_view what) const;
  // `status` as an error of this place; OK stays OK.
  absl::Status Error(const absl::Status& status) const;

 private:
  FieldPath(const FieldPath* parent, absl::string_view name, int index)
      : parent_(parent), name_(name), index_(index) {}

  const FieldPath* parent_ = nullptr;
  absl::string_view name_;
  int index_ = -1;  // -1: no item
};

// What was parsed from the field `path`: its error becomes one of that field.
template <typename T>
absl::StatusOr<T> InField(const FieldPath& path, absl::StatusOr<T> parsed) {
  if (!parsed.ok()) return path.Error(parsed.status());
  return parsed;
}

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_FIELD_PATH_H_
