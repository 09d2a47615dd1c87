// What programs ask that concerns several regions: surveys of a topic, and any- and manycasts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/batch_body.h"
#include "regions/borders.h"
#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kTopic[] = "metro/eu/line-4";
constexpr PublisherId kWriter = 7;

class Questions : public ::testing::Test {
 protected:
  Questions() {
    RecordProperty("seed", std::to_string(phyllo::testing::seed_or(1)));
    world_.run_for(5s);
  }

  void subscribe(std::size_t region) {
    world_.subscribe(region, kTopic);
    ASSERT_TRUE(world_.run_until([&] { return world_.live(region, kTopic); }, 10s));
  }
  /// Its answer, which is never later than it promises.
  Surveyed survey(std::size_t asker) {
    const std::size_t before = world_.surveys(asker).size();
    const Time start = world_.now();
    world_.survey(asker, kTopic);
    const auto answered = [&] { return world_.surveys(asker).size() > before; };
    const Duration limit = world_.config.survey + 2 * world_.config.retry;
    EXPECT_TRUE(world_.run_until(answered, 60s));
    EXPECT_LE(world_.now(), start + limit);
    return world_.surveys(asker).back();
  }
  CastOver cast(std::size_t asker, std::uint32_t wanted, const std::string& text = "job") {
    const std::size_t before = world_.casts(asker).size();
    world_.cast(asker, kTopic, wanted, text);
    const auto over = [&] { return world_.casts(asker).size() > before; };
    EXPECT_TRUE(world_.run_until(over, 60s));
    return world_.casts(asker).back();
  }
  static std::vector<std::string> names(const Surveyed& answer) {
    std::vector<std::string> names;
    for (const RegionTree& tree : answer.regions) names.push_back(tree.region);
    return names;
  }
  static bool complete(const Surveyed& answer) {
    return answer.whole && std::ranges::all_of(answer.regions, &RegionTree::complete);
  }
  std::size_t takers(const std::string& text = "job") const {
    std::size_t count = 0;
    for (const std::size_t region : {eu_, us_, asia_}) {
      count += static_cast<std::size_t>(std::ranges::count(world_.taken(region), text));
    }
    return count;
  }
  std::uint64_t messages() const {
    std::uint64_t sum = 0;
    for (const std::size_t from : {eu_, us_, asia_}) {
      for (const std::size_t to : {eu_, us_, asia_}) {
        if (from != to) sum += world_.about_topics(from, to);
      }
    }
    return sum;
  }

  World world_{phyllo::testing::seed_or(1)};
  const std::size_t eu_ = world_.add("eu");
  const std::size_t us_ = world_.add("us");
  const std::size_t asia_ = world_.add("asia");
};

using Surveys = Questions;

TEST_F(Surveys, ShowAllRegionsAndTheWaysBetweenThemWhoeverIsAsked) {
  subscribe(us_);
  subscribe(asia_);
  world_.publish(eu_, kTopic, kWriter);
  world_.run_for(1s);
  for (const std::size_t asker : {eu_, us_, asia_}) {
    const Surveyed answer = survey(asker);
    EXPECT_TRUE(complete(answer));
    ASSERT_THAT(answer.regions, SizeIs(3));
    for (const RegionTree& tree : answer.regions) {
      EXPECT_TRUE(tree.answered);
      ASSERT_THAT(tree.nodes, SizeIs(1)) << tree.region;
      EXPECT_TRUE(tree.nodes[0].root);
      EXPECT_EQ(tree.nodes[0].node.region(), tree.region);
      EXPECT_EQ(tree.nodes[0].local_subscribers, tree.region == "eu" ? 0u : 1u);
      if (tree.region == "eu") {
        EXPECT_THAT(tree.ways, ElementsAre(Way{"asia", {}}, Way{"us", {}}));
      } else {
        EXPECT_THAT(tree.ways, IsEmpty());
      }
    }
  }
  EXPECT_THAT(names(survey(us_)), ElementsAre("us", "asia", "eu")) << "the own one first";
}

