// Whether the broker is alive.

#include "sdk/src/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::internal {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Instant kStart{1h};
constexpr auto kTimeout = 5s;

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    connection_.open(kStart, "tcp://broker:1", "test");
    Welcome welcome;
    welcome.heartbeat = 1s;
    connection_.welcomed(kStart, welcome);
  }
  /// Looks whenever the connection asks for it, until that time; true while it is ready.
  bool ready_after(Instant end) {
    while (connection_.ready()) {
      const Instant next = connection_.next_tick(kTimeout);
      if (next > end) break;
      connection_.tick(next, kTimeout);
    }
    return connection_.ready();
  }

  Connection connection_;
};

TEST_F(ConnectionTest, EndsWhenTheBrokerIsSilentForThreeHeartbeats) {
  EXPECT_TRUE(ready_after(kStart + 2999ms));
  connection_.heard(kStart + 2999ms);
  EXPECT_TRUE(ready_after(kStart + 5998ms));
  EXPECT_FALSE(ready_after(kStart + 5999ms));
  EXPECT_THAT(connection_.ending()->why.message(), HasSubstr("nothing heard for 3000 ms"));
}

TEST_F(ConnectionTest, AfterAStandstillListensForAnotherHeartbeatFirst) {
  EXPECT_TRUE(ready_after(kStart + 1s));
  const Instant woken = kStart + 10s;
  connection_.tick(woken, kTimeout);
  EXPECT_TRUE(ready_after(woken + 999ms));
  EXPECT_FALSE(ready_after(woken + 1s));
}

TEST_F(ConnectionTest, AfterAStandstillStaysWithABrokerThatIsThere) {
  connection_.tick(kStart + 10s, kTimeout);
  connection_.heard(kStart + 10s);
  EXPECT_TRUE(ready_after(kStart + 12999ms));
  EXPECT_FALSE(ready_after(kStart + 13s));
}

TEST_F(ConnectionTest, LeavesASilentBrokerThoughEachLookComesLate) {
  connection_.heard(kStart);
  for (Instant now = kStart; now <= kStart + 10s; now += 1s) connection_.tick(now, kTimeout);
  EXPECT_FALSE(connection_.ready());
}

TEST_F(ConnectionTest, AfterEachStandstillStaysWithABrokerThatIsThere) {
  for (Instant now = kStart; now <= kStart + 100s; now += 10s) {
    connection_.tick(now, kTimeout);
    connection_.heard(now);
  }
  EXPECT_TRUE(connection_.ready());
}

}  // namespace
}  // namespace phyllo::internal
