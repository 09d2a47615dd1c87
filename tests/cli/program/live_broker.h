#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/demo/child_process.h"

namespace phyllo::cli {

/// A folder of a test's own, removed with everything in it.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

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

  TestFolder folder_;
  std::optional<ChildProcess> process_;
};

/// A TCP port that was free a moment ago.
std::uint16_t free_port();

}  // namespace phyllo::cli
