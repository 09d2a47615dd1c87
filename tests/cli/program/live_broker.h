#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/processes/phyllod_process.h"

namespace phyllo::cli {

/// A real `phyllod` that is a ring of its own; programs reach it through a socket in its folder, so
/// that any number of tests can run side by side.
class LiveBroker {
 public:
  LiveBroker();
  /// Where programs connect.
  std::string endpoint() const { return "ipc://" + (folder_.path() / "broker.sock").string(); }
  /// As SIGTERM and a new start would; programs connect again.
  void restart();

 private:
  void start();

  test::ScratchFolder folder_;
  std::optional<test::PhyllodProcess> process_;
};

/// A TCP port that was free a moment ago.
std::uint16_t free_port();

}  // namespace phyllo::cli
