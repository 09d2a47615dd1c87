#include "sdk/src/waker.h"

#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>

namespace phyllo::internal {
namespace {

itimerspec once_at(Instant when) {
  using std::chrono::nanoseconds;
  constexpr auto kSecond = nanoseconds(std::chrono::seconds(1)).count();
  // Zero would mean never.
  const auto at = std::max<nanoseconds::rep>(nanoseconds(when.time_since_epoch()).count(), 1);
  itimerspec time{};
  time.it_value = {static_cast<time_t>(at / kSecond), static_cast<long>(at % kSecond)};
  return time;
}

}  // namespace

Waker::Waker()
    : wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      alarm_fd_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  if (wake_fd_ >= 0 && alarm_fd_ >= 0) return;
  const int error = errno;
  if (wake_fd_ >= 0) ::close(wake_fd_);
  if (alarm_fd_ >= 0) ::close(alarm_fd_);
  throw std::system_error(error, std::generic_category(), "phyllo: eventfd and timerfd");
}

Waker::~Waker() {
  ::close(wake_fd_);
  ::close(alarm_fd_);
}

void Waker::wake() {
  if (woken_.exchange(true)) return;
  const std::uint64_t one = 1;
  // Would fail only when the counter is full, after more calls than there will ever be.
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void Waker::wake_by(Instant when) {
  const std::lock_guard lock(mutex_);
  if (when >= alarm_) return;
  alarm_ = when;
  const itimerspec time = once_at(when);
  ::timerfd_settime(alarm_fd_, TFD_TIMER_ABSTIME, &time, nullptr);
}

void Waker::rung() {
  const std::lock_guard lock(mutex_);
  alarm_ = kNoDeadline;
}

}  // namespace phyllo::internal
