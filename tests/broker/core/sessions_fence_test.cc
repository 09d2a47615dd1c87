#include "tests/broker/core/sessions_fixture.h"

namespace phyllo::broker {
namespace {

using testing::ElementsAre;

class SessionsFenceTest : public SessionsTest {
 protected:
  void SetUp() override { welcome(1); }
};

TEST_F(SessionsFenceTest, RefusesSubscriptionsToTopicsOfOtherRegions) {
  say(1, client::Subscribe{7, "south/a", std::nullopt, 1'000, 0});
  EXPECT_THAT(heard(), ElementsAre("1: subscribed 7 refused"));
  EXPECT_EQ(sessions_.stats().subscriptions, 0u);
  say(1, client::Subscribe{7, "southern", std::nullopt, 1'000, 0});
  EXPECT_THAT(heard(), ElementsAre("subscribers of southern: 1"));
}

TEST_F(SessionsFenceTest, RefusesPublicationsOnTopicsOfOtherRegions) {
  publish(1, "south/a", 1);
  EXPECT_THAT(heard(), ElementsAre("1: taken south/a 1 refused"));
  EXPECT_EQ(sessions_.next_publication(), nullptr) << "nothing of it leaves the session";
  publish(1, "north/a", 1);
  EXPECT_NE(sessions_.next_publication(), nullptr);
}

TEST_F(SessionsFenceTest, RefusesCastsOnTopicsOfOtherRegions) {
  client::Cast cast;
  cast.request = 3;
  cast.topic = "south";
  cast.wanted = 1;
  cast.body = make_batch(1, 1, 1, 8).body;
  say(1, cast);
  EXPECT_THAT(heard(), ElementsAre("1: refused refused 3"));
}

TEST_F(SessionsFenceTest, RefusesQuestionsForTreesOfOtherRegions) {
  say(1, client::Query{4, client::TreeQuery{"south/a"}});
  EXPECT_THAT(heard(), ElementsAre("1: refused refused 4"));
  say(1, client::Query{5, client::TreeQuery{"southern"}});
  EXPECT_THAT(heard(), ElementsAre("1 asks"));
}

TEST_F(SessionsFenceTest, SaysWhereTheTopicCouldBeUsedAndCountsTheRefusal) {
  say(1, client::Subscribe{7, "south/a", std::nullopt, 1'000, 0});
  ASSERT_EQ(effects_.size(), 1u);
  const auto& ack = std::get<client::SubscribeAck>(std::get<Tell>(effects_[0]).frame);
  EXPECT_EQ(ack.error->message, "topic 'south/a' must not be used in region north, only in south");
  const auto refused = static_cast<std::size_t>(ErrorCode::kRefused);
  EXPECT_EQ(sessions_.stats().refused[refused], 1u);
}

}  // namespace
}  // namespace phyllo::broker
