#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "cli/stop_signals.h"

namespace phyllo::cli {

/// Reads a file descriptor line by line, so that a signal ends the waiting. Lines end with '\n',
/// which is not part of them; the last one may lack it. Other bytes mean nothing.
class LineReader {
 public:
  enum class End {
    kNone,     ///< there may be more
    kInput,    ///< all was read
    kStopped,  ///< a signal came while waiting
    kTooLong,  ///< a line exceeded the limit
    kFailed,   ///< errno says why
  };

  LineReader(int fd, std::size_t longest_line, StopSignals& signals)
      : fd_(fd), longest_line_(longest_line), signals_(signals) {}

  /// The next line; nothing when there is none, see `end()`. Waits.
  std::optional<std::string> next();
  End end() const { return end_; }
  /// Lines returned so far.
  std::size_t lines() const { return lines_; }

 private:
  void read_more();

  int fd_;
  std::size_t longest_line_;
  StopSignals& signals_;
  std::string buffer_;
  std::size_t begin_ = 0;    ///< where the unread bytes begin in buffer_
  std::size_t scanned_ = 0;  ///< no line end before this
  std::size_t lines_ = 0;
  End end_ = End::kNone;
};

}  // namespace phyllo::cli
