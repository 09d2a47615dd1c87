// Six real brokers, twenty programs, one publisher under way all the time, and a fault: every
// program must receive again, nothing twice, in order, and no loss without a gap notice.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <phyllo/client.h>

#include "tests/integration/witness.h"
#include "tests/support/processes/phyllod_cluster.h"

namespace phyllo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kTopic = "faults/numbers";
constexpr std::size_t kWitnesses = 20;
/// So few that the tree of six brokers has forwarders between its root and its leaves.
constexpr const char* kDeepTrees = "multicast: {children_limit: 2}\n";
/// The lan profile is to recover within 3 s; the run prints what it took, a test waits for longer.
constexpr auto kPatience = seconds(30);

/// Publishes its own numbers as text, some hundred a second, until it is told to stop.
class NumberSource {
 public:
  NumberSource(std::vector<std::string> brokers)
      : client_(std::move(brokers)),
        publisher_(client_.publisher(kTopic)),
        thread_([this] { run(); }) {}
  ~NumberSource() { stop(); }

  std::uint64_t published() const { return published_; }
  /// The number of the last message; everything is with the root when this returns true.
  bool stop() {
    running_ = false;
    if (thread_.joinable()) thread_.join();
    return publisher_.flush(kPatience).ok();
  }

 private:
  void run() {
    while (running_) {
      const std::uint64_t next = published_ + 1;
      if (publisher_.publish(std::to_string(next), milliseconds(100)).ok()) published_ = next;
      std::this_thread::sleep_for(milliseconds(4));  // the rate of the source, not a wait
    }
  }

  Client client_;
  Publisher publisher_;
  std::atomic<std::uint64_t> published_{0};
  std::atomic<bool> running_{true};
  std::thread thread_;
};

class Fault : public ::testing::Test {
 protected:
  Fault() : cluster_(kDeepTrees) {}

  void SetUp() override {
    ASSERT_TRUE(cluster_.start({"eu", "eu", "us", "us", "ap", "ap"}));
    const std::vector<std::string> brokers = cluster_.client_endpoints();
    for (std::size_t i = 0; i < kWitnesses; ++i) {
      witnesses_.push_back(
          std::make_unique<Witness>("witness " + std::to_string(i), from(brokers, i), kTopic));
      ASSERT_TRUE(witnesses_.back()->live()) << i;
    }
    source_ = std::make_unique<NumberSource>(from(brokers, 1));
    ASSERT_TRUE(all_receive_again());
  }

  void TearDown() override {
    if (source_) judge();
  }

  /// Ends the traffic, and returns how many messages were reported as lost, over all programs.
  std::uint64_t judge() {
    EXPECT_TRUE(source_->stop());
    const std::uint64_t last = source_->published();
    // The very last messages may be in a hole that only a later one would show.
    EXPECT_TRUE(all([&](const Witness& w) { return w.last() == last; })) << "last is " << last;
    std::uint64_t lost = 0;
    std::uint64_t overreported = 0;
    for (const auto& witness : witnesses_) {
      for (const std::string& complaint : witness->complaints()) ADD_FAILURE() << complaint;
      lost += witness->reported();
      overreported += witness->overreported();
    }
    std::cout << "published " << last << ", reported as lost by " << kWitnesses
              << " programs: " << lost << " (" << overreported << " of them not lost)\n";
    source_.reset();
    return lost;
  }

  static std::vector<std::string> from(std::vector<std::string> brokers, std::size_t first) {
    std::rotate(brokers.begin(),
                brokers.begin() + static_cast<std::ptrdiff_t>(first % brokers.size()),
                brokers.end());
    return brokers;
  }

  bool all(const std::function<bool(const Witness&)>& holds) {
    return eventually(
        [&] {
          return std::all_of(witnesses_.begin(), witnesses_.end(),
                             [&](const auto& witness) { return holds(*witness); });
        },
        kPatience);
  }

  /// Whether everybody receives something that was published after now; says how long it took.
  bool all_receive_again() {
    const auto begin = std::chrono::steady_clock::now();
    const std::uint64_t now = source_->published();
    const bool again = all([&](const Witness& witness) { return witness.last() > now; });
    const auto took = std::chrono::steady_clock::now() - begin;
    std::cout << "all " << kWitnesses << " programs receive "
              << (again ? "again after " : "NOT after ")
              << std::chrono::duration_cast<milliseconds>(took).count() << " ms\n";
    return again;
  }

