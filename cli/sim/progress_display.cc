#include "cli/sim/progress_display.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace phyllo::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kRedraw = 250ms;
/// Elsewhere than on a terminal.
constexpr auto kFirstLine = 2s;
constexpr auto kNextLine = 30s;
constexpr std::size_t kLogWidth = 200;

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

/// One column stays free: some terminals break the line when the last one is written.
std::size_t terminal_width() {
  winsize window{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1;
  return known ? window.ws_col - 1u : 79u;
}

}  // namespace

ProgressDisplay::ProgressDisplay(Mode mode)
    : mode_(mode),
      terminal_(isatty(STDERR_FILENO) != 0),
      next_(began_ + (terminal_ ? Clock::duration(kRedraw) : Clock::duration(kFirstLine))) {}

void ProgressDisplay::show(const Standing& standing) {
  const Clock::time_point now = Clock::now();
  if (mode_ == Mode::kQuiet || now < next_) return;
  if (terminal_) {
    put("\r" + progress_text(standing, now - began_, terminal_width()) + "\x1b[K");
    line_shown_ = true;
    next_ = now + kRedraw;
  } else {
    put(progress_text(standing, now - began_, kLogWidth) + "\n");
    next_ = now + kNextLine;
  }
}

void ProgressDisplay::say(const std::string& line) {
  if (mode_ == Mode::kQuiet) return;
  clear();
  put(line + "\n");
}

void ProgressDisplay::finish(std::uint64_t events) {
  say(cost_text(events, Clock::now() - began_));
}

void ProgressDisplay::clear() {
  if (line_shown_) put("\r\x1b[K");
  line_shown_ = false;
}

}  // namespace phyllo::cli
