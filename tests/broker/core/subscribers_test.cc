// Which programs a broker serves of which topic, whatever comes and goes: one subscription of a
// topic or many, against a plain table.

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/random.h"
#include "tests/broker/core/sessions_fixture.h"
#include "tests/support/seeds.h"

namespace phyllo::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class SubscribersModel {
 public:
  explicit SubscribersModel(std::uint64_t seed) : random_(seed) {
    for (SessionId session = 1; session <= kSessions; ++session) welcome(session);
  }

  void step() {
    const std::uint64_t what = random_.below(12);
    if (what < 5) return subscribe();
    if (what < 8) return unsubscribe();
    if (what == 8) return live();
    if (what == 9) return deliver();
    if (what == 10 && random_.below(4) == 0) return refuse();
    if (what == 11 && random_.below(10) == 0) return leave();
  }

  void expect_counts() {
    const ClientStats stats = sessions_.stats();
    EXPECT_EQ(stats.subscriptions, wanted_.size());
    std::vector<std::string> topics;
    for (const auto& [who, one] : wanted_) topics.push_back(one.topic);
    std::ranges::sort(topics);
    topics.erase(std::ranges::unique(topics).begin(), topics.end());
    EXPECT_EQ(stats.subscribed_topics, topics.size());
  }

 private:
  static constexpr SessionId kSessions = 4;
  using Who = std::pair<SessionId, client::SubscriptionNumber>;
  using Lines = std::vector<std::string>;
  struct Wanted {
    std::string topic;
    bool served = false;
  };

  static ClientLimits limits() {
    ClientLimits limits;
    limits.subscriptions_per_client = 100;
    return limits;
  }
  static multicast::TopicId id(const std::string& topic) {
    return multicast::TopicId::of(*TopicName::parse(topic));
  }
  std::string any_topic() { return "t" + std::to_string(random_.below(6)); }
  Who anyone() {
    return {1 + random_.below(kSessions),
            static_cast<client::SubscriptionNumber>(1 + random_.below(8))};
  }
  std::size_t count(const std::string& topic) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(wanted_, [&](const auto& one) { return one.second.topic == topic; }));
  }
  void welcome(SessionId session) {
    sessions_.connected(now_, session, effects_);
    say(session, client::Hello{client::kVersion, client::kVersion, "test"});
    effects_.clear();
  }
  void say(SessionId session, const client::ClientFrame& frame) {
    sessions_.message(now_, session, client::encode_client_frame(frame), effects_);
  }
  static std::string line(const Who& who, const std::string& what) {
    return std::to_string(who.first) + "/" + std::to_string(who.second) + " " + what;
  }

  /// In what order subscriptions are told is their table's affair; what comes before what of one
  /// subscription is held by other tests.
  Lines heard() {
    Lines lines;
    for (const SessionEffect& effect : std::exchange(effects_, {})) {
      if (const auto* tell = std::get_if<Tell>(&effect)) {
        if (const auto* ack = std::get_if<client::SubscribeAck>(&tell->frame)) {
          lines.push_back(
              line({tell->session, ack->subscription}, ack->error ? "refused" : "live"));
        } else if (const auto* deliver = std::get_if<client::Deliver>(&tell->frame)) {
          lines.push_back(line({tell->session, deliver->subscription}, "served"));
        }
      } else if (const auto* added = std::get_if<SubscriberAdded>(&effect)) {
        lines.push_back(added->topic.text() + " has " + std::to_string(added->count));
      } else if (const auto* removed = std::get_if<SubscriberRemoved>(&effect)) {
        lines.push_back(removed->topic.hex() + " left " + std::to_string(removed->left));
      }
    }
    return lines;
  }

  void subscribe() {
    const Who who = anyone();
    const std::string topic = any_topic();
    say(who.first, client::Subscribe{who.second, topic, std::nullopt, 1'000'000, 0});
    if (!wanted_.try_emplace(who, Wanted{topic}).second) {
      EXPECT_THAT(heard(), ElementsAre(line(who, "refused")));
      return;
    }
    EXPECT_THAT(heard(), ElementsAre(topic + " has " + std::to_string(count(topic))));
  }
  void unsubscribe() {
    const Who who = anyone();
    say(who.first, client::Unsubscribe{who.second});
    const auto known = wanted_.extract(who);
    if (known.empty()) {
      EXPECT_THAT(heard(), IsEmpty());
      return;
    }
    const std::string& topic = known.mapped().topic;
    EXPECT_THAT(heard(), ElementsAre(id(topic).hex() + " left " + std::to_string(count(topic))));
  }
  void live() {
    const std::string topic = any_topic();
    Lines expected;
    for (auto& [who, one] : wanted_) {
      if (one.topic != topic || one.served) continue;
      one.served = true;
      expected.push_back(line(who, "live"));
    }
    sessions_.subscription_live(now_, id(topic), {make_stream(), 1}, effects_);
    EXPECT_EQ(heard(), expected) << "in the order of programs and their numbers";
  }
  void deliver() {
    const std::string topic = any_topic();
    Lines expected;
    for (const auto& [who, one] : wanted_) {
      if (one.topic == topic && one.served) expected.push_back(line(who, "served"));
    }
    sessions_.deliver(now_, id(topic), make_stream_batch(1, 1, 8), effects_);
    EXPECT_EQ(heard(), expected) << "in the order of programs and their numbers";
  }
  void refuse() {
    const std::string topic = any_topic();
    Lines expected;
    for (auto one = wanted_.begin(); one != wanted_.end();) {
      const bool refused = one->second.topic == topic && !one->second.served;
      if (refused) expected.push_back(line(one->first, "refused"));
      one = refused ? wanted_.erase(one) : std::next(one);
    }
    for (std::size_t left = count(topic) + expected.size(); left > count(topic);) {
      expected.push_back(id(topic).hex() + " left " + std::to_string(--left));
    }
    sessions_.subscription_refused(now_, id(topic), Error{ErrorCode::kLimit, "full"}, effects_);
    EXPECT_THAT(heard(), UnorderedElementsAreArray(expected));
  }
  void leave() {
    const SessionId session = anyone().first;
    Lines expected;
    for (auto one = wanted_.begin(); one != wanted_.end();) {
      if (one->first.first != session) {
        ++one;
        continue;
      }
      const std::string topic = one->second.topic;
      one = wanted_.erase(one);
      expected.push_back(id(topic).hex() + " left " + std::to_string(count(topic)));
    }
    sessions_.gone(now_, session, effects_);
    EXPECT_EQ(heard(), expected) << "by number";
    welcome(session);
  }

  Time now_{std::chrono::seconds(1)};
  Random random_;
  std::map<Who, Wanted> wanted_;
  Sessions sessions_{limits(), Host{"test", overlay::NodeId(9), "north"}, 7};
  SessionEffects effects_;
};

TEST(Subscribers, AreServedWhatTheyWantWhoeverComesAndGoes) {
  for (const std::uint64_t seed : phyllo::testing::seeds(1, 20)) {
    SubscribersModel model(seed);
    for (int step = 0; step < 2'000 && !::testing::Test::HasFailure(); ++step) {
      model.step();
      model.expect_counts();
    }
    ASSERT_FALSE(::testing::Test::HasFailure()) << "PHYLLO_SEED=" << seed;
  }
}

}  // namespace
}  // namespace phyllo::broker
