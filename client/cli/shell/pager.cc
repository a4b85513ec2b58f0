#include "client/cli/shell/pager.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relata {
namespace {

constexpr int kNoScreen = std::numeric_limits<int>::max();

}  // namespace

PagedOutput::PagedOutput(std::ostream* terminal, int screen_lines, std::string pager)
    : terminal_(terminal),
      screen_lines_(screen_lines > 0 ? screen_lines : kNoScreen),
      pager_command_(std::move(pager)),
      out_(this) {}

PagedOutput::~PagedOutput() { Finish(); }

void PagedOutput::Finish() {
  if (pager_ != nullptr) {
    pclose(pager_);
    pager_ = nullptr;
  }
  *terminal_ << held_;
  terminal_->flush();
  held_.clear();
  lines_ = 0;
}

int PagedOutput::overflow(int c) {
  if (c == std::char_traits<char>::eof()) return 0;
  const char text = static_cast<char>(c);
  return xsputn(&text, 1) == 1 ? c : std::char_traits<char>::eof();
}

std::streamsize PagedOutput::xsputn(const char* text, std::streamsize size) {
  if (pager_ == nullptr) {
    held_.append(text, static_cast<size_t>(size));
    lines_ += static_cast<int>(std::count(text, text + size, '\n'));
    // One line is left for the prompt.
    if (lines_ < screen_lines_) return size;
    terminal_->flush();
    // Unless the user has other wishes, `less` shows colours as colours.
    pager_ = popen(absl::StrCat("LESS=\"${LESS-R}\"; export LESS; ", pager_command_).c_str(), "w");
    if (pager_ == nullptr) {
      screen_lines_ = kNoScreen;
      return size;
    }
    std::fwrite(held_.data(), 1, held_.size(), pager_);
    held_.clear();
    return size;
  }
  std::fwrite(text, 1, static_cast<size_t>(size), pager_);
  return size;
}

int TerminalLines() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_row;
}

}  // namespace relata
