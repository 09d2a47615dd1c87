// Random histories: brokers and programs come and go by dice, and whatever happens, nothing is lost
// in silence, nothing comes twice, order holds, and the trees are whole again afterwards.

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "sim/network/message_text.h"
#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

class RandomHistory : public ClusterTest, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  /// Clear: whoever ends, ends so that its peers are told. Foul: brokers also fall silent, for a
  /// while or for ever.
  enum class Weather { kClear, kFoul };

  RandomHistory() : ClusterTest(GetParam()) {}

  std::string any_topic() { return "topic/" + std::to_string(dice(3)); }
  Program& any_program() { return *cluster_.programs()[dice(cluster_.programs().size())]; }
  std::uint64_t dice(std::uint64_t sides) { return cluster_.random().below(sides); }

  void begin() {
    ASSERT_TRUE(cluster_.grow(8 + dice(8)));
    for (std::uint64_t i = 0, count = 4 + dice(6); i < count; ++i) {
      cluster_.program(cluster_.pick(cluster_.active()));
    }
    cluster_.run_for(100ms);
  }
  void note(const std::string& what, StationId broker) {
    char line[120];
    std::snprintf(line, sizeof line, "%9.3f  %s #%u %s\n",
                  static_cast<double>(cluster_.now().time_since_epoch().count()) / 1e9,
                  what.c_str(), broker, cluster_.id(broker).short_hex().c_str());
    history_ += line;
  }
  void one_step(Weather weather) {
    switch (dice(weather == Weather::kFoul ? 12 : 11)) {
      case 0:
        if (cluster_.running().size() < 24) start(cluster_.add());
        break;
      case 1:
      case 2:
        if (cluster_.active().size() > 5) end(cluster_.pick(cluster_.active()), weather);
        break;
      case 3:
        revive_somebody();
        break;
      case 4:
      case 5: {
        Program& program = any_program();
        if (program.subscriptions() == 4) break;
        const std::string topic = any_topic();
        note(program.name() + " subscribes to " + topic + " at", program.broker());
        program.subscribe(topic);
        break;
      }
      case 6:
        any_program().unsubscribe_oldest();
        break;
      case 7:
        break_connections(any_program().broker());
        break;
      case 11:
        pause_somebody();
        break;
      default:
        publish(any_program(), any_topic());
        break;
    }
  }
  void start(StationId broker) {
    note("start", broker);
    seeds_of_[broker] = seeds_to_join();
    cluster_.start(broker, seeds_of_[broker]);
  }
  void end(StationId broker, Weather weather) {
    switch (dice(weather == Weather::kFoul ? 4 : 3)) {
      case 0:
        note("kill", broker);
        return cluster_.kill(broker, Death::kReported);
      case 3:
        note("kill silently", broker);
        return cluster_.kill(broker, Death::kSilent);
      default:
        note("drain", broker);
        return cluster_.drain(broker);
    }
  }
  void break_connections(StationId broker) {
    note("break the connections of", broker);
    cluster_.break_connections(broker);
  }
  void publish(Program& program, const std::string& topic) {
    note(program.name() + " publishes on " + topic + " at", program.broker());
    traffic({&program}, topic, 300ms, 10ms);
  }
  std::vector<StationId> seeds_to_join() {
    const auto inside = cluster_.active();
    return {cluster_.pick(inside), cluster_.pick(inside)};
  }
  void revive_somebody() {
    std::vector<StationId> dead;
    for (StationId id = 0; id < cluster_.size(); ++id) {
      if (!cluster_.running(id)) dead.push_back(id);
    }
    if (!dead.empty()) start(cluster_.pick(dead));
  }
  void pause_somebody() {
    const auto awake = cluster_.active();
    if (awake.size() <= 5) return;
    const StationId id = cluster_.pick(awake);
    note("pause", id);
    cluster_.pause(id);
    cluster_.after(Duration(dice(3'000'000'000)), [this, id] {
      note("resume", id);
      cluster_.resume(id);
    });
  }
  /// Who was told only of brokers that are gone by now can never join: as an operator would, start
  /// it again with others.
  void rescue_the_stranded() {
    for (const StationId id : cluster_.running()) {
      const auto gone = [&](StationId seed) { return !cluster_.running(seed); };
      if (std::ranges::count(cluster_.active(), id) > 0) continue;
      if (!seeds_of_.contains(id) || !std::ranges::all_of(seeds_of_[id], gone)) continue;
      cluster_.kill(id, Death::kReported);
      start(id);
    }
  }
  void expect_whole() {
    rescue_the_stranded();
    EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, kLong)) << states();
    EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
    // What was lost of a publisher is seen at its next message.
    for (const auto& program : cluster_.programs()) {
      for (const std::string& topic : program->published_topics()) program->publish(topic);
    }
    expect_nothing_lost_silently();
    EXPECT_TRUE(cluster_.run_until([&] { return roots() == subscribed_topics(); }, kLong))
        << roots() << " roots of " << subscribed_topics() << " topics";
  }
  void live_through(Weather weather) {
    begin();
    for (int step = 0; step < 25; ++step) {
      one_step(weather);
      cluster_.run_for(Duration(dice(500'000'000)));
    }
    cluster_.run_for(3s);
    expect_whole();
    expect_nothing_left();
    if (HasFailure()) std::cout << "replay with PHYLLO_SEED=" << GetParam() << "\n" << history_;
  }
  std::string states() {
    std::string text;
    for (const StationId id : cluster_.running()) {
      text += describe(cluster_.broker(id).node()) + "\n";
    }
    return text;
  }
  std::size_t subscribed_topics() {
    std::set<std::string> topics;
    for (const auto& program : cluster_.programs()) topics.merge(program->topics());
    return topics.size();
  }

  std::string history_;
  std::map<StationId, std::vector<StationId>> seeds_of_;
};

TEST_P(RandomHistory, LosesNothingInSilence) { live_through(Weather::kClear); }

TEST_P(RandomHistory, LosesNothingInSilenceWhenBrokersFallSilent) { live_through(Weather::kFoul); }

// Trees of roots that had left were kept for ever.
INSTANTIATE_TEST_SUITE_P(OnceBroken, RandomHistory, ::testing::Values(125, 176, 250, 798));
INSTANTIATE_TEST_SUITE_P(Seeds, RandomHistory, ::testing::ValuesIn(seeds(1, 100)));
// Each lost the first messages of a publisher in silence once: an heir took them, and was gone
// again before the subscriber's broker had found it; or an heir stayed root for too long.
INSTANTIATE_TEST_SUITE_P(Strangers, RandomHistory, ::testing::Values(64, 248, 326, 775));
// Each showed a loss in silence once: two lives of a root with one incarnation.
INSTANTIATE_TEST_SUITE_P(TwoLives, RandomHistory, ::testing::Values(552, 601));

}  // namespace
}  // namespace phyllo::testing
