// The least that any system on this machine pays to move bytes between two processes over
// loopback: plain blocking sockets, one connection, both ends' processor time.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFor{500};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

sockaddr* generic(sockaddr_in& place) { return reinterpret_cast<sockaddr*>(&place); }

int listen_anywhere(sockaddr_in& place) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  if (bind(fd, generic(place), size) != 0 || listen(fd, 1) != 0) die("listen");
  if (getsockname(fd, generic(place), &size) != 0) die("getsockname");
  return fd;
}

/// Reads until the other end closes.
void consume(sockaddr_in place) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, generic(place), sizeof place) != 0) die("connect");
  std::vector<char> buffer(256 << 10);
  while (read(fd, buffer.data(), buffer.size()) > 0) {
  }
  std::exit(0);
}

/// Writes of `size` bytes for a while; how many.
std::size_t produce(int listener, std::size_t size) {
  const int fd = accept(listener, nullptr, nullptr);
  if (fd < 0) die("accept");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const std::string message(size, 'x');
  std::size_t written = 0;
  for (const auto end = Clock::now() + kFor; Clock::now() < end; ++written) {
    for (std::size_t sent = 0; sent < size;) {
      const ssize_t more = write(fd, message.data() + sent, size - sent);
      if (more <= 0) die("write");
      sent += static_cast<std::size_t>(more);
    }
  }
  close(fd);
  return written;
}

double cpu_seconds(int who) {
  rusage used{};
  getrusage(who, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double cpu_of_both() { return cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN); }

void measure(std::size_t size) {
  sockaddr_in place{};
  const int listener = listen_anywhere(place);
  std::fflush(stdout);
  const double cpu_before = cpu_of_both();
  const auto before = Clock::now();
  const pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) consume(place);
  const std::size_t written = produce(listener, size);
  waitpid(child, nullptr, 0);
  const double seconds = std::chrono::duration<double>(Clock::now() - before).count();
  const double cpu = cpu_of_both() - cpu_before;
  close(listener);
  const auto count = static_cast<double>(written);
  std::printf("%9zu B %12.0f writes/s %8.0f MB/s %9.2f us CPU a write %8.3f us CPU a KiB\n", size,
              count / seconds, count * static_cast<double>(size) / seconds / 1e6, cpu * 1e6 / count,
              cpu * 1e6 / count / (static_cast<double>(size) / 1024));
}

}  // namespace

int main() {
  for (const std::size_t kibibytes : {1, 8, 16, 64, 256}) measure(kibibytes * 1024);
}
