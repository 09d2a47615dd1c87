#include "cli/demo/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace phyllo::cli {
namespace {

namespace fs = std::filesystem;

class ChildProcessTest : public testing::Test {
 protected:
  ~ChildProcessTest() override { fs::remove(log_); }

  ChildProcess start(const std::string& script) {
    auto started = ChildProcess::start({"/bin/sh", "-c", script}, log_);
    return std::get<ChildProcess>(std::move(started));
  }
  static ProcessEnd await(ChildProcess& process) {
    while (!process.end()) std::this_thread::yield();
    return *process.end();
  }
  std::string log() const {
    std::ostringstream text;
    text << std::ifstream(log_).rdbuf();
    return text.str();
  }

  const fs::path log_ =
      fs::path(testing::TempDir()) / ("child-" + std::to_string(getpid()) + ".log");
};

TEST_F(ChildProcessTest, TellsHowAProgramEnded) {
  ChildProcess good = start("exit 0");
  EXPECT_TRUE(await(good).clean());
  ChildProcess bad = start("exit 3");
  EXPECT_EQ(await(bad).text(), "exited 3");
  ChildProcess killed = start("kill -9 $$");
  EXPECT_EQ(await(killed).text(), "was killed by signal 9");
}

TEST_F(ChildProcessTest, WritesBothOutputsToItsLogAndReadsNothing) {
  ChildProcess process = start("echo out; echo err >&2; cat");
  EXPECT_TRUE(await(process).clean());
  EXPECT_EQ(log(), "out\nerr\n");
}

TEST_F(ChildProcessTest, ReceivesSignalsAlthoughOursAreHeldBack) {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, &before);
  ChildProcess process = start("while :; do sleep 0.01; done");
  process.send(SIGTERM);
  EXPECT_EQ(await(process).signal, SIGTERM);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST_F(ChildProcessTest, HasAProcessGroupOfItsOwnSoThatCtrlCDoesNotReachIt) {
  ChildProcess process = start("while :; do sleep 0.01; done");
  EXPECT_EQ(getpgid(process.pid()), process.pid());
}

TEST_F(ChildProcessTest, IsKilledAndReapedWithItsOwner) {
  pid_t pid = 0;
  {
    ChildProcess process = start("trap '' TERM; while :; do sleep 0.01; done");
    pid = process.pid();
  }
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(waitpid(pid, nullptr, WNOHANG), -1);
}

TEST_F(ChildProcessTest, DiesWhenTheProgramThatStartedItIsKilled) {
  // A program in between: it starts a child, says its pid, and is killed without warning.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t between = fork();
  if (between == 0) {
    ChildProcess process = start("while :; do sleep 0.01; done");
    const pid_t pid = process.pid();
    [[maybe_unused]] const ssize_t written = write(ends[1], &pid, sizeof pid);
    pause();
    _exit(0);
  }
  pid_t orphan = 0;
  ASSERT_EQ(read(ends[0], &orphan, sizeof orphan), static_cast<ssize_t>(sizeof orphan));
  kill(between, SIGKILL);
  waitpid(between, nullptr, 0);
  // The orphan is init's to reap; where nobody reaps it, it stays a zombie ("State: Z").
  const auto gone = [orphan] {
    std::ostringstream status;
    status << std::ifstream("/proc/" + std::to_string(orphan) + "/status").rdbuf();
    return status.str().empty() || status.str().find("State:\tZ") != std::string::npos;
  };
  for (int i = 0; i < 1'000'000 && !gone(); ++i) std::this_thread::yield();
  EXPECT_TRUE(gone());
  close(ends[0]);
  close(ends[1]);
}

TEST_F(ChildProcessTest, SaysWhyAProgramCannotRun) {
  const auto started = ChildProcess::start({"/nowhere/phyllod"}, log_);
  EXPECT_EQ(std::get<std::string>(started),
            "cannot run /nowhere/phyllod: No such file or directory");
}

TEST_F(ChildProcessTest, SaysWhyItsLogCannotBeWritten) {
  const auto started = ChildProcess::start({"/bin/true"}, "/nowhere/a.log");
  EXPECT_EQ(std::get<std::string>(started),
            "cannot write /nowhere/a.log: No such file or directory");
}

}  // namespace
}  // namespace phyllo::cli
