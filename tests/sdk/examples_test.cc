#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "tests/sdk/fake_broker.h"

namespace phyllo::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Frame = v1::ClientFrame;

/// An example program while it runs; what it prints, errors included, and its exit status after.
class Program {
 public:
  explicit Program(const std::string& command) {
    std::string line = PHYLLO_BIN_DIR;
    line.append("/example_").append(command).append(" 2>&1");
    output_ = popen(line.c_str(), "r");
  }

  /// Waits for its end.
  std::string read() {
    std::string text;
    char buffer[256];
    while (std::fgets(buffer, sizeof buffer, output_) != nullptr) text += buffer;
    status_ = WEXITSTATUS(pclose(output_));
    return text;
  }
  int status() const { return status_; }

 private:
  std::FILE* output_ = nullptr;
  int status_ = -1;
};

TEST(Examples, PublishSendsAMessage) {
  FakeBroker broker;
  Program program("publish " + broker.endpoint() + " sensors/temp 21.5");
  EXPECT_EQ(program.read(), "");
  EXPECT_EQ(program.status(), 0);
  EXPECT_THAT(broker.published("sensors/temp"), ElementsAre("21.5"));
}

TEST(Examples, PublishTellsWhyItFails) {
  FakeBroker broker;
  Program program("publish " + broker.endpoint() + " 'sensors/#' 21.5");
  EXPECT_THAT(program.read(), HasSubstr("invalid_argument: invalid topic name"));
  EXPECT_EQ(program.status(), 1);
  Program misused("publish");
  EXPECT_THAT(misused.read(), HasSubstr("usage: publish BROKER TOPIC MESSAGE"));
  EXPECT_EQ(misused.status(), 2);
}

TEST(Examples, SubscribePrintsMessagesAndLosses) {
  FakeBroker broker;
  Program program("subscribe " + broker.endpoint() + " t 2");
  ASSERT_TRUE(broker.wait_for(Frame::kSubscribe));
  broker.deliver(1, 1, {"one"});
  broker.deliver(1, 4, {"two"});
  EXPECT_EQ(program.read(), "one\nlost 2 messages: missed\ntwo\n");
  EXPECT_EQ(program.status(), 0);
}

TEST(Examples, PullPrintsMessagesUntilNoneComes) {
  FakeBroker broker;
  Program program("pull " + broker.endpoint() + " t");
  ASSERT_TRUE(broker.wait_for(Frame::kSubscribe));
  broker.deliver(1, 1, {"one", "two"});
  EXPECT_EQ(program.read(), "1 one\n2 two\n");
  EXPECT_EQ(program.status(), 0);
}

}  // namespace
}  // namespace phyllo::test
