#include "cli/demo/live_screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace phyllo::cli {
namespace {

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

LiveScreen::LiveScreen() { put("\x1b[?25l"); }   // hide the cursor
LiveScreen::~LiveScreen() { put("\x1b[?25h"); }  // show it again

bool LiveScreen::possible() {
  const char* const terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

ScreenSize LiveScreen::size() {
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0) return {};
  return {window.ws_col, window.ws_row};
}

Style LiveScreen::style() {
  const char* const plain = std::getenv("NO_COLOR");
  return plain == nullptr || *plain == '\0' ? Style::kAnsi : Style::kPlain;
}

void LiveScreen::draw(const std::vector<std::string>& lines) {
  std::string text;
  if (drawn_ > 0) text += "\x1b[" + std::to_string(drawn_) + "A";
  text += "\r";
  for (const std::string& line : lines) text += line + "\x1b[K\n";
  put(text + "\x1b[J");  // clears what a longer drawing before has left
  drawn_ = lines.size();
}

}  // namespace phyllo::cli
