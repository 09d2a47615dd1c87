#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/processes/child_process.h"

namespace phyllo::integration {

using test::eventually;

/// A folder that goes away with the test.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A phyllod of its own, on ports that the system chooses unless the configuration says otherwise.
class PhyllodProcess {
 public:
  /// `config`: the YAML text. `name` tells its files from those of others in the folder.
  PhyllodProcess(const ScratchFolder& folder, std::string name, const std::string& config);
  /// Any arguments; no ports are waited for.
  PhyllodProcess(const ScratchFolder& folder, std::string name,
                 const std::vector<std::string>& arguments);
  /// Waits until it listens; false when it ended instead.
  bool listens();
  /// What it wrote to its ports file: see `describe` in broker/listeners.h.
  const nlohmann::json& ports() const { return ports_; }
  /// Waits for `/readyz`.
  bool ready();
  /// The text at this path of its HTTP port, empty when there is no answer.
  std::string get(const std::string& path) const;
  /// The value of the metric whose line begins with `name_and_labels`; -1 when there is none.
  double metric(const std::string& name_and_labels) const;

  pid_t pid() const { return process_->pid(); }
  void signal(int number) { process_->signal(number); }
  /// Waits for its end: the exit status, 128 + n for signal n, nullopt when it goes on.
  std::optional<int> exit_status();
  /// Everything it wrote to its standard error and output.
  std::string log() const;
  std::size_t resident_bytes() const;
  std::filesystem::path config_file() const { return file(".yaml"); }

 private:
  std::filesystem::path file(const char* suffix) const;
  void start(std::vector<std::string> arguments);

  std::filesystem::path folder_;
  std::string name_;
  std::unique_ptr<test::ChildProcess> process_;  ///< killed with this object
  nlohmann::json ports_;
};

}  // namespace phyllo::integration
