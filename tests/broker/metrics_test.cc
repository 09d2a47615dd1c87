#include "broker/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

namespace phyllo::broker {
namespace {

using testing::HasSubstr;

Status busy_status() {
  Status status;
  status.node = std::string(32, 'a');
  status.region = "eu-west";
  status.cluster = "test";
  status.broker.state = overlay::StateChanged::State::kActive;
  status.broker.clients.published_messages = 12;
  status.broker.clients.malformed_frames = 3;
  status.broker.multicast.gap_messages = {1, 2, 3, 4, 5};
  status.broker.multicast.busiest = {{"prices/\"quoted\"\\\n", 3, 4, 50}, {"sensors/ä", 1, 2, 3}};
  status.broker.overlay.leaf_set_size = 5;
  status.transport.malformed = 2;
  status.transport.altered = 6;
  status.broker.altered_peer_messages = 10;
  status.transport.hello_missing = 1;
  status.gateway.malformed = 4;
  status.regions["us-east"].sent(1000);
  status.broker.borders.emplace();
  return status;
}

std::string text_of(const Status& status) {
  return prometheus::TextSerializer().Serialize(metrics_of(status));
}

TEST(Metrics, ValuesStandUnderTheirNames) {
  const std::string text = text_of(busy_status());
  EXPECT_THAT(text, HasSubstr("phyllo_published_messages_total 12"));
  EXPECT_THAT(text, HasSubstr("phyllo_leaf_set_size 5"));
  EXPECT_THAT(text, HasSubstr("phyllo_malformed_frames_total{port=\"peers\"} 3"));
  EXPECT_THAT(text, HasSubstr("phyllo_malformed_frames_total{port=\"clients\"} 7"));
  EXPECT_THAT(text, HasSubstr("phyllo_altered_frames_total{port=\"peers\"} 16"));
  EXPECT_THAT(text, HasSubstr("phyllo_gap_messages_total{reason=\"queue_limit\"} 3"));
  EXPECT_THAT(text, HasSubstr("phyllo_state{state=\"active\"} 1"));
  EXPECT_THAT(text, HasSubstr("phyllo_state{state=\"joining\"} 0"));
  EXPECT_THAT(text, HasSubstr("phyllo_region_sent_bytes_total{region=\"us-east\"} 1000"));
  EXPECT_THAT(text, HasSubstr("phyllo_topic_subtree_subscribers{topic=\"sensors/ä\"} 3"));
}

TEST(Metrics, TellTheRingWhereThereAreTwo) {
  Status status = busy_status();
  status.broker.global_ring = GlobalRingStats{overlay::StateChanged::State::kJoining, {}, 9};
  status.broker.global_ring->overlay.leaf_set_size = 11;
  const std::string text = text_of(status);
  EXPECT_THAT(text, HasSubstr("phyllo_leaf_set_size{ring=\"home\"} 5"));
  EXPECT_THAT(text, HasSubstr("phyllo_leaf_set_size{ring=\"global\"} 11"));
  EXPECT_THAT(text, HasSubstr("phyllo_state{ring=\"home\",state=\"active\"} 1"));
  EXPECT_THAT(text, HasSubstr("phyllo_state{ring=\"global\",state=\"joining\"} 1"));
  EXPECT_THAT(text, HasSubstr("phyllo_foreigners_refused_total 9"));
}

TEST(Metrics, TellWhatCrossesBordersAndWhatThatCosts) {
  Status status;
  status.borders = {{"eu", "us", {3, {100, 20}}, {}}, {"us", "eu", {1, {0, 7}}, {}}};
  status.borders[0].spending = {.spent = 1.5,
                                .expected = 45,
                                .expected_last_day = 12,
                                .budget = 30,
                                .state = regions::BudgetState::kAhead,
                                .sharers = 4};
  const std::string text = text_of(status);
  EXPECT_THAT(text, HasSubstr("border_bytes_total{from=\"eu\",to=\"us\",kind=\"data\"} 100"));
  EXPECT_THAT(text, HasSubstr("border_bytes_total{from=\"us\",to=\"eu\",kind=\"control\"} 7"));
  EXPECT_THAT(text, HasSubstr("phyllo_border_cost{from=\"eu\",to=\"us\"} 1.5"));
  EXPECT_THAT(text, HasSubstr("phyllo_border_expected_cost{from=\"eu\",to=\"us\"} 45"));
  EXPECT_THAT(text, HasSubstr("phyllo_border_expected_cost_last_day{from=\"eu\",to=\"us\"} 12"));
  EXPECT_THAT(text, HasSubstr("phyllo_border_budget{from=\"eu\",to=\"us\"} 30"));
  EXPECT_THAT(text, HasSubstr("phyllo_border_budget_share{from=\"eu\",to=\"us\"} 7.5"));
  EXPECT_THAT(text, HasSubstr("phyllo_border_budget_state{from=\"eu\",to=\"us\"} 1"));
  EXPECT_THAT(text, testing::Not(HasSubstr("phyllo_border_budget{from=\"us\"")));
}

TEST(Metrics, TellWhatRegionsExchangeOfTopics) {
  Status status;
  EXPECT_THAT(text_of(status), testing::Not(HasSubstr("phyllo_exported_")));  // one region
  regions::BordersStats& borders = status.broker.borders.emplace();
  borders.malformed = 4;
  borders.exported_batches = 11;
  borders.exported_messages = 12;
  borders.exported_bytes = 13;
  borders.repeated_batches = 14;
  borders.imported_batches = 15;
  borders.imported_messages = 16;
  borders.dropped_messages = 17;
  borders.refused_rolls = 18;
  borders.refused_questions = 25;
  borders.waiting_bytes = 19;
  borders.registrations = 20;
  borders.rolls = 21;
  borders.fenced_off = 24;
  borders.relayed_batches = 22;
  borders.relay_drops = 23;
  const std::string text = text_of(status);
  for (const char* line : {"phyllo_exported_batches_total 11", "phyllo_exported_messages_total 12",
                           "phyllo_exported_bytes_total 13", "phyllo_export_repeats_total 14",
                           "phyllo_imported_batches_total 15", "phyllo_imported_messages_total 16",
                           "phyllo_export_dropped_messages_total 17",
                           "phyllo_rolls_refused_total 18", "phyllo_questions_refused_total 25",
                           "phyllo_export_queue_bytes 19", "phyllo_registered_topics 20",
                           "phyllo_rendezvous_topics 21", "phyllo_relayed_batches_total 22",
                           "phyllo_relay_drops_total 23", "phyllo_fence_refusals_total 24"}) {
    EXPECT_THAT(text, HasSubstr(std::string("\n") + line + "\n"));
  }
}

TEST(Metrics, NamesAreUniqueAndCountersEndInTotal) {
  std::set<std::string> names;
  for (const auto& family : metrics_of(busy_status())) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_TRUE(family.name.starts_with("phyllo_")) << family.name;
    EXPECT_TRUE(family.help.ends_with('.')) << family.name;
    EXPECT_EQ(family.type == prometheus::MetricType::Counter, family.name.ends_with("_total"))
        << family.name;
  }
}

TEST(Metrics, LabelsOfAFamilyAreUnique) {
  for (const auto& family : metrics_of(busy_status())) {
    std::set<std::vector<std::string>> seen;
    for (const auto& metric : family.metric) {
      std::vector<std::string> labels;
      for (const auto& label : metric.label) labels.push_back(label.name + "=" + label.value);
      EXPECT_TRUE(seen.insert(labels).second) << family.name;
    }
  }
}

/// Empty when it is not installed; `./dev setup` does that.
std::string promtool() {
  const std::string own = PHYLLO_SOURCE_DIR "/.cache/tools/promtool";
  if (std::filesystem::exists(own)) return own;
  return std::system("promtool --version >/dev/null 2>&1") == 0 ? "promtool" : "";
}

TEST(Metrics, PromtoolHasNothingToSay) {
  const std::string tool = promtool();
  if (tool.empty()) GTEST_SKIP() << "promtool is not installed";
  const auto file =
      std::filesystem::temp_directory_path() / ("phyllo-metrics-" + std::to_string(getpid()));
  std::ofstream(file) << text_of(busy_status());
  FILE* said = popen((tool + " check metrics < " + file.string() + " 2>&1").c_str(), "r");
  ASSERT_NE(said, nullptr);
  std::string findings;
  for (int c = fgetc(said); c != EOF; c = fgetc(said)) findings += static_cast<char>(c);
  EXPECT_EQ(pclose(said), 0);
  EXPECT_EQ(findings, "");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace phyllo::broker
