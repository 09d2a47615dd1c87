// A broker that stops says so in time: its programs move to another one, and miss nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "phyllo/client.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Frame = v1::ClientFrame;
using Kind = ConnectionEvent::Kind;

constexpr ReconnectPolicy kFast{.initial = 1ms, .maximum = 20ms, .jitter = 0.5};

/// A client with a subscription to "t" at the first of several brokers.
class Drain : public testing::Test {
 protected:
  void connect(std::vector<std::string> brokers, SubscribeOptions options = {}) {
    ClientOptions client;
    client.reconnect = kFast;
    client.on_connection = [this](const ConnectionEvent& event) { events_.add(event); };
    client_ = std::make_unique<Client>(std::move(brokers), std::move(client));
    options.on_gap = [this](const Gap& gap) { gaps_.add(gap); };
    subscription_ = client_->subscribe(
        "t", [this](const Message& m) { seen_.add(std::string(m.payload())); }, options);
    EXPECT_TRUE(subscription_.status().ok());
  }
  void connect() { connect({first_->endpoint(), second_.endpoint()}); }

  static void drain(FakeBroker& broker) {
    v1::BrokerFrame drain;
    drain.mutable_drain()->set_reason("upgrade");
    broker.send(drain);
  }
  /// Where the second broker's stream begins for who subscribes there.
  void second_begins_at(std::uint64_t next) {
    second_.change([next](FakeBroker::Script& script) { script.stream_next = next; });
  }

  std::optional<FakeBroker> first_{std::in_place};
  FakeBroker second_;
  Recorder<ConnectionEvent> events_;
  Recorder<Gap> gaps_;
  Texts seen_;
  std::unique_ptr<Client> client_;
  Subscription subscription_;
};

TEST_F(Drain, ListensToTheOldBrokerUntilItHasSaidWhatTheNewOneDoesNot) {
  connect();
  first_->deliver(1, 1, {"a", "b"});
  seen_.wait(2);
  second_begins_at(5);
  drain(*first_);
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 5, {"e"});
  ASSERT_TRUE(client_->ping(10s).ok()) << "the new broker's batch has arrived";
  EXPECT_THAT(first_->arrived(Frame::kBye), IsEmpty());
  first_->deliver(1, 3, {"c", "d"});
  EXPECT_THAT(seen_.wait(5), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_TRUE(first_->wait_for(Frame::kBye));
  second_.deliver(1, 6, {"f"});
  EXPECT_EQ(seen_.wait(6).back(), "f");
  EXPECT_THAT(gaps_.values(), IsEmpty());
}

TEST_F(Drain, TakesNothingTwiceFromTwoBrokers) {
  connect();
  first_->deliver(1, 1, {"a", "b", "c"});
  seen_.wait(3);
  second_begins_at(2);
  drain(*first_);
  EXPECT_TRUE(first_->wait_for(Frame::kBye)) << "there is nothing to wait for";
  second_.deliver(1, 2, {"b", "c", "d"});
  EXPECT_THAT(seen_.wait(4), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(gaps_.values(), IsEmpty());
}

TEST_F(Drain, LeavesToTheNewBrokerWhatTheOldOneSaysBeyondItsBeginning) {
  connect();
  first_->deliver(1, 1, {"a"});
  seen_.wait(1);
  second_begins_at(3);
  drain(*first_);
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 3, {"c", "d"});
  ASSERT_TRUE(client_->ping(10s).ok());
  v1::BrokerFrame gap;
  gap.mutable_gap()->set_subscription(1);
  *gap.mutable_gap()->mutable_stream() = first_->stream();
  gap.mutable_gap()->set_first(2);
  gap.mutable_gap()->set_last(4);
  gap.mutable_gap()->set_why("queue_limit");
  first_->send(gap);
  EXPECT_THAT(seen_.wait(3), ElementsAre("a", "c", "d"));
  const auto told = gaps_.values();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].from, 2u);
  EXPECT_EQ(told[0].to, 2u);
}

