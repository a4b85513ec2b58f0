#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

// A main() for compilers without libFuzzer: runs the fuzzer's function on each file of the folders
// and files named, and on every prefix of those under 2,000 bytes, which finds what a text cut in
// the middle does. NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr size_t kPrefixLimit = 2000;

std::vector<std::filesystem::path> FilesOf(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

size_t RunFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)),
                                std::istreambuf_iterator<char>());
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  size_t runs = 0;
  if (bytes.size() <= kPrefixLimit) {
    for (; runs < bytes.size(); ++runs) {
      // A copy of its own, so that a read past the end is seen.
      const std::vector<uint8_t> prefix(data, data + runs);
      LLVMFuzzerTestOneInput(prefix.data(), prefix.size());
    }
  }
  LLVMFuzzerTestOneInput(data, bytes.size());
  return runs + 1;
}

}  // namespace

int main(int argc, char** argv) {
  size_t files = 0;
  size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const std::filesystem::path& path : FilesOf(argv[i])) {
      ++files;
      runs += RunFile(path);
    }
  }
  std::printf("%zu files, %zu runs\n", files, runs);
  return files == 0 ? 1 : 0;
}
