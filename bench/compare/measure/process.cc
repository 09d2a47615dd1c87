#include "bench/compare/measure/process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

namespace phyllo::bench {
namespace {

/// A line of /proc/PID/status.
std::size_t bytes_of(pid_t pid, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    std::size_t kibibytes = 0;
    if (word == name && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

}  // namespace

Fork::Fork(const std::function<void()>& work) {
  const pid_t parent = getpid();
  std::fflush(nullptr);  // or the copy would write it again
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  try {
    work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    _exit(1);
  }
  _exit(0);
}

Fork::~Fork() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Fork::running() {
  if (pid_ != 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
  return pid_ != 0;
}

void Fork::send(int signal) const {
  if (pid_ != 0) kill(pid_, signal);
}

std::chrono::nanoseconds cpu_time(pid_t pid) {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::size_t peak_memory(pid_t pid) { return bytes_of(pid, "VmHWM:"); }

std::size_t resident_memory(pid_t pid) { return bytes_of(pid, "VmRSS:"); }

}  // namespace phyllo::bench