TEST_F(Drain, ReportsWhatTheOldBrokerTookWithIt) {
  connect();
  first_->deliver(1, 1, {"a", "b"});
  seen_.wait(2);
  second_begins_at(5);
  drain(*first_);
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 5, {"e"});
  ASSERT_TRUE(client_->ping(10s).ok());
  first_.reset();
  EXPECT_THAT(seen_.wait(3), ElementsAre("a", "b", "e"));
  const auto told = gaps_.values();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].from, 3u);
  EXPECT_EQ(told[0].to, 4u);
}

TEST_F(Drain, DoesNotWaitForEverForWhatTheOldBrokerOwes) {
  connect();
  first_->deliver(1, 1, {"a"});
  seen_.wait(1);
  second_begins_at(3);
  drain(*first_);
  EXPECT_TRUE(first_->wait_for(Frame::kBye));
  second_.deliver(1, 3, {"c"});
  EXPECT_THAT(seen_.wait(2), ElementsAre("a", "c"));
  ASSERT_EQ(gaps_.values().size(), 1u);
  EXPECT_EQ(gaps_.values()[0].from, 2u);
}

TEST_F(Drain, FollowsTheOldBrokerIntoTheNewOnesStream) {
  connect();
  first_->deliver(1, 1, {"a", "b"});
  seen_.wait(2);
  second_.change([](FakeBroker::Script& script) { script.root = 'z'; });
  drain(*first_);
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 1, {"d"}, 7, 4);
  ASSERT_TRUE(client_->ping(10s).ok());
  first_->deliver(1, 3, {"c"});
  first_->change([](FakeBroker::Script& script) { script.root = 'z'; });
  first_->deliver(1, 1, {"d"}, 7, 4);
  EXPECT_THAT(seen_.wait(4), ElementsAre("a", "b", "c", "d"));
  EXPECT_TRUE(first_->wait_for(Frame::kBye));
  EXPECT_THAT(gaps_.values(), IsEmpty());
}

TEST_F(Drain, StaysWithTheOldBrokerWhenTheNewOneGoesAway) {
  std::optional<FakeBroker> passing(std::in_place);
  connect({first_->endpoint(), passing->endpoint(), second_.endpoint()});
  first_->deliver(1, 1, {"a"});
  seen_.wait(1);
  passing->change([](FakeBroker::Script& script) { script.acknowledges_subscribe = false; });
  drain(*first_);
  ASSERT_TRUE(passing->wait_for(Frame::kSubscribe));
  second_begins_at(3);
  passing.reset();
  first_->deliver(1, 2, {"b"});
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 3, {"c"});
  EXPECT_THAT(seen_.wait(3), ElementsAre("a", "b", "c"));
  EXPECT_THAT(gaps_.values(), IsEmpty());
}

