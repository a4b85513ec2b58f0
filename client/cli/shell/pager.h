#ifndef RELATA_CLIENT_CLI_SHELL_PAGER_H_
#define RELATA_CLIENT_CLI_SHELL_PAGER_H_

#include <cstdio>
#include <ostream>
#include <streambuf>
#include <string>

namespace relata {

// Text for a terminal: up to a screenful is written to it, more goes to the program that $PAGER
// names (default: `less`), which shows it from the start. What comes after the reader has left the
// pager is dropped. Used by one thread; SIGPIPE must be ignored.
class PagedOutput : private std::streambuf {
 public:
  // `screen_lines`: of the terminal; 0: never calls the pager. Borrows `terminal`.
  PagedOutput(std::ostream* terminal, int screen_lines, std::string pager);
  // Finish, where that was not called.
  ~PagedOutput() override;

  std::ostream& out() { return out_; }
  // Whether the reader has left the pager: nobody will see what is still to come.
  bool left() const { return pager_ != nullptr && std::ferror(pager_) != 0; }
  // Writes what is left and waits until the reader has left the pager.
  void Finish();

 private:
  int overflow(int c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;

  std::ostream* const terminal_;
  int screen_lines_;
  const std::string pager_command_;
  std::ostream out_;
  std::string held_;
  int lines_ = 0;
  FILE* pager_ = nullptr;
};

// Lines of the terminal that the standard output is; 0 where it is none.
int TerminalLines();

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_SHELL_PAGER_H_