  /// A broker of the topic's tree for which `wanted` holds, once there is one.
  ClusterBroker* in_tree(const std::function<bool(const TreeNode&)>& wanted) {
    Client client(cluster_.client_endpoints());
    ClusterBroker* found = nullptr;
    eventually(
        [&] {
          const auto tree = client.tree(kTopic, seconds(3));
          if (!tree.ok()) return false;
          for (const TreeNode& node : tree->nodes) {
            if (wanted(node)) found = cluster_.find(node.node_id);
          }
          return found != nullptr;
        },
        kPatience);
    return found;
  }

  ClusterBroker* root() {
    return in_tree([](const TreeNode& node) { return node.root; });
  }
  ClusterBroker* forwarder() {
    return in_tree([](const TreeNode& node) { return !node.root && !node.children.empty(); });
  }

  PhyllodCluster cluster_;
  std::vector<std::unique_ptr<Witness>> witnesses_;
  std::unique_ptr<NumberSource> source_;
};

TEST_F(Fault, ForwarderIsKilled) {
  ClusterBroker* const victim = forwarder();
  ASSERT_NE(victim, nullptr);
  victim->crash();
  EXPECT_TRUE(all_receive_again());
}

TEST_F(Fault, RootIsKilled) {
  ClusterBroker* const victim = root();
  ASSERT_NE(victim, nullptr);
  victim->crash();
  EXPECT_TRUE(all_receive_again());
}

TEST_F(Fault, BrokerOfProgramsIsKilled) {
  ClusterBroker* const victim = cluster_.find(witnesses_[0]->broker());
  ASSERT_NE(victim, nullptr);
  const std::string before = witnesses_[0]->broker();
  victim->crash();
  EXPECT_TRUE(all_receive_again());
  EXPECT_NE(witnesses_[0]->broker(), before);
}

TEST_F(Fault, ForwarderStandsStillAndGoesOn) {
  ClusterBroker* const victim = forwarder();
  ASSERT_NE(victim, nullptr);
  victim->freeze();
  EXPECT_TRUE(all_receive_again());
  victim->thaw();
  EXPECT_TRUE(all_receive_again());
  EXPECT_TRUE(victim->wait_ready());
}

TEST_F(Fault, RootStandsStillAndGoesOn) {
  ClusterBroker* const victim = root();
  ASSERT_NE(victim, nullptr);
  victim->freeze();
  EXPECT_TRUE(all_receive_again());
  victim->thaw();
  EXPECT_TRUE(all_receive_again());
  EXPECT_TRUE(victim->wait_ready());
  EXPECT_EQ(root(), victim) << "it is the one again";
  EXPECT_TRUE(all_receive_again());
}

TEST_F(Fault, BrokerComesBackWithItsId) {
  ClusterBroker* const victim = root();
  ASSERT_NE(victim, nullptr);
  const std::string node = victim->ports().node;
  victim->crash();
  EXPECT_TRUE(all_receive_again());
  ASSERT_TRUE(cluster_.restart(*victim));
  EXPECT_TRUE(victim->wait_ready());
  EXPECT_EQ(in_tree([](const TreeNode& n) { return n.root; })->ports().node, node);
  EXPECT_TRUE(all_receive_again());
}

TEST_F(Fault, AllBrokersAreRestartedOneAfterTheOther) {
  for (std::size_t i = 0; i < cluster_.size(); ++i) {
    const auto end = cluster_[i].drain();
    ASSERT_TRUE(end) << i;
    EXPECT_EQ(end->status, 0) << i;
    EXPECT_TRUE(all_receive_again());
    ASSERT_TRUE(cluster_.restart(cluster_[i])) << i;
    ASSERT_TRUE(cluster_[i].wait_ready()) << i;
    EXPECT_TRUE(all_receive_again());
  }
  EXPECT_EQ(judge(), 0u) << "who stops in order lets go only what others hold";
}

}  // namespace
}  // namespace phyllo::test
