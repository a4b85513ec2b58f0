#include "tests/layout/source_rules.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/layout/cpp_scan.h"

namespace relata {
namespace {

// The arrows between the folders: who may include whom. "proto" stands for the generated code.
struct FolderRule {
  absl::string_view folder;
  std::vector<absl::string_view> may_include;
};

const std::vector<FolderRule>& FolderRules() {
  static const auto* const kRules = new std::vector<FolderRule>{
      {"base", {"base"}},
      {"storage", {"base", "storage"}},
      {"graph", {"base", "storage", "graph"}},
      {"server", {"base", "storage", "graph", "proto", "server"}},
      {"client", {"base", "proto", "client"}},
      {"tests", {"base", "storage", "graph", "proto", "server", "client", "bench", "tests"}},
      {"bench", {"base", "storage", "graph", "proto", "server", "client", "tests", "bench"}},
      {"examples", {"base", "storage", "graph", "proto", "server", "client", "examples"}},
  };
  return *kRules;
}

const FolderRule* RuleFor(absl::string_view folder) {
  for (const FolderRule& rule : FolderRules()) {
    if (rule.folder == folder) return &rule;
  }
  return nullptr;
}

// Headers that only some places may include. A path is allowed if it starts with one of `places`.
struct HeaderRule {
  std::vector<absl::string_view> prefixes;  // of the included header
  std::vector<absl::string_view> places;    // empty: nowhere
  absl::string_view reason;
};

const std::vector<HeaderRule>& HeaderRules() {
  static const auto* const kRules = new std::vector<HeaderRule>{
      {{"rocksdb/"},
       {"storage/rocksdb/", "tests/storage/rocksdb/"},
       "only storage/rocksdb/ and its tests include RocksDB"},
      {{"google/protobuf/", "grpc/", "grpc++/", "grpcpp/"},
       {"server/", "client/", "tests/", "bench/", "examples/"},
       "protobuf and gRPC stop at server/ and client/"},
      {{"spdlog/"}, {"base/"}, "log through base/logging.h"},
      {{"absl/log/"}, {}, "log through base/logging.h"},
      {{"absl/synchronization/mutex.h"}, {"base/library_locks.cc"}, "use base/mutex.h"},
      {{"string_view"}, {}, "use absl/strings/string_view.h"},
  };
  return *kRules;
}

// Names that no code may use, with the places that are exempt.
struct NameRule {
  absl::string_view name;
  std::vector<absl::string_view> exempt;
  absl::string_view reason;
};

const std::vector<NameRule>& NameRules() {
  static const auto* const kRules = new std::vector<NameRule>{
      {"std::string_view", {}, "use absl::string_view"},
      {"absl::Mutex", {}, "use Mutex of base/mutex.h"},
      {"_clock::now", {"base/clock.cc", "tests/", "bench/"}, "ask a Clock of base/clock.h"},
      {"absl::Now(", {"tests/", "bench/"}, "ask a Clock of base/clock.h"},
  };
  return *kRules;
}

bool StartsWithAny(absl::string_view text, const std::vector<absl::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](absl::string_view prefix) { return absl::StartsWith(text, prefix); });
}

absl::string_view TopFolder(absl::string_view path) { return path.substr(0, path.find('/')); }

// The folder of ours that an included header belongs to; empty for foreign headers.
absl::string_view OwnFolder(absl::string_view header) {
  if (StartsWithAny(header, {"relata/v1/", "google/rpc/", "proto/"})) return "proto";
  const absl::string_view folder = TopFolder(header);
  return folder.size() < header.size() && RuleFor(folder) != nullptr ? folder : "";
}

bool IsBoostInHeader(absl::string_view path, absl::string_view header) {
  return absl::StartsWith(header, "boost/") && absl::EndsWith(path, ".h") &&
         !absl::StartsWith(path, "graph/algorithms/");
}

// Why `path` may not include `include`; empty if it may.
std::string WhyNot(absl::string_view path, const FolderRule& rule, const CppInclude& include) {
  const absl::string_view header = include.path;
  const absl::string_view folder = OwnFolder(header);
  if (!folder.empty() && std::find(rule.may_include.begin(), rule.may_include.end(), folder) ==
                             rule.may_include.end()) {
    return absl::StrCat(rule.folder, "/ may include only ", absl::StrJoin(rule.may_include, ", "));
  }
  if (include.quoted && (!absl::StrContains(header, '/') || absl::StartsWith(header, "."))) {
    return "write the path from the root of the source tree";
  }
  for (const HeaderRule& header_rule : HeaderRules()) {
    if (StartsWithAny(header, header_rule.prefixes) && !StartsWithAny(path, header_rule.places)) {
      return std::string(header_rule.reason);
    }
  }
  if (IsBoostInHeader(path, header)) return "Boost stays in .cc files and in graph/algorithms/";
  return "";
}

void CheckNames(absl::string_view path, absl::string_view code, std::vector<std::string>& found) {
  int line_number = 0;
  for (const absl::string_view line : absl::StrSplit(code, '\n')) {
    ++line_number;
    for (const NameRule& rule : NameRules()) {
      if (absl::StrContains(line, rule.name) && !StartsWithAny(path, rule.exempt)) {
        found.push_back(
            absl::StrCat(path, ":", line_number, ": uses ", rule.name, ": ", rule.reason));
      }
    }
  }
}

void CheckGuard(absl::string_view path, absl::string_view code, std::vector<std::string>& found) {
  const std::string guard = absl::StrCat(
      "RELATA_",
      absl::AsciiStrToUpper(absl::StrReplaceAll(path, {{"/", "_"}, {".", "_"}, {"-", "_"}})), "_");
  if (!absl::StrContains(code, absl::StrCat("#ifndef ", guard, "\n#define ", guard, "\n"))) {
    found.push_back(absl::StrCat(path, ":1: the include guard must be ", guard));
  }
}

bool IsBuildOrHidden(absl::string_view folder_name) {
  return absl::StartsWith(folder_name, ".") || folder_name == "build" ||
         absl::StartsWith(folder_name, "build-");
}

}  // namespace

std::vector<std::string> FindViolations(absl::string_view path, absl::string_view text) {
  std::vector<std::string> found;
  const FolderRule* const rule = RuleFor(TopFolder(path));
  if (rule == nullptr) {
    found.push_back(absl::StrCat(path, ":1: no rule says what ", TopFolder(path),
                                 "/ may include: add it to the table of folders"));
    return found;
  }
  const CppScan scan = ScanCpp(text);
  for (const CppInclude& include : scan.includes) {
    const std::string reason = WhyNot(path, *rule, include);
    if (!reason.empty()) {
      found.push_back(
          absl::StrCat(path, ":", include.line, ": includes ", include.path, ": ", reason));
    }
  }
  CheckNames(path, scan.code, found);
  if (absl::EndsWith(path, ".h")) CheckGuard(path, scan.code, found);
  return found;
}

std::vector<std::string> ListSources(const std::string& root) {
  namespace fs = std::filesystem;
  std::vector<std::string> sources;
  std::error_code error;
  for (fs::recursive_directory_iterator it(root, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_directory() && IsBuildOrHidden(it->path().filename().string())) {
      it.disable_recursion_pending();
      continue;
    }
    const std::string extension = it->path().extension().string();
    if (extension == ".h" || extension == ".cc") {
      sources.push_back(it->path().lexically_relative(root).generic_string());
    }
  }
  std::sort(sources.begin(), sources.end());
  return sources;
}

}  // namespace relata