TEST_F(Surveys, OfATopicThatNobodyUsesAreAnsweredAtOnce) {
  const Time start = world_.now();
  const Surveyed answer = survey(eu_);
  EXPECT_TRUE(complete(answer));
  EXPECT_THAT(names(answer), ElementsAre("eu"));
  EXPECT_LT(world_.now(), start + 100ms);
}

TEST_F(Surveys, NameARegionThatDoesNotAnswer) {
  subscribe(us_);
  subscribe(asia_);
  if (world_.rendezvous(kTopic) == asia_) {
    world_.add_closest_to(kTopic, "africa");
    world_.run_for(5s);
  }
  world_.kill(asia_, 20s);
  const Surveyed answer = survey(eu_);
  EXPECT_TRUE(answer.whole);
  ASSERT_THAT(names(answer), ElementsAre("eu", "asia", "us"));
  EXPECT_TRUE(answer.regions[0].complete);
  EXPECT_FALSE(answer.regions[1].answered);
  EXPECT_FALSE(answer.regions[1].complete);
  EXPECT_TRUE(answer.regions[2].complete);
  EXPECT_THAT(answer.regions[2].nodes, SizeIs(1));
}

TEST_F(Surveys, SayWhenNobodyKnowsWhichRegionsThereAre) {
  subscribe(us_);
  subscribe(asia_);
  world_.routes = false;
  const Surveyed answer = survey(us_);
  EXPECT_FALSE(answer.whole);
  EXPECT_THAT(names(answer), ElementsAre("us"));
  EXPECT_TRUE(answer.regions[0].complete);
  world_.routes = true;
  EXPECT_TRUE(complete(survey(us_)));
}

TEST_F(Surveys, SayThatTheRendezvousIsNewAndMayNotKnowAll) {
  const std::size_t keeper = world_.add_closest_to(kTopic, "africa");
  world_.run_for(5s);
  subscribe(us_);
  world_.kill(keeper, 1ms);
  world_.run_for(100ms);
  EXPECT_FALSE(survey(us_).whole);
  world_.run_for(10s);
  EXPECT_TRUE(complete(survey(us_)));
}

TEST_F(Surveys, OfAPartThatIsCutOffShowThatPart) {
  subscribe(us_);
  subscribe(asia_);
  world_.cut_off(asia_, 1s);
  world_.run_for(20s);
  const Surveyed own = survey(asia_);
  EXPECT_EQ(own.regions[0].region, "asia");
  EXPECT_THAT(own.regions[0].nodes, SizeIs(1));
  const Surveyed rest = survey(eu_);
  for (const RegionTree& tree : rest.regions) {
    EXPECT_EQ(tree.answered, tree.region != "asia") << tree.region;
  }
  world_.rejoin(asia_);
  world_.run_for(20s);
  EXPECT_THAT(names(survey(eu_)), ElementsAre("eu", "asia", "us"));
  EXPECT_TRUE(complete(survey(eu_)));
}

TEST_F(Surveys, AreCompleteThoughMessagesAreLostAndDoubled) {
  subscribe(us_);
  subscribe(asia_);
  world_.loss = 0.1;
  world_.doubled = 0.1;
  int whole = 0;
  for (int i = 0; i < 50; ++i) {
    const Surveyed answer = survey(eu_);
    whole += complete(answer) ? 1 : 0;
    for (const RegionTree& tree : answer.regions) EXPECT_LE(tree.nodes.size(), 1u);
  }
  EXPECT_GE(whole, 45);
}

TEST_F(Surveys, IgnoreWhatTheyDidNotAskFor) {
  subscribe(us_);
  const multicast::TreeNode node{world_.contact(us_), true, {}, {}, 99, 99};
  world_.survey(eu_, kTopic);
  for (Attempt number = 0; number < 100; ++number) {
    world_.say(asia_, eu_, TreePage{number, 0, true, true, {node}, {}});
    world_.say(asia_, eu_, Audience{number, true, {{world_.contact(asia_), true, true}}});
    world_.say(asia_, eu_, CastState{number, CastState::State::kDone, 1, 1000, true});
  }
  world_.run_for(10s);
  ASSERT_THAT(world_.surveys(eu_), SizeIs(1));
  EXPECT_THAT(names(world_.surveys(eu_)[0]), ElementsAre("eu", "us"));
  EXPECT_THAT(world_.casts(eu_), IsEmpty());
}

