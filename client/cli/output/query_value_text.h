#ifndef RELATA_CLIENT_CLI_OUTPUT_QUERY_VALUE_TEXT_H_
#define RELATA_CLIENT_CLI_OUTPUT_QUERY_VALUE_TEXT_H_

#include <string>

#include "nlohmann/json_fwd.hpp"

namespace relata {

namespace v1 {
class QueryBatch;
class QueryValue;
}  // namespace v1

// For people, in the language's own notation: `(:Company {name: 'DeepSeek'})`, `[:OWNS {share:
// 0.2}]`, `(…)-[:OWNS]->(…)`, `[1, 'a']`, `2800000000 USD`; texts without quotes where they are the
// whole value.
std::string QueryValueText(const v1::QueryValue& value, const v1::QueryBatch& batch);

// For programs: numbers, texts, booleans, null, lists and maps as such; floats that JSON has not as
// texts (`NaN`); exact decimals, dates, times, durations as texts, bytes as text in base64, money
// {amount, currency}; nodes {id, key, labels, properties}, relationships {id, key, type, from, to,
// properties}, paths {nodes, relationships}.
nlohmann::ordered_json QueryValueJson(const v1::QueryValue& value, const v1::QueryBatch& batch);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_QUERY_VALUE_TEXT_H_
