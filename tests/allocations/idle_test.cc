// What a subscription costs a broker while nothing is published: bytes that were asked for and not
// given back, which are the same on every machine.

#include <gtest/gtest.h>

#include <string>

#include "broker/core/broker.h"
#include "broker/core/client_codec.h"
#include "tests/allocations/allocation_count.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
namespace client = broker::client;

/// Of a size at which tables have just grown: on average they are fuller.
constexpr std::uint32_t kTopics = 20'000;
constexpr std::uint64_t kCredit = 1 << 20;

class IdleSubscriptions : public testing::Test {
 protected:
  void SetUp() override {
    call([&](auto& out) { broker_.start(now_, {}, out); });
    for (int beat = 0; beat < 40; ++beat) pass(250ms);
    ASSERT_TRUE(broker_.node().active());
  }

  template <class Call>
  void call(Call call) {
    broker::Effects out;
    call(out);
    broker_.flush(now_, out);
  }
  void pass(Duration duration) {
    now_ += duration;
    call([&](auto& out) { broker_.tick(now_, out); });
  }
  void connect(broker::SessionId session) {
    call([&](auto& out) { broker_.client_connected(now_, session, out); });
    say(session, client::Hello{client::kVersion, client::kVersion, "test"});
  }
  void say(broker::SessionId session, const client::ClientFrame& frame) {
    call([&](auto& out) {
      broker_.client_message(now_, session, client::encode_client_frame(frame), out);
    });
  }
  void subscribe(broker::SessionId session, std::uint32_t number, std::size_t topic) {
    say(session, client::Subscribe{number, "a/topic/" + std::to_string(1'000'000 + topic),
                                   std::nullopt, kCredit, 0});
  }
  std::size_t subscriptions() const { return broker_.stats().clients.subscriptions; }

  Time now_{1s};
  broker::Broker broker_{broker::BrokerConfig(), contact(), 1};

 private:
  static overlay::Contact contact() {
    const auto endpoint = *overlay::Endpoint::parse("tcp://10.0.0.1:7400");
    return {overlay::NodeId(overlay::Uint128{3} << 120), 1, {"r", endpoint, endpoint}};
  }
};

TEST_F(IdleSubscriptions, CostFewBytesEachWhenEachIsOfAnotherTopic) {
  connect(1);
  const std::size_t before = bytes_in_use();
  for (std::uint32_t i = 1; i <= kTopics; ++i) subscribe(1, i, i);
  ASSERT_EQ(subscriptions(), kTopics);
  EXPECT_LE((bytes_in_use() - before) / kTopics, 195u);
}

TEST_F(IdleSubscriptions, CostFewBytesEachWhenAllAreOfOneTopic) {
  connect(1);
  const std::size_t before = bytes_in_use();
  for (std::uint32_t i = 1; i <= kTopics; ++i) subscribe(1, i, 0);
  ASSERT_EQ(subscriptions(), kTopics);
  EXPECT_LE((bytes_in_use() - before) / kTopics, 130u);
}

TEST_F(IdleSubscriptions, LeaveNothingBehind) {
  connect(1);
  connect(2);
  const auto come_and_go = [&] {
    for (std::uint32_t i = 1; i <= kTopics; ++i) subscribe(1, i, i);
    for (std::uint32_t i = 1; i <= kTopics; ++i) say(1, client::Unsubscribe{i});
    ASSERT_EQ(subscriptions(), 0u);
  };
  come_and_go();
  const std::size_t before = bytes_in_use();
  come_and_go();
  EXPECT_LE(bytes_in_use(), before);
}

TEST_F(IdleSubscriptions, OfAClientCostLittleBesideIt) {
  const std::size_t before = bytes_in_use();
  for (broker::SessionId session = 1; session <= 1'000; ++session) connect(session);
  EXPECT_LE((bytes_in_use() - before) / 1'000, 256u);
}

}  // namespace
}  // namespace phyllo::test
