// The API only grows: what a client may have been compiled against stays as it is. The copy is
// tests/proto/api_v1.txt, a line for each field, enum value and method. After adding to the API
// write it anew:
//   RELATA_UPDATE_API=1 ctest -R ApiV1
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "relata/v1/admin_service.pb.h"
#include "relata/v1/algorithm_service.pb.h"
#include "relata/v1/answer_service.pb.h"
#include "relata/v1/error_reason.pb.h"
#include "relata/v1/export_service.pb.h"
#include "relata/v1/query_service.pb.h"
#include "relata/v1/read_service.pb.h"
#include "relata/v1/watch_service.pb.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::ServiceDescriptor;

constexpr char kCopy[] = "tests/proto/api_v1.txt";

std::string TypeOf(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  if (field.enum_type() != nullptr) return field.enum_type()->full_name();
  return field.type_name();
}

std::string Describe(const FieldDescriptor& field) {
  const auto* const oneof = field.containing_oneof();
  return absl::StrCat("field ", field.full_name(), " = ", field.number(), " ",
                      field.is_repeated()            ? "repeated "
                      : field.has_optional_keyword() ? "optional "
                                                     : "",
                      TypeOf(field),
                      oneof != nullptr && !field.has_optional_keyword() ? " oneof " : "",
                      oneof != nullptr && !field.has_optional_keyword() ? oneof->name() : "",
                      " json ", field.json_name());
}

void Describe(const EnumDescriptor& type, std::set<std::string>& lines) {
  for (int i = 0; i < type.value_count(); ++i) {
    lines.insert(absl::StrCat("value ", type.full_name(), ".", type.value(i)->name(), " = ",
                              type.value(i)->number()));
  }
}

void Describe(const Descriptor& type, std::set<std::string>& lines) {
  for (int i = 0; i < type.field_count(); ++i) lines.insert(Describe(*type.field(i)));
  for (int i = 0; i < type.enum_type_count(); ++i) Describe(*type.enum_type(i), lines);
  for (int i = 0; i < type.nested_type_count(); ++i) Describe(*type.nested_type(i), lines);
}

void Describe(const ServiceDescriptor& service, std::set<std::string>& lines) {
  for (int i = 0; i < service.method_count(); ++i) {
    const auto& method = *service.method(i);
    lines.insert(absl::StrCat(
        "method ", method.full_name(), " ", method.client_streaming() ? "stream " : "",
        method.input_type()->full_name(), " -> ", method.server_streaming() ? "stream " : "",
        method.output_type()->full_name()));
  }
}

// Of the file and all of ours that it imports.
void Describe(const FileDescriptor& file, std::set<std::string>& lines) {
  if (file.package() == "google.protobuf") return;
  for (int i = 0; i < file.dependency_count(); ++i) Describe(*file.dependency(i), lines);
  for (int i = 0; i < file.message_type_count(); ++i) Describe(*file.message_type(i), lines);
  for (int i = 0; i < file.enum_type_count(); ++i) Describe(*file.enum_type(i), lines);
  for (int i = 0; i < file.service_count(); ++i) Describe(*file.service(i), lines);
}

std::set<std::string> ApiNow() {
  std::set<std::string> lines;
  for (const FileDescriptor* file :
       {v1::GetStatusRequest::descriptor()->file(), v1::FindChainsRequest::descriptor()->file(),
        v1::RunAlgorithmRequest::descriptor()->file(), v1::ErrorReason_descriptor()->file(),
        v1::ExportRequest::descriptor()->file(), v1::GetEntityRequest::descriptor()->file(),
        v1::RunQueryRequest::descriptor()->file(), v1::WatchRequest::descriptor()->file(),
        v1::WriteRequest::descriptor()->file(), google::rpc::Status::descriptor()->file(),
        google::rpc::ErrorInfo::descriptor()->file()}) {
    Describe(*file, lines);
  }
  return lines;
}

std::set<std::string> ApiOfTheCopy() {
  std::set<std::string> lines;
  std::ifstream file(kCopy);
  for (std::string line; std::getline(file, line);) lines.insert(line);
  return lines;
}

std::vector<std::string> Without(const std::set<std::string>& lines,
                                 const std::set<std::string>& known) {
  std::vector<std::string> rest;
  std::set_difference(lines.begin(), lines.end(), known.begin(), known.end(),
                      std::back_inserter(rest));
  return rest;
}

TEST(ApiV1Test, NothingWasTakenAwayOrChanged) {
  const std::set<std::string> copy = ApiOfTheCopy();
  ASSERT_GT(copy.size(), 300u) << kCopy << " is not the copy";
  EXPECT_THAT(Without(copy, ApiNow()), ::testing::IsEmpty())
      << "clients break; keep these and add beside them";
}

TEST(ApiV1Test, TheCopyHoldsWhatWasAdded) {
  const std::set<std::string> now = ApiNow();
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment while tests run.
  if (std::getenv("RELATA_UPDATE_API") != nullptr) {
    std::ofstream file(kCopy);
    for (const std::string& line : now) file << line << "\n";
  }
  EXPECT_THAT(Without(now, ApiOfTheCopy()), ::testing::IsEmpty())
      << "the API grew; write the copy anew with RELATA_UPDATE_API=1";
}

TEST(ApiV1Test, EnumsStartAtUnspecified) {
  for (const std::string& line : ApiNow()) {
    if (line.rfind("value relata.", 0) != 0 || line.substr(line.size() - 4) != " = 0") continue;
    EXPECT_THAT(line, ::testing::HasSubstr("_UNSPECIFIED"));
  }
}

}  // namespace
}  // namespace relata
