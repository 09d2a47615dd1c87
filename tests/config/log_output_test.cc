#include "broker/logging/log_output.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "broker/logging/log.h"
#include "tests/config/config_folder.h"

namespace phyllo::broker {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class LogOutputTest : public testing::Test {
 protected:
  std::unique_ptr<LogOutput> open() { return LogOutput::open(settings_).value(); }

  ConfigFolder folder_;
  std::filesystem::path file_ = folder_.path("broker.log");
  LoggingSettings settings_{.destination = file_.string()};
};

TEST_F(LogOutputTest, WritesWhatTheLevelLetsThrough) {
  settings_.levels[static_cast<std::size_t>(Subsystem::kOverlay)] = LogLevel::kDebug;
  {
    const auto output = open();
    const Log overlay(*output, Subsystem::kOverlay);
    const Log http(*output, Subsystem::kHttp);
    overlay.debug("one {}", 1);
    http.debug("two");
    http.info("three");
    http.error("four");
  }
  EXPECT_THAT(lines_of(file_), ElementsAre(EndsWith("one 1"), EndsWith("three"), EndsWith("four")));
}

TEST_F(LogOutputTest, OffMeansOff) {
  settings_.levels = LoggingSettings::all(LogLevel::kOff);
  {
    const auto output = open();
    Log(*output, Subsystem::kBroker).error("nobody hears this");
  }
  EXPECT_THAT(lines_of(file_), ElementsAre());
}

TEST_F(LogOutputTest, EveryLineNamesNodeAndRegionAndThePeerItConcerns) {
  settings_.format = LogFormat::kJson;
  {
    const auto output = open();
    output->identify(overlay::NodeId(overlay::Uint128{0x01020304} << 96), "eu-west");
    Log(*output, Subsystem::kTransport).about(overlay::NodeId(9)).warning("refused: {}", "why");
  }
  const auto lines = lines_of(file_);
  ASSERT_EQ(lines.size(), 1u);
  const auto json = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(json["node"], "01020304");
  EXPECT_EQ(json["region"], "eu-west");
  EXPECT_EQ(json["peer"], overlay::NodeId(9).hex());
  EXPECT_EQ(json["message"], "refused: why");
}

TEST_F(LogOutputTest, AppendsToAFileThatIsThere) {
  std::ofstream(file_) << "earlier\n";
  Log(*open(), Subsystem::kBroker).info("later");
  EXPECT_THAT(lines_of(file_), ElementsAre("earlier", EndsWith("later")));
}

TEST_F(LogOutputTest, ReopenFollowsLogRotation) {
  const auto moved = folder_.path("broker.log.1");
  {
    const auto output = open();
    const Log log(*output, Subsystem::kBroker);
    log.info("old");
    std::filesystem::rename(file_, moved);
    ASSERT_TRUE(output->reopen().ok());
    log.info("new");
  }
  // The writer's own thread decides which file "old" still goes to; nothing is lost.
  EXPECT_EQ(lines_of(moved).size() + lines_of(file_).size(), 2u);
  EXPECT_THAT(lines_of(file_), testing::Contains(EndsWith("new")));
}

TEST_F(LogOutputTest, KeepsTheOldFileWhenTheNewOneCannotBeOpened) {
  const auto below = folder_.path("logs");
  std::filesystem::create_directory(below);
  settings_.destination = (below / "broker.log").string();
  const auto moved = folder_.path("moved");
  {
    const auto output = open();
    std::filesystem::rename(below, moved);
    const Outcome reopened = output->reopen();
    ASSERT_FALSE(reopened.ok());
    EXPECT_THAT(reopened.error().message, HasSubstr("cannot open the log file"));
    Log(*output, Subsystem::kBroker).info("still here");
  }
  EXPECT_THAT(lines_of(moved / "broker.log"), ElementsAre(EndsWith("still here")));
}

TEST_F(LogOutputTest, SaysWhyAFileCannotBeOpened) {
  settings_.destination = folder_.path("nowhere/broker.log").string();
  const auto output = LogOutput::open(settings_);
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(output.error().message, HasSubstr("No such file or directory"));
}

TEST_F(LogOutputTest, SeveralThreadsWriteWholeLines) {
  constexpr int kThreads = 4;
  constexpr int kLines = 500;  // together less than the queue holds
  {
    const auto output = open();
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&output, t] {
        const Log log(*output, Subsystem::kClients);
        for (int i = 0; i < kLines; ++i) log.info("thread {} line {} end", t, i);
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(output->lost_lines(), 0u);
  }
  const auto lines = lines_of(file_);
  EXPECT_EQ(lines.size(), std::size_t{kThreads * kLines});
  EXPECT_THAT(lines, testing::Each(EndsWith(" end")));
}

/// A named pipe whose reader looks at nothing until told to.
class SlowReader {
 public:
  explicit SlowReader(const std::filesystem::path& pipe) {
    PHYLLO_CHECK(mkfifo(pipe.c_str(), 0600) == 0);
    file_ = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    PHYLLO_CHECK(file_ >= 0);
  }
  ~SlowReader() { ::close(file_); }
  SlowReader(const SlowReader&) = delete;
  SlowReader& operator=(const SlowReader&) = delete;

  /// Reads until this many lines were read in all, or the writer is gone.
  const std::string& read_lines(std::size_t lines) {
    char bytes[4096];
    pollfd ready{file_, POLLIN, 0};
    while (seen_ < lines && poll(&ready, 1, 10'000) > 0) {
      const ssize_t size = ::read(file_, bytes, sizeof bytes);
      if (size <= 0) break;
      text_.append(bytes, static_cast<std::size_t>(size));
      seen_ += static_cast<std::size_t>(std::count(bytes, bytes + size, '\n'));
    }
    return text_;
  }

 private:
  int file_;
  std::string text_;
  std::size_t seen_ = 0;
};

TEST_F(LogOutputTest, DropsTheOldestLinesRatherThanWaitAndSaysHowMany) {
  SlowReader reader(file_);
  auto output = open();
  const Log log(*output, Subsystem::kBroker);
  // Many more than pipe and queue hold together: with nobody reading, this only ends if it never
  // waits.
  for (int i = 0; i < 30'000; ++i) log.info("line {}", i);
  const auto lost = output->lost_lines();
  EXPECT_GT(lost, 10'000u);
  EXPECT_LT(lost, 30'000u);
  reader.read_lines(7000);  // now the queue has room
  log.info("the last");
  std::thread end([&] { output.reset(); });
  const std::string text = reader.read_lines(30'000);
  end.join();
  EXPECT_THAT(text, HasSubstr(std::to_string(lost) + " log lines were dropped"));
  EXPECT_THAT(text, HasSubstr("line 29999\n"));
  EXPECT_THAT(text, HasSubstr("the last\n"));
}

}  // namespace
}  // namespace phyllo::broker
