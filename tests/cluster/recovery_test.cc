// How long subscribers hear nothing: six brokers in three regions, twenty programs, and a broker
// that dies, hangs or comes back under traffic.

#include <algorithm>
#include <string>

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBrokers = 6;
constexpr std::size_t kPrograms = 20;
constexpr Duration kInterval = 10ms;  // of the publisher
/// What is promised of the LAN profile, from the fault on.
constexpr Duration kRecovery = 3s;
/// An SDK gives a broker up that let three of its heartbeats pass.
constexpr Duration kClientSilence = 3 * broker::ClientLimits{}.heartbeat;

class Recovery : public ClusterTest, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  Recovery() : ClusterTest(GetParam(), forking_config()) {}

  static broker::BrokerConfig forking_config() {
    auto config = lan_config();
    config.multicast.children_limit = 2;  // or all five would be children of the root
    return config;
  }
  void SetUp() override {
    for (std::size_t i = 0; i < kBrokers; ++i) {
      const StationId next = cluster_.add("region " + std::to_string(i % 3));
      cluster_.start(next, i == 0 ? std::vector<StationId>{} : std::vector<StationId>{0});
      ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, kLong));
    }
    for (std::size_t i = 0; i < kPrograms; ++i) {
      programs_.push_back(&cluster_.program(static_cast<StationId>(i % kBrokers)));
    }
    publisher_ = programs_[cluster_.random().below(kPrograms)];
    subscribe_all(programs_, "t");
    ASSERT_TRUE(cluster_.run_until([&] { return settled(); }, kLong)) << what_is_left();
    keep_publishing();
    ASSERT_TRUE(cluster_.run_until([&] { return all_hear_since(0); }, 1s));
    cluster_.run_for(500ms);
  }
  void TearDown() override {
    if (HasFailure()) std::cout << "replay with PHYLLO_SEED=" << GetParam() << "\n";
  }

  void keep_publishing() {
    if (!publishing_) return;
    publisher_->publish("t");
    cluster_.after(cluster_.random().around(kInterval, 0.2), [this] { keep_publishing(); });
  }
  std::uint64_t children_of(StationId id) { return cluster_.broker(id).stats().multicast.children; }
  StationId root() { return cluster_.closest_to("t"); }
  /// The broker below the root that most children hang on.
  StationId forwarder() {
    const auto all = cluster_.running();
    return *std::ranges::max_element(
        all, {}, [&](StationId id) { return id == root() ? 0 : children_of(id); });
  }
  bool settled() { return roots() == 1 && children() == kBrokers - 1 && has_forwarder(); }
  bool has_forwarder() { return forwarder() != root() && children_of(forwarder()) > 0; }

  /// Every program has heard a message after the publisher's `number`-th, on the subscription that
  /// it has now.
  bool all_hear_since(multicast::Sequence number) {
    return std::ranges::all_of(programs_, [&](Program* p) { return latest_of(*p) > number; });
  }
  multicast::Sequence latest_of(const Program& program) {
    const Listening* listening = program.listening(1);
    if (listening == nullptr) return 0;
    for (auto it = listening->heard.rbegin(); it != listening->heard.rend(); ++it) {
      const auto* batch = std::get_if<multicast::StreamBatch>(&*it);
      if (batch != nullptr) return batch->batch.publisher_first + batch->batch.count - 1;
    }
    return 0;
  }
  multicast::Sequence published() { return cluster_.ledger().published_messages(); }

  /// To be called at the fault. That they hear something again is not enough: a message that was
  /// just ahead of the fault's consequences would do.
  void expect_recovery(const std::string& from) {
    const Time fault = cluster_.now();
    const auto before = published();
    EXPECT_TRUE(cluster_.run_until([&] { return all_hear_since(before); }, kRecovery))
        << from << ": " << deaf(before);
    cluster_.run_for(fault + kRecovery - 200ms - cluster_.now());
    const auto late = published();
    EXPECT_TRUE(cluster_.run_until([&] { return all_hear_since(late); }, 200ms))
        << from << ", after a while: " << deaf(late);
    cluster_.run_for(fault + kRecovery - cluster_.now());
  }
  std::string deaf(multicast::Sequence number) {
    std::string text = "published " + std::to_string(published()) + ", not heard since " +
                       std::to_string(number) + ":";
    for (Program* program : programs_) {
      if (latest_of(*program) > number) continue;
      text += "\n" + program->name() + " at #" + std::to_string(program->broker()) + " heard " +
              std::to_string(latest_of(*program)) + (program->connected() ? "" : ", unconnected") +
              (program->all_live() ? "" : ", not live");
    }
    return text + "\n" + what_is_left();
  }
  void freeze(StationId broker) {
    cluster_.pause(broker);
    cluster_.after(kClientSilence, [this, broker] { cluster_.abandon(broker); });
  }
  void kill(StationId broker) { cluster_.kill(broker, Death::kReported); }
  void restart(StationId broker) { cluster_.start(broker, {cluster_.pick(cluster_.active())}); }
  void expect_clean_end() {
    publishing_ = false;
    cluster_.run_for(100ms);
    publisher_->publish("t");  // what was lost before it is seen by it
    expect_nothing_lost_silently();
    EXPECT_TRUE(cluster_.run_until([&] { return roots() == 1; }, kLong)) << roots() << " roots";
    const auto gaps = cluster_.ledger().gap_messages();
    const auto delivered = cluster_.ledger().delivered_messages();
    publisher_->publish("t");
    cluster_.run_for(2s);
    EXPECT_EQ(cluster_.ledger().gap_messages(), gaps);
    EXPECT_EQ(cluster_.ledger().delivered_messages(), delivered + kPrograms);
  }

  Programs programs_;
  Program* publisher_ = nullptr;
  bool publishing_ = true;
};

