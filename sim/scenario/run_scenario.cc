#include "sim/scenario/run_scenario.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "broker/config/scalars.h"
#include "sim/experiment/seed_runner.h"
#include "sim/scenario/scenario_run.h"

namespace phyllo::sim {
namespace {

constexpr double kSecondsOfMonth = 30 * 24 * 3600;
constexpr std::size_t kMostTopics = 100;

double seconds_of(Duration duration) { return std::chrono::duration<double>(duration).count(); }
double milliseconds_of(Duration duration) { return seconds_of(duration) * 1000; }

std::int64_t count_of(std::uint64_t count) { return static_cast<std::int64_t>(count); }

std::uint64_t subscribers_of(const Scenario::Topic& topic) {
  return std::reduce(topic.subscribers.begin(), topic.subscribers.end(), std::uint64_t{0});
}

/// What a delivery ratio is made of; empty when nothing was to be delivered.
Cell share_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return {};
  return static_cast<double>(part) / static_cast<double>(whole);
}

Table topics_table(const Scenario& scenario, const ScenarioFindings& found) {
  Table table{.title = "Topics",
              .columns = {"topic", "root", "brokers", "depth", "fan-out", "subscribers",
                          "published", "delivered", "÷ due", "p50, ms", "p99, ms"},
              .rows = {},
              .note =
                  "Root, brokers in the tree, its depth in links and the most children of one "
                  "broker when measuring began; delays from publisher to subscriber."};
  for (std::size_t i = 0; i < std::min(scenario.topics.size(), kMostTopics); ++i) {
    const Scenario::Topic& topic = scenario.topics[i];
    const TreeShape& tree = found.trees[i];
    const Measurement::OfTopic& heard = found.topics[i];
    const std::uint64_t subscribers = subscribers_of(topic);
    const bool any = heard.delays.count() > 0;
    table.rows.push_back({topic.name, tree.root, count_of(tree.brokers), count_of(tree.depth),
                          count_of(tree.fan_out), count_of(subscribers), count_of(heard.published),
                          count_of(heard.delivered),
                          share_of(heard.delivered, heard.published * subscribers),
                          any ? Cell(milliseconds_of(heard.delays.quantile(.5))) : Cell(),
                          any ? Cell(milliseconds_of(heard.delays.quantile(.99))) : Cell()});
  }
  if (scenario.topics.size() > kMostTopics) {
    table.note += " And " + std::to_string(scenario.topics.size() - kMostTopics) + " more topics.";
  }
  return table;
}

double monthly_cost(const Scenario& scenario, const ScenarioFindings& found) {
  double cost = 0;
  for (std::size_t from = 0; from < found.traffic.size(); ++from) {
    for (std::size_t to = 0; to < found.traffic.size(); ++to) {
      cost += bytes_a_month(found, from, to) / 1e9 * scenario.network.price_per_gb[from][to];
    }
  }
  return cost;
}

Table regions_table(const Scenario& scenario, const ScenarioFindings& found) {
  Table table{
      .title = "Traffic between brokers",
      .columns = {"from", "to", "messages", "bytes", "GB a month", "price per GB", "cost a month"},
      .rows = {},
      .note =
          "Of what brokers say to each other, overlay and trees together, without the "
          "headers of TCP and IP. A month has 30 days like the time measured; a GB "
          "has 10⁹ bytes. Sum of the costs: "};
  const auto& names = scenario.network.names;
  for (std::size_t from = 0; from < names.size(); ++from) {
    for (std::size_t to = 0; to < names.size(); ++to) {
      const RegionMatrix::Traffic& traffic = found.traffic[from][to];
      if (traffic.messages == 0) continue;
      const double gigabytes = bytes_a_month(found, from, to) / 1e9;
      const double price = scenario.network.price_per_gb[from][to];
      table.rows.push_back({names[from], names[to], count_of(traffic.messages),
                            count_of(traffic.bytes), gigabytes, price, gigabytes * price});
    }
  }
  table.note += broker::show_real(std::round(monthly_cost(scenario, found) * 100) / 100) + ".";
  return table;
}

Table mishaps_table(const ScenarioFindings& found) {
  Table table{.title = "Faults",
              .columns = {"at, s", "what", "interrupted subscriptions", "all heard again after, s",
                          "longest silence, s", "still silent at the end", "messages missed",
                          "reported as gaps"},
              .rows = {},
              .note =
                  "Each until the next one, or the end. A subscription is interrupted when it "
                  "hears nothing for twice as long as before the first fault. Missed messages "
                  "are counted at every subscription; those missed while a program moved to "
                  "another broker are reported by its SDK, which is not counted here."};
  for (const Aftermath& after : found.aftermaths) {
    const bool again = after.interrupted > after.still_silent;
    table.rows.push_back({seconds_of(after.at), after.mishap, count_of(after.interrupted),
                          again ? Cell(seconds_of(after.recovered)) : Cell(),
                          after.interrupted > 0 ? Cell(seconds_of(after.longest_silence)) : Cell(),
                          count_of(after.still_silent), count_of(after.missed),
                          count_of(after.reported)});
  }
  return table;
}

/// Smallest, middle and largest over the seeds.
std::vector<Cell> spread(const std::string& what, std::vector<double> values) {
  const auto [least, most] = std::ranges::minmax(values);
  return {what, least, median(std::move(values)), most};
}

Table seeds_table(const Scenario& scenario, const std::vector<ScenarioFindings>& all) {
  Table table{.title = "Over all seeds",
              .columns = {"what", "least", "median", "most"},
              .rows = {},
              .note = {}};
  const auto each = [&](const std::string& what, const auto& value) {
    std::vector<double> values;
    for (const ScenarioFindings& found : all) values.push_back(value(found));
    table.rows.push_back(spread(what, std::move(values)));
  };
  each("delivered", [](const auto& found) { return static_cast<double>(found.delivered()); });
  each("delay p50, ms",
       [](const auto& found) { return milliseconds_of(found.delays().quantile(.5)); });
  each("delay p99, ms",
       [](const auto& found) { return milliseconds_of(found.delays().quantile(.99)); });
  each("cost a month", [&](const auto& found) { return monthly_cost(scenario, found); });
  for (std::size_t i = 0; i < scenario.mishaps.size(); ++i) {
    const std::string name = scenario.mishaps[i].text;
    const auto after = [i](const ScenarioFindings& found, auto of) {
      return i < found.aftermaths.size() ? of(found.aftermaths[i]) : 0.0;
    };
    each(name + ": all heard again after, s", [&](const auto& found) {
      return after(found, [](const Aftermath& a) { return seconds_of(a.recovered); });
    });
    each(name + ": messages missed", [&](const auto& found) {
      return after(found, [](const Aftermath& a) { return static_cast<double>(a.missed); });
    });
  }
  return table;
}

Plot deliveries_plot(const Scenario& scenario, const ScenarioFindings& found) {
  Plot plot{.title = "Deliveries over time",
            .x = "time, s",
            .y = "deliveries per second",
            .lines = {{"delivered", {}}}};
  const double length = seconds_of(scenario.duration) / Measurement::kStretches;
  for (std::size_t i = 0; i < found.deliveries_over_time.size(); ++i) {
    const double middle = (static_cast<double>(i) + .5) * length;
    if (middle > seconds_of(found.measured)) break;
    plot.lines[0].points.emplace_back(middle,
                                      static_cast<double>(found.deliveries_over_time[i]) / length);
  }
  const double due = scenario.expected_deliveries() / seconds_of(scenario.duration);
  plot.lines.push_back(
      {"due", {{0, due}, {seconds_of(scenario.duration), due}}, Plot::Stroke::kDashed});
  return plot;
}

void add_parameters(const Scenario& scenario, Report& report) {
  std::size_t subscribers = 0;
  std::size_t publishers = 0;
  for (const Scenario::Topic& topic : scenario.topics) {
    subscribers += subscribers_of(topic);
    publishers = std::reduce(topic.publishers.begin(), topic.publishers.end(), publishers);
  }
  report.parameters = {{"brokers", std::to_string(scenario.brokers.size())},
                       {"regions", std::to_string(scenario.network.names.size())},
                       {"profile", scenario.profile},
                       {"topics", std::to_string(scenario.topics.size())},
                       {"publishers", std::to_string(publishers)},
                       {"subscribers", std::to_string(subscribers)},
                       {"measured", broker::show_duration(scenario.duration)}};
}

}  // namespace

