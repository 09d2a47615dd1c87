#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "sim/fault/churn.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::StartsWith;
using What = ChurnTrace::What;

std::string complaint(std::string_view text) {
  const auto trace = parse_churn(text, "trace.txt");
  return trace.ok() ? "" : trace.error().message;
}

TEST(ChurnTraceFile, ReadsTimesNodesAndWhatTheyDo) {
  const auto trace =
      parse_churn("# who comes and goes\n0 a up\n0.5,b,up  # at last\n\n2\ta down\n", "trace.txt");
  ASSERT_TRUE(trace.ok()) << trace.error().message;
  EXPECT_EQ(trace->nodes, 2u);
  EXPECT_THAT(trace->events, ElementsAre(ChurnTrace::Event{0s, 0, What::kUp},
                                         ChurnTrace::Event{500ms, 1, What::kUp},
                                         ChurnTrace::Event{2s, 0, What::kDown}));
}

TEST(ChurnTraceFile, NamesTheLineThatIsWrong) {
  EXPECT_THAT(complaint("0 a up\n1 b\n"), StartsWith("trace.txt:2: expected"));
  EXPECT_THAT(complaint("0 a up extra\n"), StartsWith("trace.txt:1: expected"));
  EXPECT_THAT(complaint("soon a up\n"), StartsWith("trace.txt:1: 'soon' is no time"));
  EXPECT_THAT(complaint("-1 a up\n"), StartsWith("trace.txt:1: '-1' is no time"));
  EXPECT_THAT(complaint("nan a up\n"), StartsWith("trace.txt:1: 'nan' is no time"));
  EXPECT_THAT(complaint("1e300 a up\n"), StartsWith("trace.txt:1: '1e300' is no time"));
  EXPECT_THAT(complaint("0 a sideways\n"), StartsWith("trace.txt:1: 'sideways' is neither"));
}

TEST(ChurnTraceFile, RefusesTimesOutOfOrder) {
  EXPECT_EQ(complaint("0 a up\n9 b up\n\n8 c up\n"),
            "trace.txt:4: '8' is earlier than the line before");
}

TEST(ChurnTraceFile, RefusesToBringUpOrDownWhoIsSoAlready) {
  EXPECT_EQ(complaint("0 a up\n1 a up\n"), "trace.txt:2: 'a' is up already");
  EXPECT_EQ(complaint("0 a up\n1 b down\n"), "trace.txt:2: 'b' is down already");
}

TEST(ChurnTraceFile, RefusesAFileThatIsEmptyOrIsNotThere) {
  EXPECT_THAT(complaint("# nothing\n"), StartsWith("trace.txt:1: nobody"));
  const auto missing = read_churn("/nowhere/trace.txt");
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, StartsWith("/nowhere/trace.txt: cannot be opened"));
}

TEST(PoissonChurn, KeepsTheNumberOfNodesAndTheMeanSession) {
  phyllo::Random random(1);
  const ChurnTrace trace = poisson_churn(2'000, 10min, 1h, random);
  std::vector<Duration> came(trace.nodes);
  double sessions = 0;
  std::size_t ended = 0;
  std::size_t up = 0;
  Duration last{};
  for (const ChurnTrace::Event& event : trace.events) {
    EXPECT_GE(event.at, last);
    last = event.at;
    if (event.what == What::kUp) {
      ++up;
      came[event.node] = event.at;
    } else {
      --up;
      ++ended;
      sessions += std::chrono::duration<double>(event.at - came[event.node]).count();
    }
    if (event.at > 0s) {
      EXPECT_NEAR(static_cast<double>(up), 2'000, 250);
    }
  }
  EXPECT_EQ(up + ended, trace.nodes);
  EXPECT_NEAR(static_cast<double>(ended), 12'000, 500);  // six sessions fit into the hour
  // Those that outlast the hour are missing from the mean.
  EXPECT_NEAR(sessions / static_cast<double>(ended), 540, 45);
}

TEST(PoissonChurn, IsAFunctionOfTheDice) {
  phyllo::Random one(7);
  phyllo::Random same(7);
  phyllo::Random other(8);
  EXPECT_EQ(poisson_churn(50, 1min, 10min, one).events,
            poisson_churn(50, 1min, 10min, same).events);
  EXPECT_NE(poisson_churn(50, 1min, 10min, one).events,
            poisson_churn(50, 1min, 10min, other).events);
}

}  // namespace
}  // namespace phyllo::sim
