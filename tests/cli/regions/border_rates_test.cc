#include "cli/regions/border_rates.h"

#include <gtest/gtest.h>

namespace phyllo::cli {
namespace {

using std::chrono::seconds;

constexpr BorderRates::Moment kBegin{std::chrono::hours(1)};

/// A broker of "eu" that has sent so much to "us".
BordersInfo sender(const std::string& id, std::uint64_t bytes) {
  BorderInfo border;
  border.from = "eu";
  border.to = "us";
  border.data_bytes = bytes - bytes / 10;
  border.control_bytes = bytes / 10;
  return {id, "eu", {border}, {}};
}

std::optional<double> rate(BorderRates& rates, const std::vector<BordersInfo>& answers,
                           seconds at) {
  BorderMatrix matrix = add_up(answers, {});
  rates.look(answers, kBegin + at, matrix);
  return matrix.find("eu", "us")->now_per_second;
}

TEST(BorderRates, AreNotKnownAtTheFirstLook) {
  BorderRates rates;
  EXPECT_EQ(rate(rates, {sender("1", 5000)}, seconds(0)), std::nullopt);
}

TEST(BorderRates, AddUpWhatAllBrokersOfTheSendingRegionCountedSince) {
  BorderRates rates;
  rate(rates, {sender("1", 5000), sender("2", 900)}, seconds(0));
  EXPECT_EQ(rate(rates, {sender("1", 5100), sender("2", 1000)}, seconds(2)), 100);
}

TEST(BorderRates, DoNotCountAtBothEnds) {
  BordersInfo heard = sender("3", 100);
  heard.region = "us";
  BorderRates rates;
  rate(rates, {sender("1", 100), heard}, seconds(0));
  heard.borders[0].data_bytes += 1000;
  EXPECT_EQ(rate(rates, {sender("1", 1100), heard}, seconds(1)), 1000);
}

TEST(BorderRates, TakeABrokerThatStartedAnewOrIsNewForNoGrowth) {
  BorderRates rates;
  rate(rates, {sender("1", 5000)}, seconds(0));
  EXPECT_EQ(rate(rates, {sender("1", 40), sender("2", 7000)}, seconds(1)), 0);
  EXPECT_EQ(rate(rates, {sender("1", 140), sender("2", 7000)}, seconds(2)), 50)
      << "over both seconds";
}

}  // namespace
}  // namespace phyllo::cli
