#include "cli/demo/proc_readings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace phyllo::cli {
namespace {

using testing::Contains;
using testing::Field;

std::string json_of(const std::vector<Reading>& readings, const std::string& topic) {
  const auto reading = std::ranges::find(readings, topic, &Reading::topic);
  return reading == readings.end() ? "no reading of " + topic : reading->json;
}

ProcTexts cpu(const std::string& user, const std::string& idle) {
  return {.stat = "cpu0 " + user + " 0 0 " + idle + " 0 0 0 0\n",
          .meminfo = "",
          .net_dev = "",
          .diskstats = ""};
}

ProcTexts received(const std::string& bytes) {
  return {.stat = "",
          .meminfo = "",
          .net_dev = "eth0: " + bytes + " 7 0 0 0 0 0 0 50 3 0 0 0 0 0 0\n",
          .diskstats = ""};
}

TEST(ProcReadings, ShowsTheBusyShareOfTheTimeSinceTheLastReading) {
  ProcReadings readings;
  readings.next(cpu("1000", "1000"), std::chrono::seconds(0));
  EXPECT_EQ(json_of(readings.next(cpu("1030", "1070"), std::chrono::seconds(1)), "host/cpu/0"),
            R"({"busy_percent":30.0})");
}

TEST(ProcReadings, ShowsNoShareAtFirstAndWhenNoTickPassed) {
  ProcReadings readings;
  const std::string nothing = R"({"busy_percent":0.0})";
  EXPECT_EQ(json_of(readings.next(cpu("5", "5"), std::chrono::seconds(0)), "host/cpu/0"), nothing);
  EXPECT_EQ(json_of(readings.next(cpu("5", "5"), std::chrono::seconds(1)), "host/cpu/0"), nothing);
}

TEST(ProcReadings, TurnsNetworkCountersIntoRates) {
  ProcReadings readings;
  readings.next(received("1000"), std::chrono::seconds(0));
  EXPECT_EQ(
      json_of(readings.next(received("1500"), std::chrono::milliseconds(100)), "host/network/eth0"),
      R"({"received_bytes_per_second":5000,"sent_bytes_per_second":0,)"
      R"("received_packets":7,"sent_packets":3})");
}

TEST(ProcReadings, ShowsNoRateWhenACounterWasReset) {
  ProcReadings readings;
  readings.next(received("1000"), std::chrono::seconds(0));
  EXPECT_THAT(json_of(readings.next(received("10"), std::chrono::seconds(1)), "host/network/eth0"),
              testing::HasSubstr(R"("received_bytes_per_second":0)"));
}

TEST(ProcReadings, MakesOneValidTopicPerSource) {
  ProcReadings readings;
  const ProcTexts texts{.stat = "cpu0 1 1 1 1 1\ncpu1 1 1 1 1 1\n",
                        .meminfo = "MemTotal: 10 kB\nMemAvailable: 5 kB\n",
                        .net_dev = "we/ird#: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
                        .diskstats = "8 0 sda 1 2 3 4 5 6 7 8 9\n"};
  std::vector<std::string> topics;
  for (const Reading& reading : readings.next(texts, std::chrono::seconds(0))) {
    topics.push_back(reading.topic);
  }
  EXPECT_EQ(topics, (std::vector<std::string>{"host/cpu/0", "host/cpu/1", "host/memory",
                                              "host/network/we_ird_", "host/disk/sda"}));
}

TEST(ProcReadings, ReadsThisMachine) {
  ProcReadings readings;
  EXPECT_THAT(readings.next(read_proc(), std::chrono::seconds(0)),
              Contains(Field(&Reading::topic, "host/memory")));
}

}  // namespace
}  // namespace phyllo::cli