TEST_P(Recovery, AForwarderIsKilled) {
  kill(forwarder());
  expect_recovery("the kill");
  expect_clean_end();
}

TEST_P(Recovery, TheRootIsKilled) {
  kill(root());
  expect_recovery("the kill");
  expect_clean_end();
}

TEST_P(Recovery, ThePublishersBrokerIsKilled) {
  kill(publisher_->broker());
  expect_recovery("the kill");
  expect_clean_end();
}

TEST_P(Recovery, AForwarderHangsAndWakes) {
  const StationId victim = forwarder();
  freeze(victim);
  expect_recovery("the stop");
  cluster_.run_for(1s);
  cluster_.resume(victim);
  expect_recovery("the waking");
  expect_clean_end();
}

/// What is published meanwhile waits for the next root, which waits for its tree; and the old one
/// numbers nothing before it has the tree again.
TEST_P(Recovery, TheRootHangsAndWakes) {
  const StationId victim = root();
  freeze(victim);
  expect_recovery("the stop");
  cluster_.run_for(1s);
  cluster_.resume(victim);
  expect_recovery("the waking");
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u) << cluster_.ledger().stories();
  expect_clean_end();
}

TEST_P(Recovery, AForwarderReturnsWithItsId) {
  const StationId victim = forwarder();
  kill(victim);
  cluster_.after(300ms, [this, victim] { restart(victim); });
  expect_recovery("the kill");
  EXPECT_TRUE(cluster_.all_active());
  expect_clean_end();
}

TEST_P(Recovery, TheRootReturnsWithItsId) {
  const StationId victim = root();
  kill(victim);
  expect_recovery("the kill");
  restart(victim);
  expect_recovery("the return");
  EXPECT_TRUE(cluster_.all_active());
  EXPECT_EQ(root(), victim);
  expect_clean_end();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Recovery, ::testing::ValuesIn(seeds(1, 20)));

}  // namespace
}  // namespace phyllo::testing
