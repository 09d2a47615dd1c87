#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/demo/child_process.h"

namespace phyllo::bench {

using Port = std::uint16_t;

/// Ports of the loopback interface that nobody listens at now, all different.
std::vector<Port> free_ports(std::size_t count);

/// Where a program is: beside this one, in PATH, or where servers usually are.
std::optional<std::filesystem::path> find_program(const std::string& name);
/// The first line a program prints, e.g. its version; empty when it cannot be run.
std::string first_line_of(const std::string& command);

/// A server that was started and listens. It is gone when the object is.
class Server {
 public:
  /// Returns when it accepts connections at `port`. Throws std::runtime_error with the end of what
  /// it wrote when it does not within ten seconds.
  Server(const std::vector<std::string>& command, const std::filesystem::path& log, Port port);
  Server(Server&&) noexcept = default;

  pid_t pid() const { return process_.pid(); }

 private:
  cli::ChildProcess process_;
};

/// Waits until something accepts connections at `port`; false when it does not in ten seconds.
bool wait_until_listening(Port port);
std::string local(Port port);  ///< "127.0.0.1:1234"
void write_file(const std::filesystem::path& file, const std::string& text);

}  // namespace phyllo::bench
