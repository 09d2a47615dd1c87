#include "cli/stop_signals.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

namespace phyllo::cli {

StopSignals::StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  fd_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

StopSignals::~StopSignals() { close(fd_); }

bool StopSignals::stopped() { return take() || stopped_; }

bool StopSignals::again() {
  const bool before = stopped_;
  return take() && before;
}

bool StopSignals::wait(std::chrono::milliseconds time) {
  if (stopped()) return true;
  pause(time);
  return stopped();
}

void StopSignals::pause(std::chrono::milliseconds time) {
  pollfd signals{fd_, POLLIN, 0};
  const auto most = std::chrono::milliseconds(std::numeric_limits<int>::max());
  poll(&signals, 1, static_cast<int>(std::clamp(time, std::chrono::milliseconds(0), most).count()));
}

bool StopSignals::take() {
  bool any = false;
  signalfd_siginfo info;
  while (read(fd_, &info, sizeof info) == sizeof info) any = true;
  stopped_ = stopped_ || any;
  return any;
}

}  // namespace phyllo::cli
