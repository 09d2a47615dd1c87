#include "regions/courier.h"

#include <gtest/gtest.h>

#include "tests/regions/alone.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

const TopicName kName = TopicName::parse("metro/eu/line-4").value();
const TopicId kTopic = TopicId::of(kName);

overlay::Contact broker(std::uint64_t id) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), 0, {"eu", endpoint, endpoint}};
}

class CourierTest : public ::testing::Test {
 protected:
  Courier::Parcel word(std::uint64_t root, Attempt version) {
    return {kTopic, enclosure_, Register{kTopic, broker(root), version, 1, true, false, kName}};
  }
  Courier::Parcel book() {
    return {kTopic, enclosure_, Book{kTopic, false, {{{kTopic, broker(7)}, 0, 1s}}, kName, 3s}};
  }
  void send(Courier::Parcel parcel, std::optional<overlay::Contact> to = broker(2)) {
    Turn turn(now_, effects_);
    courier_.send(turn, std::move(parcel), to);
  }
  /// What has been sent since the last time.
  template <class Kind>
  std::vector<Kind> sent() {
    std::vector<Kind> sent;
    for (const Effect& effect : std::exchange(effects_, {})) {
      const auto message = *decode(std::get<multicast::SendDirect>(effect).message);
      if (const auto* kind = std::get_if<Kind>(&message)) sent.push_back(*kind);
    }
    return sent;
  }
  std::vector<Courier::Parcel> due_after(Duration time) {
    now_ += time;
    return courier_.take_due(now_);
  }

  const Alone ring_;
  BordersState state_{BordersConfig::wan(), {}, ring_, 1};
  EnclosureRef enclosure_ = std::make_shared<const Enclosure>(Enclosure{kName, {"eu", "us"}});
  Courier courier_{state_};
  Effects effects_;
  Time now_{};
};

TEST_F(CourierTest, SendsAgainWhatNobodySaidHeHasLongBeforeItsSenderWould) {
  send(book());
  EXPECT_EQ(sent<Book>().size(), 1u);
  EXPECT_EQ(due_after(state_.config.retry / 2).size(), 1u);
}

TEST_F(CourierTest, IsDoneWhenTheNextOneHasIt) {
  send(book());
  courier_.taken({sent<Book>().at(0).hop});
  EXPECT_EQ(courier_.next(), kNever);
  EXPECT_TRUE(due_after(1min).empty());
}

TEST_F(CourierTest, OnlyTheRightNumberCounts) {
  send(book());
  courier_.taken({sent<Book>().at(0).hop + 1});
  courier_.taken({0});
  EXPECT_EQ(due_after(1min).size(), 1u);
}

TEST_F(CourierTest, KeepsWhatNobodyIsThereToTake) {
  send(book(), std::nullopt);
  EXPECT_TRUE(sent<Book>().empty());
  EXPECT_EQ(due_after(1s).size(), 1u);
}

TEST_F(CourierTest, ANewerWordOfTheSameRootTakesThePlaceOfTheOlder) {
  send(word(5, 1));
  send(word(5, 2));
  send(word(6, 1));
  const auto due = due_after(1s);
  ASSERT_EQ(due.size(), 2u);
  for (const auto& parcel : due) {
    const auto& said = std::get<Register>(parcel.what);
    EXPECT_EQ(said.version, said.root.id() == overlay::NodeId(5) ? 2u : 1u);
  }
}

TEST_F(CourierTest, ABookIsOlderEachTime) {
  send(book());
  const auto due = due_after(1s);
  ASSERT_EQ(due.size(), 1u);
  const auto& again = std::get<Book>(due[0].what);
  EXPECT_EQ(again.entries.at(0).silent, 2s);
  EXPECT_EQ(again.settles_in, 2s);
}

TEST_F(CourierTest, GivesUpAfterAWhile) {
  send(book());
  int tries = 0;
  while (courier_.next() != kNever) {
    ASSERT_LT(++tries, 20);
    for (auto& parcel : due_after(courier_.next() - now_)) send(std::move(parcel));
  }
  EXPECT_GT(tries, 4);
  EXPECT_EQ(sent<Book>().back().hop, 0u) << "no answer is asked for to the last one";
}

TEST_F(CourierTest, TakesEachOnceAndAnswersEachTime) {
  Turn turn(now_, effects_);
  EXPECT_TRUE(courier_.accept(turn, broker(3), 17));
  EXPECT_FALSE(courier_.accept(turn, broker(3), 17));
  EXPECT_TRUE(courier_.accept(turn, broker(4), 17));
  EXPECT_EQ(sent<HopTaken>().size(), 3u);
  EXPECT_TRUE(courier_.accept(turn, broker(3), 0));
  EXPECT_TRUE(sent<HopTaken>().empty()) << "not asked for";
}

}  // namespace
}  // namespace phyllo::regions
