#include "overlay/transport/epoll_set.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "base/check.h"

namespace phyllo::overlay::transport {
namespace {

/// Rounded up: waking before the deadline only to sleep again would spin.
int milliseconds(Duration timeout) {
  if (timeout <= Duration::zero()) return 0;
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  return static_cast<int>(std::min<std::int64_t>(ms, std::numeric_limits<int>::max()));
}

}  // namespace

EpollSet::EpollSet() : fd_(epoll_create1(EPOLL_CLOEXEC)) { PHYLLO_CHECK(fd_ >= 0); }

EpollSet::~EpollSet() { close(fd_); }

void EpollSet::add(int fd, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  PHYLLO_CHECK(epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0);
}

void EpollSet::remove(int fd) { epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr); }

std::size_t EpollSet::wait(Duration timeout, std::span<std::uint64_t> ready) {
  std::array<epoll_event, 64> events;
  const auto room = static_cast<int>(std::min(ready.size(), events.size()));
  const int count = epoll_wait(fd_, events.data(), room, milliseconds(timeout));
  if (count < 0) {
    PHYLLO_CHECK(errno == EINTR);
    return 0;
  }
  for (int i = 0; i < count; ++i) ready[i] = events[i].data.u64;
  return static_cast<std::size_t>(count);
}

}  // namespace phyllo::overlay::transport