double bytes_a_month(const ScenarioFindings& found, std::size_t from, std::size_t to) {
  const auto bytes = static_cast<double>(found.traffic[from][to].bytes);
  return bytes / seconds_of(found.measured) * kSecondsOfMonth;
}

Report run_scenario(const Scenario& scenario, const Runs& runs, Progress& progress) {
  return scenario_report(
      scenario, runs,
      run_seeds<ScenarioFindings>(runs, progress, [&](std::uint64_t seed, SeedProgress& shown) {
        return run_seed(scenario, seed, shown, progress);
      }));
}

Report scenario_report(const Scenario& scenario, const Runs& runs,
                       const std::vector<ScenarioFindings>& found) {
  Report report;
  report.title = scenario.title;
  add_parameters(scenario, report);
  std::vector<ScenarioFindings> whole;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::string& violation : found[i].violations) {
      report.violations.push_back("seed " + std::to_string(runs.seeds[i]) + ": " + violation);
    }
    if (found[i].measured <= Duration::zero()) continue;
    report.seeds.push_back(runs.seeds[i]);
    whole.push_back(found[i]);
  }
  if (whole.empty()) return report;
  report.tables.push_back(topics_table(scenario, whole[0]));
  report.tables.push_back(regions_table(scenario, whole[0]));
  if (!whole[0].aftermaths.empty()) report.tables.push_back(mishaps_table(whole[0]));
  if (whole.size() > 1) report.tables.push_back(seeds_table(scenario, whole));
  report.plots.push_back(deliveries_plot(scenario, whole[0]));
  return report;
}

}  // namespace phyllo::sim
