#include "sdk/src/poller.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace phyllo::internal {

Poller::Poller() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "phyllo: epoll");
}

Poller::~Poller() { ::close(fd_); }

bool Poller::add(int fd, News news) {
  epoll_event event{};
  // Edge-triggered: else one piece of news would wake all that wait, one after the other.
  event.events = EPOLLIN | EPOLLET;
  event.data.u32 = news;
  return ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::remove(int fd) { ::epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr); }

/// -1: for ever.
Poller::News Poller::within(int milliseconds) {
  std::array<epoll_event, 8> events;
  const int count = ::epoll_wait(fd_, events.data(), static_cast<int>(events.size()), milliseconds);
  News news = 0;
  for (int i = 0; i < count; ++i) news |= events[static_cast<std::size_t>(i)].data.u32;
  return news;
}

}  // namespace phyllo::internal
