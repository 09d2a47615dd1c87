#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "phyllo/client.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Frame = v1::ClientFrame;

TEST(InsideACallback, EveryCallWorks) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  std::promise<std::vector<bool>> results;
  auto sub = client.subscribe("t", [&](const Message&) {
    std::vector<bool> ok;
    Publisher publisher = client.publisher("u");
    ok.push_back(publisher.publish("x").ok());
    ok.push_back(publisher.publish("y", 1s).ok());
    ok.push_back(publisher.flush(10s).ok());
    ok.push_back(client.flush(10s).ok());
    ok.push_back(client.status().ok());
    ok.push_back(client.wait_connected(10s).ok());
    ok.push_back(client.broker().has_value());
    ok.push_back(client.ping(10s).ok());
    ok.push_back(client.stats().connects == 1);
    auto other = client.subscribe("other", [](const Message&) {});
    ok.push_back(other.status().ok());
    auto pull = client.subscribe("pull");
    ok.push_back(!pull.next(1ms).has_value());
    other.unsubscribe();
    results.set_value(ok);
  });
  broker.deliver(1, 1, {"go"});
  const auto ok = results.get_future().get();
  for (std::size_t i = 0; i < ok.size(); ++i) EXPECT_TRUE(ok[i]) << "call " << i;
}

TEST(InsideACallback, ASubscriptionCanEndItself) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  std::atomic<int> calls{0};
  std::unique_ptr<Subscription> sub;
  std::promise<void> made;
  std::promise<void> ended;
  auto subscribed = client.subscribe("t", [&](const Message&) {
    made.get_future().get();
    ++calls;
    sub.reset();
    ended.set_value();
  });
  sub = std::make_unique<Subscription>(std::move(subscribed));
  made.set_value();
  broker.deliver(1, 1, {"a", "b", "c"});
  ended.get_future().get();
  EXPECT_TRUE(broker.wait_for(Frame::kUnsubscribe));
  ASSERT_TRUE(client.ping(10s).ok());
  EXPECT_EQ(calls, 1) << "that callback was the last one";
}

TEST(InsideACallback, TheClientCanBeClosed) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  std::promise<Status> closed;
  std::atomic<int> calls{0};
  auto sub = client.subscribe("t", [&](const Message&) {
    if (++calls == 1) closed.set_value(client.close(10s));
  });
  broker.deliver(1, 1, {"a", "b"});
  EXPECT_TRUE(closed.get_future().get().ok());
  EXPECT_EQ(client.status().code(), StatusCode::kClosed);
  EXPECT_EQ(client.publisher("t").publish("x").code(), StatusCode::kClosed);
  EXPECT_TRUE(client.close(10s).ok());
}

TEST(InsideACallback, TheClientCanBeDestroyed) {
  FakeBroker broker;
  std::promise<void> destroyed;
  auto client = std::make_shared<std::unique_ptr<Client>>();
  *client = std::make_unique<Client>(std::vector{broker.endpoint()});
  auto sub = (*client)->subscribe("t", [&destroyed, client](const Message&) {
    client->reset();
    destroyed.set_value();
  });
  broker.deliver(1, 1, {"a", "b"});
  destroyed.get_future().get();
  EXPECT_EQ(sub.status().code(), StatusCode::kClosed);
}

TEST(InsideACallback, AClientThatOnlyItsHandlerHoldsDoesNotLeak) {
  FakeBroker broker;
  std::weak_ptr<Client> watch;
  {
    auto client = std::make_shared<Client>(std::vector{broker.endpoint()});
    watch = client;
    auto sub = client->subscribe("t", [client](const Message&) {});
    client->close(10s);
  }
  EXPECT_TRUE(watch.expired());
}

TEST(InsideACallback, TheConnectionCallbackMayCallTheClient) {
  FakeBroker broker;
  std::promise<Status> result;
  std::promise<Client*> ready;
  auto pointer = ready.get_future().share();
  Client client({broker.endpoint()}, {.on_connection = [&](const ConnectionEvent& event) {
                  if (event.kind != ConnectionEvent::Kind::kConnected) return;
                  Client& self = *pointer.get();
                  auto sub = self.subscribe("t");
                  result.set_value(sub.status());
                }});
  ready.set_value(&client);
  EXPECT_TRUE(result.get_future().get().ok());
}

