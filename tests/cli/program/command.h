#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace phyllo::cli {

/// What a program that was run to its end has done.
struct CommandResult {
  int status = -1;  ///< exit status, or 128 + the signal that killed it
  std::string out;
  std::string err;
};

/// A program that a test has started, with all three standard streams at the test's end. Whatever
/// is still running at the end of the test is killed.
class Command {
 public:
  /// `words`: the program's path and its arguments. `environment`: NAME=VALUE, added to ours.
  explicit Command(std::vector<std::string> words, std::vector<std::string> environment = {});
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  void write(const std::string& input);
  void close_input();
  void send(int signal);
  /// Waits until `text` was seen on stderr; false when the program ends or a minute passes before.
  bool await_err(const std::string& text);
  bool await_out(const std::string& text);
  /// Closes the input and waits for the end.
  CommandResult finish();
  pid_t pid() const { return pid_; }

 private:
  void collect(int fd, std::string& text);
  bool await(const std::string& stream, const std::string& text);

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::mutex mutex_;
  std::condition_variable news_;
  CommandResult result_;
  int open_streams_ = 2;
  std::thread out_reader_;
  std::thread err_reader_;
};

/// Runs `phyllo` with these arguments and this input to its end.
CommandResult phyllo(const std::vector<std::string>& arguments, const std::string& input = "");
/// The words that start it.
std::vector<std::string> phyllo_words(const std::vector<std::string>& arguments);

}  // namespace phyllo::cli
