#ifndef RELATA_TESTS_GRAPH_QUERY_DATA_CASES_H_
#define RELATA_TESTS_GRAPH_QUERY_DATA_CASES_H_

#include <filesystem>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace relata::query {

// Runs a file of cases divided by lines `====`, each a query, a line `----` and its outcome:
// expects that `outcome` gives for each query what stands in the file. A case that has no `----`
// yet is a new one. With RELATA_UPDATE_EXPECTATIONS set in the environment the file is rewritten
// instead; the difference is for review. Returns the number of cases.
int RunDataCases(const std::filesystem::path& path,
                 const std::function<std::string(const std::string& query)>& outcome);

// `line:column` of a byte of the text, both from 1.
std::string PlaceText(absl::string_view text, uint32_t offset);

}  // namespace relata::query

#endif  // RELATA_TESTS_GRAPH_QUERY_DATA_CASES_H_