TEST(Callbacks, ExceptionsAreCountedToldAndHarmless) {
  FakeBroker broker;
  Texts seen;
  Texts caught;
  Client client({broker.endpoint()}, {.on_exception = [&](std::exception_ptr exception) {
                  try {
                    std::rethrow_exception(exception);
                  } catch (const std::exception& error) {
                    caught.add(error.what());
                  }
                  throw std::logic_error("and the handler throws as well");
                }});
  auto sub = client.subscribe("t",
                              [&](const Message& m) {
                                seen.add(std::string(m.payload()));
                                if (m.payload() == "b") throw std::runtime_error("oh");
                              },
                              {.on_gap = [](const Gap&) { throw std::runtime_error("gap"); }});
  broker.deliver(1, 1, {"a", "b", "c"});
  broker.deliver(1, 5, {"d"});
  EXPECT_THAT(seen.wait(4), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(caught.wait(2), ElementsAre("oh", "gap"));
  EXPECT_EQ(client.stats().callback_exceptions, 4u);
}

TEST(Callbacks, OfOneSubscriptionNeverOverlapAndKeepOrder) {
  FakeBroker broker;
  Client client({broker.endpoint()}, {.callback_threads = 4});
  std::atomic<int> inside{0};
  std::atomic<bool> overlapped{false};
  Texts seen;
  auto sub = client.subscribe("t", [&](const Message& m) {
    if (++inside != 1) overlapped = true;
    seen.add(std::string(m.payload()));
    --inside;
  });
  std::vector<std::string> expected;
  for (std::uint64_t i = 1; i <= 500; ++i) {
    expected.push_back(std::to_string(i));
    broker.deliver(1, i, {expected.back()});
  }
  EXPECT_EQ(seen.wait(500), expected);
  EXPECT_FALSE(overlapped);
}

TEST(Callbacks, ASlowOneStopsOnlyItsOwnCredit) {
  FakeBroker broker;
  Client client({broker.endpoint()}, {.callback_threads = 2});
  std::promise<void> release;
  auto released = release.get_future().share();
  auto slow = client.subscribe("slow", [&](const Message&) { released.wait(); });
  Texts seen;
  auto quick =
      client.subscribe("quick", [&](const Message& m) { seen.add(std::string(m.payload())); },
                       {.credit_bytes = 4096});
  broker.deliver(1, 1, {"x", "y"});
  for (std::uint64_t i = 1; i <= 24; ++i) broker.deliver(2, i, {std::string(100, 'q')});
  EXPECT_EQ(seen.wait(24).size(), 24u);
  EXPECT_TRUE(broker.wait_for(Frame::kCredit));
  for (const auto& one : broker.arrived(Frame::kCredit)) {
    EXPECT_EQ(one.frame.credit().subscription(), 2u);
  }
  EXPECT_TRUE(client.ping(10s).ok()) << "the connection is served";
  release.set_value();
}

TEST(Callbacks, SubscriptionsTakeTurns) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  Texts seen;
  std::promise<void> go;
  auto gate = go.get_future().share();
  auto busy = client.subscribe("busy", [&](const Message&) {
    gate.wait();
    seen.add("busy");
  });
  auto other = client.subscribe("other", [&](const Message&) { seen.add("other"); });
  for (std::uint64_t i = 1; i <= 500; ++i) broker.deliver(1, i, {"x"});
  broker.deliver(2, 1, {"x"});
  while (other.stats().waiting == 0) ASSERT_TRUE(client.ping(10s).ok());
  go.set_value();
  const auto all = seen.wait(501);
  const auto at = std::find(all.begin(), all.end(), "other") - all.begin();
  EXPECT_LT(at, 200) << "the other one did not wait for all of the busy one's";
}

TEST(Callbacks, UnsubscribeWaitsForTheRunningOne) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  std::promise<void> started;
  std::atomic<bool> finished{false};
  auto sub = client.subscribe("t", [&](const Message&) {
    started.set_value();
    std::this_thread::yield();
    finished = true;
  });
  broker.deliver(1, 1, {"x"});
  started.get_future().get();
  sub.unsubscribe();
  EXPECT_TRUE(finished) << "what the callback captured may be destroyed now";
}

}  // namespace
}  // namespace phyllo::test
