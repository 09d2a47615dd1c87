#include "broker/core/border_meter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Time kStart{5h};

overlay::Contact contact(std::uint64_t id, const std::string& region) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return overlay::Contact(overlay::NodeId(id), 1, overlay::Place{region, endpoint, endpoint});
}

overlay::Wire wire(std::size_t header, std::size_t body) {
  return {std::string(header, 'h'), Payload::from(std::string(body, 'b'))};
}

class BorderMeterTest : public testing::Test {
 protected:
  BorderMeterTest() : meter_(table(), contact(1, "eu")) { meter_.start(kStart); }

  static regions::RegionTable table() {
    regions::RegionTable table({"ap", "eu", "us"});
    table.border(1, 2) = {.price_per_gb = 1'000'000, .budget = 100};  // 100 kB
    return table;
  }
  BorderStats border(const std::string& from, const std::string& to) {
    for (BorderStats& each : meter_.stats(kStart)) {
      if (each.from == from && each.to == to) return each;
    }
    ADD_FAILURE() << from << " to " << to;
    return {};
  }

  BorderMeter meter_;
};

TEST_F(BorderMeterTest, TellsMessagesWithABodyFromTheRest) {
  meter_.sent(kStart, contact(2, "us"), wire(10, 90));
  meter_.sent(kStart, contact(2, "us"), wire(10, 0));
  meter_.heard(kStart, contact(2, "us"), wire(7, 0));
  EXPECT_EQ(border("eu", "us").count, (regions::Meter::Count{2, {100, 10}}));
  EXPECT_EQ(border("us", "eu").count, (regions::Meter::Count{1, {0, 7}}));
}

TEST_F(BorderMeterTest, CountsNeitherItsOwnRegionNorOneThatIsNotInTheTable) {
  meter_.sent(kStart, contact(2, "eu"), wire(10, 90));
  meter_.sent(kStart, contact(3, "mars"), wire(10, 90));
  for (const BorderStats& each : meter_.stats(kStart)) EXPECT_EQ(each.count.messages, 0u);
  EXPECT_THAT(meter_.stats(kStart), SizeIs(4)) << "with each other region, both ways";
}

TEST_F(BorderMeterTest, WarnsInWordsBeforeTheBudgetIsPassed) {
  for (auto at = 0min; at < 20min; at += 1min) {
    meter_.sent(kStart + at, contact(2, "us"), wire(0, 50));
  }
  const auto ahead = meter_.look(kStart + 20min, 1);
  ASSERT_THAT(ahead, SizeIs(1));
  EXPECT_EQ(ahead[0].level, overlay::Notice::Level::kWarning);
  EXPECT_EQ(ahead[0].text,
            "what this broker sends from eu to us has cost 1.00 and will cost 2160.00 this month "
            "if it goes on so: more than the budget of 100.00");
  EXPECT_EQ(meter_.next_look(), kStart + 21min);
  EXPECT_THAT(meter_.look(kStart + 20min + 1s, 1), IsEmpty()) << "not yet time";
  EXPECT_THAT(meter_.look(kStart + 21min, 1), IsEmpty()) << "said already";
  meter_.sent(kStart + 21min, contact(2, "us"), wire(0, 100'000));
  const auto passed = meter_.look(kStart + 22min, 1);
  ASSERT_THAT(passed, SizeIs(1));
  EXPECT_EQ(passed[0].text,
            "what this broker sends from eu to us has cost 101.00 this month: more than the "
            "budget of 100.00");
}

TEST_F(BorderMeterTest, WarnsWhenItsShareOfTheBudgetWillBePassed) {
  for (auto at = 0min; at < 20min; at += 1min) {
    meter_.sent(kStart + at, contact(2, "us"), wire(0, 1));  // 43 of 100 a month
  }
  EXPECT_THAT(meter_.look(kStart + 20min, 2), IsEmpty()) << "two brokers like this one will do";
  const auto third = meter_.look(kStart + 21min, 3);
  ASSERT_THAT(third, SizeIs(1)) << "three will not";
  EXPECT_THAT(third[0].text,
              testing::HasSubstr("more than this broker's share of the budget, 33.33 of 100.00"));
}

TEST_F(BorderMeterTest, GoesOnWithWhatAnEarlierLifeCounted) {
  BorderMeter next(table(), contact(1, "eu"));
  next.start(kStart);
  meter_.sent(kStart, contact(2, "us"), wire(10, 90));
  meter_.heard(kStart, contact(2, "us"), wire(7, 0));
  const std::vector<BorderAccount> accounts = meter_.accounts(kStart + 1h);
  EXPECT_THAT(accounts, testing::ElementsAre(BorderAccount{"eu", "us", {{100, 0}, 1h}},
                                             BorderAccount{"us", "eu", {{0, 7}, 1h}}));
  next.resume(kStart, accounts);
  next.sent(kStart, contact(2, "us"), wire(1, 0));
  EXPECT_EQ(next.accounts(kStart)[0].so_far.volume, (regions::Volume{100, 1}));
  EXPECT_EQ(next.stats(kStart)[2].count.messages, 1u) << "those since it began";
}

TEST_F(BorderMeterTest, LeavesOutAccountsOfBordersThatItHasNot) {
  meter_.resume(
      kStart,
      {{"ap", "us", {{1, 1}, 1h}}, {"eu", "mars", {{1, 1}, 1h}}, {"eu", "eu", {{1, 1}, 1h}}});
  EXPECT_THAT(meter_.accounts(kStart), IsEmpty());
}

TEST(BorderMeter, DoesNothingWithoutATableOfRegions) {
  BorderMeter meter({}, contact(1, "eu"));
  meter.start(kStart);
  meter.sent(kStart, contact(2, "us"), wire(10, 90));
  EXPECT_EQ(meter.next_look(), kNever);
  EXPECT_THAT(meter.stats(kStart), IsEmpty());
  EXPECT_THAT(meter.look(kStart + 1h, 1), IsEmpty());
}

}  // namespace
}  // namespace phyllo::broker
