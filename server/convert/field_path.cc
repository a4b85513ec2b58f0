#include "server/convert/field_path.h"

#include "absl/strings/str_cat.h"
#include "server/errors.h"

namespace relata {

std::string FieldPath::ToString() const {
  std::string text = parent_ == nullptr ? "" : absl::StrCat(parent_->ToString(), ".");
  absl::StrAppend(&text, name_);
  if (index_ >= 0) absl::StrAppend(&text, "[", index_, "]");
  return text;
}

absl::Status FieldPath::Error(absl::string_view what) const { return FieldError(ToString(), what); }

absl::Status FieldPath::Error(const absl::Status& status) const {
  return status.ok() ? status : FieldError(ToString(), status);
}

}  // namespace relata
