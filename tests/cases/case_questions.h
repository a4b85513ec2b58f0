#ifndef RELATA_TESTS_CASES_CASE_QUESTIONS_H_
#define RELATA_TESTS_CASES_CASE_QUESTIONS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "relata/v1/answer_service.pb.h"
#include "relata/v1/read.pb.h"

namespace relata {

// Questions for chains and timelines as the API asks them, without pages, and rows of their answers
// in the form of the case files.
std::vector<v1::Step> StepsFromCase(const nlohmann::json& steps);
v1::FindChainsRequest ChainsRequestFromCase(const v1::ReadOptions& read,
                                            const nlohmann::json& params);
// `start`: the key of the entity that the chain starts at. `merged`: a hop is the list of its
// relationships.
nlohmann::json CaseFromChain(const std::string& start, bool merged,
                             const v1::FindChainsResponse::Chain& chain);
v1::GetTimelineRequest TimelineRequestFromCase(const v1::ReadOptions& read,
                                               const nlohmann::json& params);
nlohmann::json CaseFromEntry(const v1::GetTimelineResponse::Entry& entry);

}  // namespace relata

#endif  // RELATA_TESTS_CASES_CASE_QUESTIONS_H_
