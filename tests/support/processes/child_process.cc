#include "tests/support/processes/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace phyllo::test {
namespace {

constexpr int kCannotStart = 127;  // as the shell has it

/// Between fork and exec only async-signal-safe calls are allowed: everything is prepared before.
[[noreturn]] void become(char* const* arguments, const char* output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kCannotStart);  // it died before the line above
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int file = open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file >= 0) {
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
  }
  execv(arguments[0], arguments);
  _exit(kCannotStart);
}

ProcessEnd ended(int status) {
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command,
                           const std::filesystem::path& output) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(arguments.data(), output.c_str(), parent);
  if (pid_ < 0) end_ = ProcessEnd{kCannotStart, 0};
}

ChildProcess::~ChildProcess() {
  if (end()) return;
  signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void ChildProcess::signal(int number) {
  if (!end()) kill(pid_, number);
}

std::optional<ProcessEnd> ChildProcess::end() {
  int status = 0;
  if (!end_ && waitpid(pid_, &status, WNOHANG) == pid_) end_ = ended(status);
  return end_;
}

std::optional<ProcessEnd> ChildProcess::wait(std::chrono::milliseconds patience) {
  eventually([this] { return end().has_value(); }, patience);
  return end();
}

void doze() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

}  // namespace phyllo::test
