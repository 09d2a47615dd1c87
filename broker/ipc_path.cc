#include "broker/ipc_path.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

namespace phyllo::broker {
namespace {

constexpr std::string_view kScheme = "ipc://";
constexpr mode_t kUserAndGroup = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP;

/// Empty for other endpoints, and for ZeroMQ's names that are no files.
std::string path_of(const overlay::Endpoint& endpoint) {
  const std::string_view text = endpoint.text();
  if (!text.starts_with(kScheme)) return {};
  const std::string_view path = text.substr(kScheme.size());
  return path.starts_with('@') || path == "*" ? std::string() : std::string(path);
}

Error unavailable(const overlay::Endpoint& endpoint, const std::string& why) {
  return Error{ErrorCode::kUnavailable, "cannot listen on " + endpoint.text() + ": " + why};
}

bool somebody_listens(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return true;
  const int connected = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address);
  const bool refused = connected != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return !refused;
}

}  // namespace

Outcome claim_ipc_path(const overlay::Endpoint& endpoint) {
  const std::string path = path_of(endpoint);
  struct stat found {};
  if (path.empty() || lstat(path.c_str(), &found) != 0) return Done{};
  if (!S_ISSOCK(found.st_mode)) {
    return unavailable(endpoint, "there is something that is not a socket");
  }
  if (somebody_listens(path)) return unavailable(endpoint, "another program listens there");
  if (unlink(path.c_str()) != 0) {
    return unavailable(endpoint, std::string("cannot remove the socket of an earlier run: ") +
                                     std::strerror(errno));
  }
  return Done{};
}

Outcome restrict_ipc_path(const overlay::Endpoint& endpoint) {
  const std::string path = path_of(endpoint);
  if (path.empty() || chmod(path.c_str(), kUserAndGroup) == 0) return Done{};
  return unavailable(endpoint, std::string("cannot set its permissions: ") + std::strerror(errno));
}

}  // namespace phyllo::broker
