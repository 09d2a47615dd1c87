#include "cli/demo/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace phyllo::cli {
namespace {

/// Between fork and exec only calls that are safe after fork in a program with threads. Whatever
/// goes wrong is told to the parent as an errno through `report`, which closes on a good exec.
[[noreturn]] void become(char* const* command, int log, pid_t parent, int report) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  setpgid(0, 0);
  const int input = open("/dev/null", O_RDONLY);
  const bool orphaned = prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent;
  if (!orphaned && dup2(input, 0) == 0 && dup2(log, 1) == 1 && dup2(log, 2) == 2) {
    execv(command[0], command);
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(report, &error, sizeof error);
  _exit(127);
}

std::string reason(const std::string& what, int error) { return what + ": " + strerror(error); }

}  // namespace

std::string ProcessEnd::text() const {
  if (signal != 0) return "was killed by signal " + std::to_string(signal);
  return "exited " + std::to_string(status);
}

std::variant<ChildProcess, std::string> ChildProcess::start(const std::vector<std::string>& command,
                                                            const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) return reason("cannot write " + log.string(), errno);
  std::array<int, 2> report{};
  if (pipe2(report.data(), O_CLOEXEC) != 0) {
    const int error = errno;
    close(output);
    return reason("cannot make a pipe", error);
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  const int fork_error = errno;
  if (pid == 0) become(arguments.data(), output, parent, report[1]);
  close(output);
  close(report[1]);
  int error = fork_error;
  const bool failed = pid < 0 || read(report[0], &error, sizeof error) == sizeof error;
  close(report[0]);
  if (pid > 0 && failed) waitpid(pid, nullptr, 0);
  if (failed) return reason("cannot run " + command.front(), error);
  return ChildProcess(pid);
}

ChildProcess::~ChildProcess() {
  if (pid_ == 0 || end()) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<ProcessEnd> ChildProcess::end() {
  if (end_ || pid_ == 0) return end_;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  end_ = WIFSIGNALED(status) ? ProcessEnd{0, WTERMSIG(status)} : ProcessEnd{WEXITSTATUS(status), 0};
  return end_;
}

void ChildProcess::send(int signal) {
  if (pid_ != 0 && !end()) kill(pid_, signal);
}

}  // namespace phyllo::cli