using Casts = Questions;

TEST_F(Casts, AreTakenInTheOwnRegionAndThenCrossNoBorder) {
  for (const std::size_t region : {eu_, us_}) {
    subscribe(region);
    world_.employ(region, 2);
  }
  world_.run_for(3s);
  const std::uint64_t before = messages();
  world_.cast(eu_, kTopic, 2, "job");
  EXPECT_EQ(messages(), before);
  ASSERT_THAT(world_.casts(eu_), SizeIs(1));
  EXPECT_EQ(world_.casts(eu_)[0].taken, 2u);
  EXPECT_TRUE(world_.casts(eu_)[0].complete);
  EXPECT_THAT(world_.taken(us_), IsEmpty());
}

TEST_F(Casts, GoOnToOtherRegionsForWhatIsMissing) {
  for (const std::size_t region : {eu_, us_, asia_}) {
    subscribe(region);
    world_.employ(region, 2);
  }
  const CastOver some = cast(eu_, 3, "some");
  EXPECT_EQ(some.taken, 3u);
  EXPECT_EQ(takers("some"), 3u);
  EXPECT_EQ(std::ranges::count(world_.taken(eu_), "some"), 2);
  const CastOver all = cast(eu_, 100, "all");
  EXPECT_EQ(all.taken, 6u);
  EXPECT_TRUE(all.complete);
  EXPECT_TRUE(all.whole);
  EXPECT_THAT(all.unreached, IsEmpty());
  EXPECT_EQ(takers("all"), 6u);
}

TEST_F(Casts, FindTheOnlyTakerWhereverItIs) {
  for (const std::size_t region : {eu_, us_, asia_}) subscribe(region);
  world_.employ(asia_, 1);
  for (const std::size_t asker : {eu_, us_, asia_}) EXPECT_EQ(cast(asker, 1).taken, 1u);
  EXPECT_THAT(world_.taken(asia_), SizeIs(3));
}

TEST_F(Casts, NobodyTookItIsACompleteAnswer) {
  subscribe(us_);
  const CastOver over = cast(eu_, 1);
  EXPECT_EQ(over.taken, 0u);
  EXPECT_TRUE(over.complete);
  EXPECT_TRUE(over.whole);
}

TEST_F(Casts, PassByARegionThatDoesNotAnswerAndSayItsName) {
  world_.add_closest_to(kTopic, "africa");
  world_.run_for(5s);
  subscribe(us_);
  subscribe(asia_);
  world_.employ(us_, 1);
  world_.employ(asia_, 1);
  world_.kill(us_, 20s);
  const CastOver one = cast(eu_, 1, "one");
  EXPECT_EQ(one.taken, 1u);
  EXPECT_THAT(one.unreached, IsEmpty());
  const CastOver two = cast(eu_, 2, "two");
  EXPECT_EQ(two.taken, 1u);
  EXPECT_TRUE(two.complete) << "nobody who is not counted has it";
  EXPECT_THAT(two.unreached, ElementsAre("us"));
}

TEST_F(Casts, EndHonestlyWhenTheRegionThatHasItFallsSilent) {
  world_.add_closest_to(kTopic, "africa");
  world_.run_for(5s);
  subscribe(us_);
  subscribe(asia_);
  world_.employ(us_, 1);
  world_.employ(asia_, 1);
  world_.cast(eu_, kTopic, 2, "job");
  ASSERT_TRUE(world_.run_until([&] { return takers() == 1; }, 5s));
  // It took it, and nobody will ever hear of that.
  world_.cut_off(world_.taken(us_).empty() ? asia_ : us_, 20s);
  ASSERT_TRUE(world_.run_until([&] { return !world_.casts(eu_).empty(); }, 10s));
  EXPECT_FALSE(world_.casts(eu_)[0].complete);
  EXPECT_EQ(world_.casts(eu_)[0].taken, 0u);
  EXPECT_EQ(takers(), 1u) << "nobody else got it";
}

