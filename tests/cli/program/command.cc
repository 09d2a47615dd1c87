#include "tests/cli/program/command.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>

namespace phyllo::cli {
namespace {

constexpr std::chrono::minutes kPatience{1};

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  return ends;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Command::Command(std::vector<std::string> words, std::vector<std::string> environment) {
  const auto in = make_pipe();
  const auto out = make_pipe();
  const auto err = make_pipe();
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("PHYLLO_") && !text.starts_with("LC_")) environment.emplace_back(text);
  }
  std::vector<char*> arguments = pointers(words);
  std::vector<char*> variables = pointers(environment);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    execve(arguments[0], arguments.data(), variables.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  close(err[1]);
  in_ = in[1];
  out_ = out[0];
  err_ = err[0];
  signal(SIGPIPE, SIG_IGN);
  out_reader_ = std::thread([this] { collect(out_, result_.out); });
  err_reader_ = std::thread([this] { collect(err_, result_.err); });
}

Command::~Command() {
  if (pid_ > 0 && result_.status < 0) {
    kill(pid_, SIGKILL);
    finish();
  }
  for (const int fd : {in_, out_, err_}) {
    if (fd >= 0) close(fd);
  }
}

void Command::collect(int fd, std::string& text) {
  std::array<char, 4096> chunk;
  while (true) {
    const ssize_t got = read(fd, chunk.data(), chunk.size());
    const std::scoped_lock lock(mutex_);
    if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
    if (got <= 0) --open_streams_;
    news_.notify_all();
    if (got <= 0) return;
  }
}

void Command::write(const std::string& input) {
  std::size_t written = 0;
  while (written < input.size()) {
    const ssize_t n = ::write(in_, input.data() + written, input.size() - written);
    if (n <= 0) return;
    written += static_cast<std::size_t>(n);
  }
}

void Command::close_input() {
  if (in_ >= 0) close(in_);
  in_ = -1;
}

void Command::send(int signal) { kill(pid_, signal); }

bool Command::await_err(const std::string& text) { return await(result_.err, text); }
bool Command::await_out(const std::string& text) { return await(result_.out, text); }

bool Command::await(const std::string& stream, const std::string& text) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, kPatience,
                 [&] { return stream.find(text) != std::string::npos || open_streams_ == 0; });
  return stream.find(text) != std::string::npos;
}

CommandResult Command::finish() {
  close_input();
  out_reader_.join();
  err_reader_.join();
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  result_.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result_;
}

std::vector<std::string> phyllo_words(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{PHYLLO_BIN_DIR "/phyllo"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

CommandResult phyllo(const std::vector<std::string>& arguments, const std::string& input) {
  Command command(phyllo_words(arguments));
  command.write(input);
  return command.finish();
}

}  // namespace phyllo::cli
