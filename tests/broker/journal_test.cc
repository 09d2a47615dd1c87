#include "broker/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace phyllo::broker {
namespace {

using overlay::transport::Refused;
using testing::HasSubstr;

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    LoggingSettings settings;
    settings.destination = file_;
    auto output = LogOutput::open(settings);
    ASSERT_TRUE(output.ok()) << output.error().message;
    output_ = *std::move(output);
    journal_ = std::make_unique<Journal>(*output_);
  }
  void TearDown() override { std::filesystem::remove(file_); }

  /// Everything written; nothing more can be written afterwards.
  std::vector<std::string> lines() {
    journal_.reset();
    output_.reset();
    std::vector<std::string> lines;
    std::ifstream stream(file_);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  std::string file_ =
      std::filesystem::temp_directory_path() / ("phyllo-journal-" + std::to_string(getpid()));
  std::unique_ptr<LogOutput> output_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(JournalTest, RefusalSaysWhoRefusedWhomAndWhy) {
  const std::string peer(32, 'a');
  journal_->note(Time(), Refused{Refused::By::kUs, peer, "cluster", "another one"});
  journal_->note(Time(), Refused{Refused::By::kThem, "tcp://h:1", "version", "too old"});
  const auto written = lines();
  ASSERT_EQ(written.size(), 2u);
  EXPECT_THAT(written[0], HasSubstr("peer=aaaaaaaa refused " + peer + " (cluster): another one"));
  EXPECT_THAT(written[1], HasSubstr("refused by tcp://h:1 (version): too old"));
}

TEST_F(JournalTest, StrangersCannotFillTheLog) {
  for (int i = 0; i < 1000; ++i) {
    journal_->note(Time(), Refused{Refused::By::kUs, "", "magic", "no"});
  }
  journal_->note(Time() + std::chrono::seconds(2), Refused{Refused::By::kUs, "", "magic", "last"});
  const auto written = lines();
  ASSERT_EQ(written.size(), 12u);
  EXPECT_THAT(written[10], HasSubstr("990 more refusals"));
  EXPECT_THAT(written[11], HasSubstr("last"));
}

TEST_F(JournalTest, ARefusalThatStaysIsSaidOnceInAWhile) {
  const Refused refused{Refused::By::kThem, std::string(32, 'a'), "cluster", "another one"};
  for (int second = 0; second <= 700; second += 30) {
    journal_->note(Time() + std::chrono::seconds(second), refused);
  }
  EXPECT_EQ(lines().size(), 2u);
}

TEST_F(JournalTest, ResigningIsAnError) {
  journal_->note(overlay::StateChanged{overlay::StateChanged::State::kResigned, "id taken"});
  journal_->stopped({true, "id taken"});
  for (const auto& line : lines()) EXPECT_THAT(line, HasSubstr("error"));
}

}  // namespace
}  // namespace phyllo::broker
