#include "broker/reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace phyllo::broker {
namespace {

using testing::ElementsAre;

class ReloadTest : public testing::Test {
 protected:
  std::unique_ptr<LogOutput> log_ = LogOutput::open(LoggingSettings{}).value();
  Settings running_;
  Settings wanted_;
};

TEST_F(ReloadTest, TakesLogLevelsIntoEffectAtOnce) {
  wanted_.logging.level = LogLevel::kError;
  wanted_.logging.levels = LoggingSettings::all(LogLevel::kError);
  wanted_.logging.levels[static_cast<std::size_t>(Subsystem::kOverlay)] = LogLevel::kDebug;
  EXPECT_TRUE(log_->wants(Subsystem::kHttp, LogLevel::kInfo));
  const Reload reload = apply_reload(running_, wanted_, *log_);
  EXPECT_FALSE(log_->wants(Subsystem::kHttp, LogLevel::kInfo));
  EXPECT_TRUE(log_->wants(Subsystem::kHttp, LogLevel::kError));
  EXPECT_TRUE(log_->wants(Subsystem::kOverlay, LogLevel::kDebug));
  EXPECT_THAT(reload.applied, testing::Contains("logging.level"));
  EXPECT_THAT(reload.needs_restart, ElementsAre());
}

TEST_F(ReloadTest, NamesWhatNeedsARestartEachTime) {
  wanted_.core.cluster = "other";
  wanted_.peers.links = 7;
  wanted_.logging.format = LogFormat::kJson;
  wanted_.logging.levels[0] = LogLevel::kDebug;
  const Reload first = apply_reload(running_, wanted_, *log_);
  EXPECT_THAT(first.applied, ElementsAre("logging.levels.broker"));
  EXPECT_THAT(first.needs_restart, ElementsAre("cluster", "peers.links", "logging.format"));
  const Reload second = apply_reload(running_, wanted_, *log_);
  EXPECT_THAT(second.applied, ElementsAre());
  EXPECT_THAT(second.needs_restart, ElementsAre("cluster", "peers.links", "logging.format"));
}

TEST_F(ReloadTest, OfAnUnchangedFileDoesNothing) {
  const Reload reload = apply_reload(running_, wanted_, *log_);
  EXPECT_THAT(reload.applied, ElementsAre());
  EXPECT_THAT(reload.needs_restart, ElementsAre());
}

}  // namespace
}  // namespace phyllo::broker