TEST_F(Casts, SayWhenNobodyKnowsWhichRegionsThereAre) {
  subscribe(us_);
  world_.employ(us_, 1);
  world_.routes = false;
  const CastOver over = cast(eu_, 1);
  EXPECT_EQ(over.taken, 0u);
  EXPECT_TRUE(over.complete);
  EXPECT_FALSE(over.whole);
}

TEST_F(Casts, AreTakenByNobodyTwiceThoughMessagesAreLostAndDoubled) {
  for (const std::size_t region : {us_, asia_}) {
    subscribe(region);
    world_.employ(region, 2);
  }
  world_.loss = 0.1;
  world_.doubled = 0.2;
  int honest = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string text = "job " + std::to_string(i);
    const CastOver over = cast(eu_, 3, text);
    world_.run_for(5s);
    EXPECT_LE(over.taken, takers(text)) << text;
    EXPECT_LE(takers(text), 3u) << text;
    if (over.complete) {
      EXPECT_EQ(over.taken, takers(text)) << text;
      ++honest;
    }
  }
  EXPECT_GE(honest, 90);
}

TEST_F(Casts, AreNotGivenToALaterLifeOfTheOneThatWasReady) {
  subscribe(us_);
  world_.employ(us_, 5);
  BatchBodyWriter body;
  body.append("job");
  const Payload payload = body.take();
  const TopicName topic = TopicName::parse(kTopic).value();
  world_.say(eu_, us_, CastInto{topic, 5, 1, CastInto::Stage::kTake, 12345, payload});
  world_.run_for(1s);
  EXPECT_THAT(world_.taken(us_), IsEmpty());
}

/// The topic must stay in eu and us.
class FencedQuestions : public Questions {
 protected:
  FencedQuestions() {
    world_.fence =
        Fence({{TopicPattern::parse("metro/eu/#").value(), std::vector<std::string>{"eu", "us"}}});
    for (const std::size_t region : {eu_, us_, asia_}) {
      world_.kill(region, 1s);
      world_.run_for(2s);
      world_.revive(region);
    }
    world_.run_for(10s);
  }
  std::uint64_t outside() const {
    std::uint64_t sum = 0;
    for (const std::size_t inside : {eu_, us_}) {
      sum += world_.about_topics(inside, asia_) + world_.about_topics(asia_, inside);
    }
    return sum;
  }
};

TEST_F(FencedQuestions, StayInside) {
  subscribe(eu_);
  subscribe(us_);
  world_.employ(us_, 1);
  world_.employ(asia_, 1);
  const std::uint64_t before = outside();
  EXPECT_THAT(names(survey(eu_)), ElementsAre("eu", "us"));
  EXPECT_TRUE(complete(survey(us_)));
  const CastOver over = cast(eu_, 2);
  EXPECT_EQ(over.taken, 1u);
  EXPECT_EQ(outside(), before);
}

TEST_F(FencedQuestions, AreAnsweredToNobodyOutside) {
  subscribe(eu_);
  subscribe(us_);
  world_.employ(us_, 1);
  const TopicName topic = TopicName::parse(kTopic).value();
  const TopicId id = TopicId::of(topic);
  BatchBodyWriter body;
  body.append("job");
  const Payload payload = body.take();
  for (const std::size_t inside : {eu_, us_}) {
    const std::uint64_t before = world_.about_topics(inside, asia_);
    world_.say(asia_, inside, Look{topic, 1, false});
    world_.say(asia_, inside, Look{topic, 2, true});
    world_.say(asia_, inside, Enquire{id, 3, world_.contact(asia_), topic});
    world_.say(asia_, inside, Enquire{id, 4, world_.contact(asia_), {}});
    world_.say(asia_, inside, CastInto{topic, 5, 1, CastInto::Stage::kReady, 0, {}});
    world_.say(asia_, inside, CastInto{topic, 6, 1, CastInto::Stage::kTake, 0, payload});
    world_.run_for(10s);
    EXPECT_EQ(world_.about_topics(inside, asia_), before);
    EXPECT_GE(world_.stats(inside).fenced_off, 4u);
  }
  EXPECT_THAT(world_.taken(us_), IsEmpty());
}

}  // namespace
}  // namespace phyllo::regions
