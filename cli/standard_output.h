#pragma once

#include <string_view>

#include "cli/stop_signals.h"

namespace phyllo::cli {

/// Writes to stdout without ever being stuck there: a reader that is slow does not keep Ctrl-C from
/// working, and one that went away (`| head -1`) is noticed.
class StandardOutput {
 public:
  enum class Outcome {
    kWritten,
    kReaderGone,  ///< the pipe was closed: nobody wants more
    kStopped,     ///< a signal came before all was written
    kFailed,      ///< e.g. the disk is full; errno says why
  };

  explicit StandardOutput(StopSignals& signals) : signals_(signals) {}

  Outcome write(std::string_view bytes);
  /// Has the reader of the pipe gone away? Asks; does not wait.
  bool reader_gone() const;

 private:
  StopSignals& signals_;
};

}  // namespace phyllo::cli
