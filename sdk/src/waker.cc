#include "sdk/src/waker.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace phyllo::internal {

Waker::Waker() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "phyllo: eventfd");
}

Waker::~Waker() { ::close(fd_); }

void Waker::wake() {
  if (woken_.exchange(true)) return;
  const std::uint64_t one = 1;
  // Fails only when the counter is full: then it is readable anyway.
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}

void Waker::clear() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd_, &count, sizeof count);
  // Whoever comes between the read and this store writes nothing, but what it announces is already
  // there, and this thread looks after this store.
  woken_.store(false);
}

}  // namespace phyllo::internal
