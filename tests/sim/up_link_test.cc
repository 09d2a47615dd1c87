#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "sim/network/network.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using Sent = Network::Sent;

overlay::Contact contact(int number) {
  const auto endpoint =
      overlay::Endpoint::parse("tcp://10.0.0." + std::to_string(number) + ":7400").value();
  return {overlay::NodeId(static_cast<overlay::Uint128>(number)), 0, {"", endpoint, endpoint}};
}

/// Notes when what arrives.
class Listener final : public Host {
 public:
  explicit Listener(int number) : self_(contact(number)) {}
  const overlay::Contact& self() const override { return self_; }
  void receive(Time now, const overlay::Contact&, overlay::Wire) override {
    arrivals.push_back(now.time_since_epoch());
  }
  void disconnected(Time, overlay::NodeId) override {}
  void dialed(Time, const overlay::Endpoint&, const overlay::Contact&) override {}
  void dial_failed(Time, const overlay::Endpoint&) override {}
  void tick(Time) override {}
  Time next_tick() const override { return kNever; }

  std::vector<Duration> arrivals;

 private:
  overlay::Contact self_;
};

/// Three machines, each 10 ms from the others and from itself.
class UpLinks : public ::testing::Test {
 protected:
  UpLinks() : network_(queue_, 1, Plain{.base = 10ms, .across = 0ms}) {
    network_.set_weather({.jitter = 0});
    for (int number = 0; number < 3; ++number) {
      hosts_.push_back(std::make_unique<Listener>(number));
      network_.boot(network_.add_station(), *hosts_.back());
    }
  }
  Sent send(StationId to, std::size_t bytes) {
    return network_.send(0, hosts_[to]->self(), {std::string(bytes, 'x'), {}});
  }
  void finish() { queue_.run_until(queue_.now() + 10s); }

  EventQueue queue_;
  Network network_;
  std::vector<std::unique_ptr<Listener>> hosts_;
};

TEST_F(UpLinks, WithoutALimitMessagesTakeOnlyTheLatency) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send(1, 1'000'000), Sent::kOnItsWay);
  finish();
  EXPECT_EQ(hosts_[1]->arrivals, (std::vector<Duration>{10ms, 10ms, 10ms}));
}

TEST_F(UpLinks, MessagesQueueForTheirSendersLineWhoeverTheyAreFor) {
  network_.set_up_link({.bytes_per_second = 1'000'000});
  send(1, 1000);
  send(2, 2000);
  send(1, 1000);
  finish();
  EXPECT_EQ(hosts_[1]->arrivals, (std::vector<Duration>{11ms, 14ms}));
  EXPECT_EQ(hosts_[2]->arrivals, (std::vector<Duration>{13ms}));
}

TEST_F(UpLinks, AMessageWithoutRoomIsGivenBackAndCounted) {
  network_.set_up_link(0, {.bytes_per_second = 1'000'000, .queue_bytes = 2500});
  EXPECT_EQ(send(1, 1000), Sent::kOnItsWay);
  EXPECT_EQ(send(1, 1000), Sent::kOnItsWay);
  overlay::Wire refused{std::string(1000, 'x'), {}};
  EXPECT_EQ(network_.send(0, hosts_[1]->self(), std::move(refused)), Sent::kFull);
  EXPECT_EQ(refused.size(), 1000u);
  EXPECT_EQ(network_.refused_by_up_links(), 1u);
  queue_.run_until(queue_.now() + 1ms);  // the first one has left
  EXPECT_EQ(send(1, 1000), Sent::kOnItsWay);
  finish();
  EXPECT_EQ(hosts_[1]->arrivals.size(), 3u);
}

}  // namespace
}  // namespace phyllo::sim
