#include "graph/query/executor/operators/write_frames.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/instants.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

absl::Status BadCitation(absl::string_view why) {
  return ArgumentError("InvalidCitation", absl::StrCat("CITING: ", why));
}

absl::Status SetSource(const Datum& source, CitationWrite& citation) {
  if (source.kind() == Datum::Kind::kNode) {
    citation.source = source.AsNode().id;
  } else if (source.is_string()) {
    citation.source = EntityKeyRef{std::string(source.AsString())};
  } else {
    return BadCitation(
        absl::StrCat("a source is a Node or its key as a String, not a ", TypeName(source)));
  }
  return absl::OkStatus();
}

absl::Status SetStance(const Datum& value, CitationWrite& citation) {
  const absl::string_view stance = value.is_string() ? value.AsString() : "";
  if (stance == "asserts") {
    citation.stance = Stance::kAsserts;
  } else if (stance == "disputes") {
    citation.stance = Stance::kDisputes;
  } else if (stance == "retracts") {
    citation.stance = Stance::kRetracts;
  } else {
    return BadCitation(
        absl::StrCat("the stance is 'asserts', 'disputes' or 'retracts', not ", value.ToString()));
  }
  return absl::OkStatus();
}

absl::Status SetField(const std::string& name, const Datum& value, CitationWrite& citation) {
  if (name == "source") return SetSource(value, citation);
  if (name == "stance") return SetStance(value, citation);
  if (name == "confidence") {
    if (!value.is_number()) return BadCitation("the confidence is a number from 0 to 1");
    RELATA_ASSIGN_OR_RETURN(const Value number, value.ToValue());
    citation.confidence = number.AsDouble();
    return absl::OkStatus();
  }
  if (name == "reported") {
    citation.undated = value.is_null();
    if (value.is_null()) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(citation.reported, BoundFromDatum(value, BoundRole::kFrom));
    return absl::OkStatus();
  }
  if (name == "locator") {
    if (value.is_null()) return absl::OkStatus();
    if (!value.is_string()) return BadCitation("the locator is a String");
    citation.locator = std::string(value.AsString());
    return absl::OkStatus();
  }
  return BadCitation(absl::StrCat("a citation has no field `", name,
                                  "`; it has source, stance, confidence, reported, locator"));
}

absl::StatusOr<CitationWrite> CitationFromDatum(const Datum& value) {
  CitationWrite citation;
  if (!value.is_map()) {
    RELATA_RETURN_IF_ERROR(SetSource(value, citation));
    return citation;
  }
  if (value.FindKey("source") == nullptr) {
    return BadCitation("the map names no source; add source: a node or its key");
  }
  for (const auto& [name, field] : value.AsMap()) {
    RELATA_RETURN_IF_ERROR(SetField(name, field, citation));
  }
  return citation;
}

absl::Status EvaluateIfAny(ExecutionContext& context, const Expression& expr, const Batch& batch,
                           Column* out) {
  return expr ? expr.Evaluate(context, batch, out) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<Bound> BoundFromDatum(const Datum& value, BoundRole role) {
  if (value.is_string()) return Bound::Parse(value.AsString(), role);
  if (value.value_type() == ValueType::kDate) {
    return Bound::Parse(value.AsScalar().get<Date>().ToString(), role);
  }
  if (value.value_type() == ValueType::kDateTime ||
      value.value_type() == ValueType::kLocalDateTime) {
    RELATA_ASSIGN_OR_RETURN(const Instant instant, InstantOf(value));
    return Bound::At(instant);
  }
  return ArgumentError("InvalidBound",
                       absl::StrCat("a bound of valid time is a date, a datetime or a text such as "
                                    "'2026-03' or '..', not ",
                                    value.is_null() ? "null" : TypeName(value)));
}

absl::StatusOr<std::vector<CitationWrite>> CitationsFromDatum(const Datum& value) {
  std::vector<CitationWrite> citations;
  if (value.is_null()) return citations;
  if (!value.is_list()) {
    RELATA_ASSIGN_OR_RETURN(CitationWrite citation, CitationFromDatum(value));
    citations.push_back(std::move(citation));
    return citations;
  }
  for (const Datum& element : value.AsList()) {
    RELATA_ASSIGN_OR_RETURN(CitationWrite citation, CitationFromDatum(element));
    citations.push_back(std::move(citation));
  }
  return citations;
}

absl::Status WriteFrames::Evaluate(ExecutionContext& context, const WriteOptionsPlan& options,
                                   const Batch& batch) {
  portion_ = static_cast<bool>(options.portion_from);
  citing_ = static_cast<bool>(options.citing);
  RELATA_RETURN_IF_ERROR(EvaluateIfAny(context, options.portion_from, batch, &from_));
  RELATA_RETURN_IF_ERROR(EvaluateIfAny(context, options.portion_to, batch, &to_));
  return EvaluateIfAny(context, options.citing, batch, &citations_);
}

absl::StatusOr<WriteFrame> WriteFrames::Row(size_t row) const {
  WriteFrame frame;
  if (portion_) {
    RELATA_ASSIGN_OR_RETURN(const Bound from, BoundFromDatum(from_.Get(row), BoundRole::kFrom));
    RELATA_ASSIGN_OR_RETURN(const Bound to, BoundFromDatum(to_.Get(row), BoundRole::kTo));
    RELATA_ASSIGN_OR_RETURN(frame.portion, Interval::Make(from, to));
  }
  if (citing_) {
    RELATA_ASSIGN_OR_RETURN(frame.citations, CitationsFromDatum(citations_.Get(row)));
  }
  return frame;
}

}  // namespace relata::query
