#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/processes/child_process.h"

namespace phyllo::test {

/// A `phyllo sub --json` of its own, in the network where it was started, and what it has printed.
/// All connections of one process belong to one network: libzmq makes them on one thread.
class Listener {
 public:
  Listener(std::filesystem::path output, const std::vector<std::string>& brokers,
           const std::string& topic);

  bool live() const;
  std::uint64_t received() const;
  /// Waits until it has so many.
  bool has(std::uint64_t count) const;

  /// Of one publisher's messages, from its first one on.
  struct Heard {
    std::uint64_t messages = 0;
    std::uint64_t last = 0;      ///< the highest number
    std::uint64_t reported = 0;  ///< as lost, by gaps
    std::string complaint;       ///< a message twice, out of order, or missing without a word
  };
  Heard heard() const;

 private:
  std::filesystem::path output_;
  ChildProcess process_;
};

/// The command line of a program of ours, with the brokers to connect to.
std::vector<std::string> phyllo_command(std::vector<std::string> words,
                                        const std::vector<std::string>& brokers);

}  // namespace phyllo::test
