#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/processes/child_process.h"

namespace phyllo::test {

/// A folder that goes away with the test. Its path is short: that of an ipc socket in it must fit
/// into 108 bytes.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

/// The whole text of a file; empty when there is none.
std::string text_of(const std::filesystem::path& file);

/// An answer over HTTP; status 0 when there was none.
struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// A phyllod under test, from its start to its end. The configuration decides on its ports; 0 in
/// there lets the system choose.
class PhyllodProcess {
 public:
  /// `config`: the YAML text. `name` tells its files in `folder` from those of others.
  PhyllodProcess(std::filesystem::path folder, std::string name, const std::string& config);
  /// Any arguments; no ports are waited for.
  PhyllodProcess(std::filesystem::path folder, std::string name,
                 const std::vector<std::string>& arguments);

  /// Waits until it listens; false when it ended instead, or does not in time.
  bool listens(std::chrono::milliseconds patience = std::chrono::seconds(20));
  /// What it wrote to its ports file: see `describe` in broker/listeners.h.
  const nlohmann::json& ports() const { return ports_; }
  /// Waits until it listens and /readyz says yes; false when it ended instead, or does not in time.
  bool ready(std::chrono::milliseconds patience = std::chrono::seconds(20));
  HttpAnswer ask(const std::string& path) const;
  /// The body of the answer.
  std::string get(const std::string& path) const { return ask(path).body; }
  /// The value of a metric: of one line when the name comes with its labels, the sum over all
  /// labels otherwise; nullopt when it cannot be had.
  std::optional<double> metric(const std::string& name) const;

  pid_t pid() const { return process_.pid(); }
  void signal(int number) { process_.signal(number); }
  bool running() { return process_.running(); }
  std::optional<ProcessEnd> wait(std::chrono::milliseconds patience) {
    return process_.wait(patience);
  }
  /// Waits for its end: the exit status, 128 + n for signal n, nullopt when it goes on.
  std::optional<int> exit_status();
  /// Everything that processes of this name wrote to their standard error and output.
  std::string log() const { return text_of(file(".log")); }
  std::size_t resident_bytes() const;
  std::filesystem::path config_file() const { return file(".yaml"); }

 private:
  std::filesystem::path file(const char* suffix) const { return folder_ / (name_ + suffix); }
  std::vector<std::string> command(const std::string& config) const;

  std::filesystem::path folder_;
  std::string name_;
  ChildProcess process_;  ///< killed with this object
  nlohmann::json ports_;
};

}  // namespace phyllo::test
