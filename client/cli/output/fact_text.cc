#include "client/cli/output/fact_text.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "relata/v1/answer_service.pb.h"
#include "relata/v1/entity.pb.h"
#include "relata/v1/value.pb.h"

namespace relata {
namespace {

absl::string_view QualifierText(v1::Qualifier qualifier) {
  switch (qualifier) {
    case v1::ABOUT:
      return "about ";
    case v1::AT_LEAST:
      return "at least ";
    case v1::AT_MOST:
      return "at most ";
    case v1::MORE_THAN:
      return "over ";
    case v1::LESS_THAN:
      return "under ";
    case v1::UP_TO:
      return "up to ";
    default:
      return "";
  }
}

// Commas between the thousands of the whole part; a number with an exponent stays as it is.
std::string GroupThousands(absl::string_view number) {
  if (number.find_first_of("eE") != absl::string_view::npos) return std::string(number);
  const size_t begin = absl::StartsWith(number, "-") ? 1 : 0;
  const size_t end = std::min(number.find('.'), number.size());
  std::string grouped(number.substr(0, begin));
  for (size_t i = begin; i < end; ++i) {
    if (i > begin && (end - i) % 3 == 0) grouped += ',';
    grouped += number[i];
  }
  absl::StrAppend(&grouped, number.substr(end));
  return grouped;
}

// The shortest text that reads back as `number`.
std::string PlainNumber(double number) {
  std::string text = absl::StrFormat("%.15g", number);
  double back = 0;
  if (!absl::SimpleAtod(text, &back) || back != number) text = absl::StrFormat("%.17g", number);
  return text;
}

std::string PlainText(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case v1::Value::kIntValue:
      return absl::StrCat(value.int_value());
    case v1::Value::kDoubleValue:
      return PlainNumber(value.double_value());
    case v1::Value::kDecimalValue:
      return value.decimal_value();
    case v1::Value::kMoneyValue:
      return absl::StrCat(GroupThousands(value.money_value().amount()), " ",
                          value.money_value().currency());
    case v1::Value::kStringValue:
      return value.string_value();
    case v1::Value::kBytesValue:
      return absl::StrCat(value.bytes_value().size(), " bytes");
    case v1::Value::kDateValue:
      return value.date_value();
    case v1::Value::kLocalTimeValue:
      return value.local_time_value();
    case v1::Value::kTimeValue:
      return value.time_value();
    case v1::Value::kLocalDatetimeValue:
      return value.local_datetime_value();
    case v1::Value::kDatetimeValue:
      return value.datetime_value();
    case v1::Value::kDurationValue:
      return value.duration_value();
    default:
      return "null";
  }
}

std::string PercentText(double share) { return absl::StrFormat("%.4g%%", share * 100); }

}  // namespace

std::string ValueText(const v1::Value& value) {
  if (value.has_list_value()) {
    return absl::StrCat("[",
                        absl::StrJoin(value.list_value().values(), ", ",
                                      [](std::string* out, const v1::Value& item) {
                                        absl::StrAppend(out, ValueText(item));
                                      }),
                        "]");
  }
  return absl::StrCat(QualifierText(value.qualifier()), PlainText(value));
}

std::string BoundText(const v1::BoundView& bound) {
  return bound.unknown() || bound.text().empty() ? "?" : bound.text();
}

std::string PeriodText(const v1::BoundView& from, const v1::BoundView& to) {
  const bool from_open = from.text() == "..";
  const bool to_open = to.text() == "..";
  if (from_open && to_open) return "always";
  if (to_open) return absl::StrCat("since ", BoundText(from));
  if (from_open) return absl::StrCat("until ", BoundText(to));
  return absl::StrCat(BoundText(from), " to ", BoundText(to));
}

std::string ShareText(const v1::NumberRange& share) {
  if (share.low() == share.high()) return PercentText(share.low());
  if (share.low() <= 0 && share.high() >= 1) return "?";
  if (share.low() <= 0) return absl::StrCat("up to ", PercentText(share.high()));
  if (share.high() >= 1) return absl::StrCat(PercentText(share.low()), " or more");
  return absl::StrCat(PercentText(share.low()), " to ", PercentText(share.high()));
}

std::string AmountText(const v1::NumberRange& amount) {
  std::string low = GroupThousands(absl::StrFormat("%.15g", amount.low()));
  if (amount.low() == amount.high()) return low;
  if (std::isinf(amount.high())) return amount.low() <= 0 ? "?" : absl::StrCat(low, "..");
  return absl::StrCat(low, "..", GroupThousands(absl::StrFormat("%.15g", amount.high())));
}

std::string EntityText(const v1::EntitySummary& entity) {
  return entity.display_name().empty() ? EntityReference(entity) : entity.display_name();
}

std::string EntityReference(const v1::EntitySummary& entity) {
  return entity.key().empty() ? absl::StrCat("#", entity.id()) : entity.key();
}

std::string RelationshipReference(const v1::RelationshipSummary& relationship) {
  return relationship.key().empty() ? absl::StrCat("#", relationship.id()) : relationship.key();
}

std::string RelationshipText(const v1::RelationshipSummary& relationship) {
  return absl::StrCat(EntityText(relationship.from()), " -", relationship.type(), "-> ",
                      EntityText(relationship.to()));
}

std::string SourceText(const v1::SourceSummary& source) {
  if (!source.publisher().empty()) return source.publisher();
  if (!source.title().empty()) return source.title();
  return source.key().empty() ? absl::StrCat("#", source.id()) : source.key();
}

std::string SourcesText(const v1::FactView& fact) {
  const auto append = [](std::string* out, const v1::SourceSummary& source) {
    absl::StrAppend(out, SourceText(source));
  };
  std::string text = absl::StrJoin(fact.asserting(), ", ", append);
  if (!fact.disputing().empty()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ",
                    "disputed by: ", absl::StrJoin(fact.disputing(), ", ", append));
  }
  return text;
}

std::string CitationText(const v1::CitationView& citation) {
  std::string text = SourceText(citation.source());
  if (!citation.source().key().empty() && citation.source().key() != text) {
    absl::StrAppend(&text, " (", citation.source().key(), ")");
  }
  if (!citation.locator().empty()) absl::StrAppend(&text, ", ", citation.locator());
  if (citation.stance() == v1::DISPUTES) absl::StrAppend(&text, ", disputes");
  if (citation.stance() == v1::RETRACTS) absl::StrAppend(&text, ", retracts");
  if (citation.has_reported()) {
    absl::StrAppend(&text, ", reported ", BoundText(citation.reported()));
  }
  if (citation.confidence() < 1) {
    absl::StrAppend(&text, ", confidence ", PlainNumber(citation.confidence()));
  }
  if (citation.source_retracted()) absl::StrAppend(&text, ", source retracted");
  return text;
}

std::string ContentText(const v1::FactView& fact) {
  if (fact.has_value()) return ValueText(fact.value());
  return absl::StrJoin(fact.properties(), ", ", [](std::string* out, const v1::Property& property) {
    absl::StrAppend(out, property.name(), "=", ValueText(property.value()));
  });
}

Cell StatusCell(const v1::FactView& fact) {
  if (fact.status() == v1::RETRACTED) return Cell("retracted", CellStyle::kBad);
  std::string confidence =
      fact.has_confidence() && fact.confidence() < 1 ? PlainNumber(fact.confidence()) : "";
  if (fact.status() == v1::DISPUTED) {
    return Cell(absl::StrCat("disputed", confidence.empty() ? "" : " ", confidence),
                CellStyle::kWarning);
  }
  return confidence;
}

}  // namespace relata
