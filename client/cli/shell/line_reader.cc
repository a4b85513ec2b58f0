#include "client/cli/shell/line_reader.h"

#include <histedit.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/strip.h"

namespace relata {
namespace {

constexpr int kHistoryEntries = 1000;

template <typename... Arguments>
void SetHistory(History* history, int operation, Arguments... arguments) {
  HistEvent event;
  ::history(history, &event, operation, arguments...);
}

// libedit drops what the locale has no characters for: names in any script need UTF-8.
void UseCharactersOfTheTerminal() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread of the program asks for the locale.
  std::setlocale(LC_CTYPE, "");
  // NOLINTNEXTLINE(concurrency-mt-unsafe): as above.
  if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
}

class TerminalReader : public LineReader {
 public:
  TerminalReader(EditLine* edit, History* history, std::string history_file, LineCompleter complete)
      : edit_(edit),
        history_(history),
        history_file_(std::move(history_file)),
        complete_(std::move(complete)) {
    Load(history_);
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_PROMPT, Prompt);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_HIST, ::history, history_);
    el_set(edit_, EL_ADDFN, "relata-complete", "Completes the word", Complete);
    el_set(edit_, EL_ADDFN, "relata-interrupt", "Drops the line", Interrupt);
    el_source(edit_, nullptr);
    el_set(edit_, EL_BIND, "^I", "relata-complete", nullptr);
    // Ctrl-C is a key while a line is edited, and a signal at all other times.
    el_set(edit_, EL_SETTY, "-d", "-isig", nullptr);
    el_set(edit_, EL_BIND, "^C", "relata-interrupt", nullptr);
    el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }

  ~TerminalReader() override {
    history_end(history_);
    el_end(edit_);
  }
  TerminalReader(const TerminalReader&) = delete;
  TerminalReader& operator=(const TerminalReader&) = delete;

  std::optional<Line> Read(absl::string_view prompt) override {
    prompt_ = std::string(prompt);
    interrupted_ = false;
    int count = 0;
    const char* const text = el_gets(edit_, &count);
    // An interrupted line can be empty, as the end of the input is.
    if (interrupted_) return Line{"", true};
    if (text == nullptr || count <= 0) return std::nullopt;
    return Line{std::string(absl::StripSuffix(absl::string_view(text, count), "\n")), false};
  }

  void Remember(absl::string_view entry) override {
    const std::string text(entry);
    SetHistory(history_, H_ENTER, text.c_str());
    if (history_file_.empty()) return;
    // The file has what other shells wrote meanwhile, and has it at once: a terminal that is closed
    // ends the program where it stands.
    History* const all = history_init();
    if (all == nullptr) return;
    Load(all);
    SetHistory(all, H_ENTER, text.c_str());
    SetHistory(all, H_SAVE, history_file_.c_str());
    history_end(all);
  }

 private:
  void Load(History* history) const {
    SetHistory(history, H_SETSIZE, kHistoryEntries);
    SetHistory(history, H_SETUNIQUE, 1);
    if (!history_file_.empty()) SetHistory(history, H_LOAD, history_file_.c_str());
  }

  static TerminalReader* Of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return static_cast<TerminalReader*>(self);
  }
  static char* Prompt(EditLine* edit) { return Of(edit)->prompt_.data(); }

  static unsigned char Interrupt(EditLine* edit, int /*key*/) {
    Of(edit)->interrupted_ = true;
    std::fputs("^C\n", stdout);
    return CC_NEWLINE;
  }

  static unsigned char Complete(EditLine* edit, int /*key*/) {
    const LineInfo* const line = el_line(edit);
    const absl::string_view before(line->buffer, line->cursor - line->buffer);
    const LineCompletion completion = Of(edit)->complete_(before);
    if (completion.drop > 0 && !completion.insert.empty()) {
      // libedit counts characters, and what is dropped is part of a name.
      int characters = 0;
      for (const char c : before.substr(before.size() - completion.drop)) {
        characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
      }
      el_deletestr(edit, characters);
    }
    if (!completion.insert.empty()) el_insertstr(edit, completion.insert.c_str());
    if (completion.choices.empty()) {
      return completion.insert.empty() ? CC_REFRESH_BEEP : CC_REFRESH;
    }
    std::printf("\n%s\n", completion.choices.c_str());
    return CC_REDISPLAY;
  }

  EditLine* const edit_;
  History* const history_;
  const std::string history_file_;
  const LineCompleter complete_;
  std::string prompt_;
  bool interrupted_ = false;
};

class StreamReader : public LineReader {
 public:
  explicit StreamReader(std::istream* in) : in_(in) {}

  std::optional<Line> Read(absl::string_view /*prompt*/) override {
    Line line;
    if (!std::getline(*in_, line.text)) return std::nullopt;
    if (!line.text.empty() && line.text.back() == '\r') line.text.pop_back();
    return line;
  }
  void Remember(absl::string_view /*entry*/) override {}

 private:
  std::istream* const in_;
};

}  // namespace

std::unique_ptr<LineReader> MakeTerminalReader(const std::string& history_file,
                                               LineCompleter complete) {
  UseCharactersOfTheTerminal();
  EditLine* const edit = el_init("relata", stdin, stdout, stderr);
  if (edit == nullptr) return nullptr;
  return std::make_unique<TerminalReader>(edit, history_init(), history_file, std::move(complete));
}

std::unique_ptr<LineReader> MakeStreamReader(std::istream* in) {
  return std::make_unique<StreamReader>(in);
}

}  // namespace relata