TEST_F(Drain, MovesAgainWhenTheNextBrokerStopsToo) {
  FakeBroker third;
  connect({first_->endpoint(), second_.endpoint(), third.endpoint()});
  first_->deliver(1, 1, {"a"});
  seen_.wait(1);
  second_begins_at(3);
  third.change([](FakeBroker::Script& script) { script.stream_next = 3; });
  drain(*first_);
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  first_->deliver(1, 2, {"b"});
  ASSERT_TRUE(first_->wait_for(Frame::kBye));
  drain(second_);
  ASSERT_TRUE(third.wait_for(Frame::kSubscribe));
  third.deliver(1, 3, {"c"});
  EXPECT_THAT(seen_.wait(3), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(second_.wait_for(Frame::kBye));
}

TEST_F(Drain, GrantsTheNewBrokerCreditForWhatIsConsumed) {
  connect({first_->endpoint(), second_.endpoint()}, {.credit_bytes = 4096});
  first_->deliver(1, 1, {std::string(3000, 'a')});
  seen_.wait(1);
  second_begins_at(2);
  drain(*first_);
  ASSERT_TRUE(first_->wait_for(Frame::kBye));
  for (std::uint64_t number = 2; number < 12; ++number) {
    second_.deliver(1, number, {std::string(3000, 'b')});
    ASSERT_EQ(seen_.wait(number).size(), number);
    ASSERT_TRUE(second_.wait_for(Frame::kCredit, number - 1));
  }
  EXPECT_TRUE(subscription_.status().ok());
}

TEST_F(Drain, IsAMoveNotALoss) {
  connect();
  const std::string before = first_->endpoint();
  drain(*first_);
  ASSERT_TRUE(first_->wait_for(Frame::kBye));
  ASSERT_TRUE(client_->ping(10s).ok());
  first_.reset();
  EXPECT_EQ(client_->broker()->endpoint, second_.endpoint());
  client_->close(10s);
  const auto told = events_.values();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].kind, Kind::kConnected);
  EXPECT_EQ(told[1].kind, Kind::kDraining);
  EXPECT_EQ(told[1].broker.endpoint, before);
  EXPECT_THAT(told[1].reason.message(), HasSubstr("upgrade"));
  EXPECT_EQ(told[2].kind, Kind::kConnected);
  EXPECT_EQ(told[2].broker.endpoint, second_.endpoint());
}

TEST_F(Drain, PublishesThroughTheOldBrokerUntilThereIsANewOne) {
  second_.change([](FakeBroker::Script& script) { script.welcomes = false; });
  connect();
  drain(*first_);
  ASSERT_TRUE(second_.wait_for(Frame::kHello));
  client_->publisher("p").publish("meanwhile");
  EXPECT_TRUE(client_->flush(10s).ok());
  EXPECT_THAT(first_->published("p"), ElementsAre("meanwhile"));
}

TEST_F(Drain, PublishesThroughTheNewBrokerOnceTheOldOneOwesNothing) {
  first_->change([](FakeBroker::Script& script) { script.acknowledges_publish = false; });
  connect();
  client_->publisher("p").publish("before");
  ASSERT_TRUE(first_->wait_for(Frame::kPublish));
  drain(*first_);
  ASSERT_EQ(events_.wait(3).size(), 3u) << "there is another broker";
  client_->publisher("p").publish("after");
  first_->acknowledge(first_->arrived(Frame::kPublish)[0].frame.publish());
  EXPECT_TRUE(client_->flush(10s).ok());
  EXPECT_THAT(first_->published("p"), ElementsAre("before"));
  EXPECT_THAT(second_.published("p"), ElementsAre("after"));
}

TEST_F(Drain, PublishesAgainWhatTheOldBrokerNoLongerAcknowledges) {
  first_->change([](FakeBroker::Script& script) { script.acknowledges_publish = false; });
  connect();
  client_->publisher("p").publish("x");
  ASSERT_TRUE(first_->wait_for(Frame::kPublish));
  drain(*first_);
  EXPECT_TRUE(client_->flush(10s).ok());
  EXPECT_THAT(second_.published("p"), ElementsAre("x"));
}

TEST_F(Drain, LeavesTheOnlyBrokerThereIsWhenEverythingIsAcknowledged) {
  first_->change([](FakeBroker::Script& script) { script.acknowledges_publish = false; });
  connect({first_->endpoint()});
  client_->publisher("p").publish("before");
  ASSERT_TRUE(first_->wait_for(Frame::kPublish));
  drain(*first_);
  ASSERT_EQ(events_.wait(2).back().kind, Kind::kDraining);
  EXPECT_THAT(first_->arrived(Frame::kBye), IsEmpty());
  first_->acknowledge(first_->arrived(Frame::kPublish)[0].frame.publish());
  EXPECT_TRUE(first_->wait_for(Frame::kBye));
  EXPECT_EQ(events_.wait(3)[2].kind, Kind::kDisconnected);
}

}  // namespace
}  // namespace phyllo::test
