#include "bench/compare/system/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "bench/compare/measure/interruption.h"

namespace phyllo::bench {
namespace {

namespace fs = std::filesystem;

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  Port bind_anywhere() const {
    sockaddr_in place = at(0);
    socklen_t size = sizeof place;
    auto* address = reinterpret_cast<sockaddr*>(&place);
    if (bind(fd_, address, size) != 0 || getsockname(fd_, address, &size) != 0) {
      throw std::runtime_error("no free port on the loopback interface");
    }
    return ntohs(place.sin_port);
  }
  bool connects_to(Port port) const {
    const sockaddr_in place = at(port);
    return connect(fd_, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
  }

 private:
  static sockaddr_in at(Port port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return place;
  }
  int fd_;
};

cli::ChildProcess start(const std::vector<std::string>& command, const fs::path& log) {
  auto started = cli::ChildProcess::start(command, log);
  if (const auto* why = std::get_if<std::string>(&started)) throw std::runtime_error(*why);
  return std::get<cli::ChildProcess>(std::move(started));
}

std::string end_of(const fs::path& file) {
  std::ifstream stream(file);
  std::string last;
  for (std::string line; std::getline(stream, line);) last = line.empty() ? last : line;
  return last;
}

}  // namespace

std::vector<Port> free_ports(std::size_t count) {
  const std::vector<Socket> sockets(count);
  std::vector<Port> ports;
  for (const Socket& socket : sockets) ports.push_back(socket.bind_anywhere());
  return ports;
}

std::optional<fs::path> find_program(const std::string& name) {
  std::vector<fs::path> folders{fs::read_symlink("/proc/self/exe").parent_path()};
  const char* path = std::getenv("PATH");
  std::istringstream list(path == nullptr ? "" : path);
  for (std::string folder; std::getline(list, folder, ':');) folders.emplace_back(folder);
  folders.insert(folders.end(), {"/usr/bin", "/usr/sbin", "/usr/local/bin"});
  for (const fs::path& folder : folders) {
    if (access((folder / name).c_str(), X_OK) == 0) return folder / name;
  }
  return std::nullopt;
}

std::string first_line_of(const std::string& command) {
  std::string line;
  FILE* output = popen((command + " 2>&1").c_str(), "r");
  if (output == nullptr) return line;
  for (int c = std::fgetc(output); c != EOF && c != '\n'; c = std::fgetc(output)) {
    line.push_back(static_cast<char>(c));
  }
  pclose(output);
  return line;
}

Server::Server(const std::vector<std::string>& command, const fs::path& log, Port port)
    : process_(start(command, log)) {
  if (!wait_until_listening(port) || process_.end()) {
    throw std::runtime_error(fs::path(command.front()).filename().string() +
                             " does not listen: " + end_of(log));
  }
}

bool wait_until_listening(Port port) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    if (Socket().connects_to(port)) return true;
    check_interruption();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::string local(Port port) { return "127.0.0.1:" + std::to_string(port); }

void write_file(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace phyllo::bench
