#include "cli/standard_output.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace phyllo::cli {

StandardOutput::Outcome StandardOutput::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::array<pollfd, 2> ready{{{STDOUT_FILENO, POLLOUT, 0}, {signals_.fd(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return Outcome::kFailed;
    if (signals_.stopped() && (ready[0].revents & POLLOUT) == 0) return Outcome::kStopped;
    if (ready[0].revents == 0) continue;
    // A pipe that is ready takes this much without blocking (POSIX); files take it at once.
    const ssize_t written =
        ::write(STDOUT_FILENO, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return Outcome::kReaderGone;
    } else if (errno != EINTR && errno != EAGAIN) {
      return Outcome::kFailed;
    }
  }
  return Outcome::kWritten;
}

bool StandardOutput::reader_gone() const {
  pollfd out{STDOUT_FILENO, 0, 0};
  return poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
}

}  // namespace phyllo::cli
