// The reactor without threads of its own: each test is the one that serves.

#include "sdk/src/reactor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "phyllo/client.h"
#include "tests/sdk/fake_broker.h"

namespace phyllo::internal {
namespace {

using namespace std::chrono_literals;
using test::FakeBroker;
using Frame = v1::ClientFrame;

class ReactorTest : public testing::Test {
 protected:
  void connect(FakeBroker::Script script = {}) {
    broker_.emplace(script);
    connect_to({broker_->endpoint()});
  }
  void connect_to(std::vector<std::string> brokers) {
    const auto choice = brokers.size() > 1 ? Session::Brokers::kSeveral : Session::Brokers::kOne;
    Session session({"test", 10'000ms, choice},
                    {outbox_, events_, state_, std::make_shared<Counters>()});
    Connector connector(std::move(brokers), BrokerOrder::kListed, {.jitter = 0}, 1);
    reactor_ = std::make_shared<Reactor>(std::move(session), std::move(connector),
                                         Link::Limits{64 << 20, 10'000ms}, mailbox_, waker_);
    ASSERT_TRUE(serve_until([&] { return state_->status().ok(); }));
  }
  void TearDown() override {
    if (!reactor_) return;
    outbox_->close();
    mailbox_->post(Shut{});
    std::atomic<bool> over{false};
    const std::jthread joining([&] {
      reactor_->join();
      over = true;
      waker_->wake();
    });
    while (!over) reactor_->serve();
  }

  /// False: not within ten seconds.
  bool serve_until(const std::function<bool()>& done) {
    const Instant deadline = Clock::now() + 10s;
    const std::jthread watchdog([&](const std::stop_token& stop) {
      std::mutex mutex;
      std::condition_variable_any never;
      std::unique_lock lock(mutex);
      never.wait_until(lock, stop, deadline, [] { return false; });
      if (!stop.stop_requested()) waker_->wake();
    });
    while (Clock::now() < deadline) {
      if (done()) return true;
      reactor_->serve();
    }
    return false;
  }

  std::shared_ptr<Feed> subscribe() {
    Feed::Setup setup;
    setup.id = 1;
    setup.topic = "t";
    auto feed = std::make_shared<Feed>(std::move(setup), mailbox_, dispatcher_, events_);
    mailbox_->post(Join{feed});
    EXPECT_TRUE(serve_until([&] { return feed->status().ok(); }));
    return feed;
  }

  /// Until the message has arrived: one thread of ZeroMQ's serves the other client as well, later.
  void deliver_and_wait(std::uint64_t number) {
    broker_->deliver(1, number, {"x"});
    Client other({broker_->endpoint()});
    EXPECT_TRUE(other.wait_connected(10s).ok());
  }

  /// Since the last call. Who reads the descriptor takes the news from those that wait for it.
  std::uint64_t wakes_since() const {
    std::uint64_t wakes = 0;
    const bool any = ::read(waker_->wake_fd(), &wakes, sizeof wakes) > 0;
    waker_->woken();
    return any ? wakes : 0;
  }

  ClientStats stats() const {
    ClientStats stats;
    outbox_->count(stats);
    return stats;
  }

  std::optional<FakeBroker> broker_;
  const std::shared_ptr<Waker> waker_ = std::make_shared<Waker>();
  const std::shared_ptr<Outbox> outbox_ =
      std::make_shared<Outbox>(Outbox::Limits{64 << 20, 8 << 20}, 1, waker_);
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>(waker_);
  const std::shared_ptr<Dispatcher> dispatcher_ = std::make_shared<Dispatcher>(waker_);
  const std::shared_ptr<Events> events_ = std::make_shared<Events>(ClientOptions(), dispatcher_);
  const std::shared_ptr<ConnectionState> state_ = std::make_shared<ConnectionState>();
  std::shared_ptr<Reactor> reactor_;
};

TEST_F(ReactorTest, SendsWhatIsPublishedAndTakesTheAnswer) {
  connect();
  const auto channel = *outbox_->channel("t");
  ASSERT_TRUE(outbox_->publish(*channel, "x", 0ms).ok());
  EXPECT_TRUE(serve_until([&] { return outbox_->acknowledged(*channel) == 1; }));
  EXPECT_EQ(broker_->published("t"), std::vector<std::string>{"x"});
}

TEST_F(ReactorTest, SendsWhatWasCollectedWhenItsTimeHasCome) {
  connect({.acknowledges_publish = false});
  const auto channel = *outbox_->channel("t");
  for (const std::uint64_t batches : {1, 2, 3}) {
    // Nothing comes from the broker: after the first batch only the time brings one on its way.
    ASSERT_TRUE(outbox_->publish(*channel, "x", 0ms).ok());
    ASSERT_TRUE(serve_until([&] { return stats().batches_sent == batches; }));
  }
  EXPECT_TRUE(broker_->wait_for(Frame::kPublish, 3));
}

TEST_F(ReactorTest, ReceivesLittleInOneTurnSoThatSomebodyCanHandleIt) {
  constexpr std::size_t kMessage = 40'000;
  constexpr std::uint64_t kMessages = 10;
  connect();
  const auto feed = subscribe();
  std::uint64_t waiting = 0;
  std::uint64_t most = 0;
  for (std::uint64_t first = 1; first <= 20 * kMessages; first += kMessages) {
    for (std::uint64_t i = 0; i < kMessages; ++i) {
      broker_->deliver(1, first + i, {std::string(kMessage, 'x')});
    }
    ASSERT_TRUE(serve_until([&] {
      most = std::max(most, feed->stats().waiting - waiting);
      waiting = feed->stats().waiting;
      return waiting >= kMessages * kMessage;
    }));
    while (feed->stats().messages < first + kMessages - 1) ASSERT_TRUE(feed->next(10s));
    waiting = feed->stats().waiting;
  }
  EXPECT_GE(most, kMessage);
  EXPECT_LE(most, 64 * 1024 + kMessage + 1000);
}

TEST_F(ReactorTest, ReceivesWhatASendTookTheSignalOf) {
  connect({.acknowledges_publish = false, .answers_pings = false});
  const auto feed = subscribe();
  const auto channel = *outbox_->channel("u");
  // In the middle of a turn, before it sends.
  const auto meanwhile = [&](const Reply&) {
    deliver_and_wait(1);
    outbox_->publish(*channel, "x", 0ms);
  };
  mailbox_->post(Ask{PingQuestion(), Clock::now(), meanwhile});
  EXPECT_TRUE(serve_until([&] { return feed->stats().waiting > 0; }));
  EXPECT_EQ(stats().batches_sent, 1u);
}

TEST_F(ReactorTest, SendsAMessageOnItsOwnFromTheThreadThatPublishes) {
  connect();
  outbox_->send_through(reactor_);
  const auto channel = *outbox_->channel("t");
  for (const std::uint64_t number : {1, 2, 3}) {
    ASSERT_TRUE(outbox_->publish(*channel, "x", 0ms).ok());
    EXPECT_TRUE(broker_->wait_for(Frame::kPublish, number)) << "though nobody serves";
    ASSERT_TRUE(serve_until([&] { return outbox_->acknowledged(*channel) == number; }));
  }
}

TEST_F(ReactorTest, ReceivesWhatAPublishingThreadTookTheSignalOf) {
  connect({.acknowledges_publish = false});
  outbox_->send_through(reactor_);
  const auto feed = subscribe();
  const auto channel = *outbox_->channel("u");
  deliver_and_wait(1);
  wakes_since();
  ASSERT_TRUE(outbox_->publish(*channel, "x", 0ms).ok());
  EXPECT_EQ(stats().batches_sent, 1u);
  EXPECT_EQ(wakes_since(), 1u) << "this thread does not receive it itself";
  EXPECT_TRUE(serve_until([&] { return feed->stats().waiting > 0; }));
}

TEST_F(ReactorTest, HearsOneBrokerWhileAnotherFloods) {
  constexpr std::uint64_t kMessages = 60;
  constexpr std::size_t kMessage = 40'000;
  FakeBroker next;
  broker_.emplace();
  connect_to({broker_->endpoint(), next.endpoint()});
  const auto feed = subscribe();
  v1::BrokerFrame drain;
  drain.mutable_drain()->set_reason("test");
  broker_->send(drain);
  for (std::uint64_t number = 1; number < kMessages; ++number) {
    broker_->deliver(1, number, {std::string(kMessage, 'x')});
  }
  deliver_and_wait(kMessages);
  for (int turn = 0; turn < 5; ++turn) reactor_->serve();
  ASSERT_TRUE(next.wait_for(Frame::kHello));
  Client other({next.endpoint()});
  ASSERT_TRUE(other.wait_connected(10s).ok());
  ASSERT_EQ(state_->broker()->endpoint, broker_->endpoint());
  reactor_->serve();
  EXPECT_EQ(state_->broker()->endpoint, next.endpoint());
  EXPECT_LT(feed->stats().waiting, kMessages * kMessage) << "the flood is over";
}

TEST_F(ReactorTest, APublishingThreadWaitsForNobody) {
  connect();
  outbox_->send_through(reactor_);
  const auto channel = *outbox_->channel("u");
  const auto meanwhile = [&](const Reply&) {
    std::jthread([&] { outbox_->publish(*channel, "x", 0ms); }).join();
    EXPECT_EQ(stats().batches_sent, 0u) << "this thread is at it";
  };
  mailbox_->post(Ask{PingQuestion(), Clock::now(), meanwhile});
  EXPECT_TRUE(serve_until([&] { return outbox_->acknowledged(*channel) == 1; }));
}

}  // namespace
}  // namespace phyllo::internal
