#include <algorithm>
#include <array>
#include <map>

#include "broker/config/nearest_key.h"
#include "sim/scenario/cloud_regions.h"
#include "sim/scenario/scenario_parts.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using broker::ConfigErrors;
using broker::YamlValue;

constexpr std::size_t kMaxBrokers = 5'000;
constexpr std::size_t kMaxRegions = 200;
constexpr Duration kLongestRoundTrip = 1min;
constexpr double kHighestPrice = 1000;

class NetworkReader {
 public:
  NetworkReader(Section& top, Scenario& scenario, ConfigErrors& errors)
      : top_(top), scenario_(scenario), table_(scenario.network), errors_(errors) {}

  void read() {
    for (const YamlValue::Entry& entry : top_.entries("regions")) read_region(entry);
    if (scenario_.brokers.empty()) return top_.fail_at("regions", "there is not a single broker");
    if (scenario_.brokers.size() > kMaxBrokers) {
      top_.fail_at("regions", "at most " + std::to_string(kMaxBrokers) + " brokers in all, not " +
                                  std::to_string(scenario_.brokers.size()));
    }
    if (table_.names.size() > kMaxRegions) return top_.fail_at("regions", "at most 200 regions");
    fill_table();
    std::size_t number = 0;
    for (const YamlValue& link : top_.items("links")) read_link(link, number++);
    check_complete();
    read_weather();
  }

 private:
  struct Place {
    std::optional<std::size_t> cloud;
    Duration within = 1ms;
  };

  void read_region(const YamlValue::Entry& entry);
  void read_place(Section& section, Place& place);
  void fill_table();
  void read_link(const YamlValue& value, std::size_t number);
  std::optional<std::array<std::size_t, 2>> read_ends(Section& link);
  void check_complete();
  void read_weather();

  Section& top_;
  Scenario& scenario_;
  RegionTable& table_;
  ConfigErrors& errors_;
  std::map<std::size_t, Place> places_;
};

void NetworkReader::read_region(const YamlValue::Entry& entry) {
  std::string name;
  if (const Outcome good = broker::name_setting(name).set(entry.key); !good) {
    return errors_.add(entry.position, "regions: a name " + good.error().message);
  }
  auto index = table_.index(name);
  if (!index) {
    table_.names.push_back(name);
    index = table_.names.size() - 1;
  }
  Section section(entry.value, "regions." + name, errors_);
  std::size_t brokers = 0;
  section.read("brokers", broker::count_setting(brokers, 0, kMaxBrokers));
  Place& place = places_[*index];
  section.read("within", broker::duration_setting(place.within, 1us, kLongestRoundTrip));
  read_place(section, place);
  section.finish();
  const std::size_t in_files = static_cast<std::size_t>(std::ranges::count(
      scenario_.brokers, *index, [](const Scenario::Broker& broker) { return broker.region; }));
  for (std::size_t i = in_files; i < in_files + brokers; ++i) {
    scenario_.brokers.push_back({name + "/" + std::to_string(i + 1), *index, std::nullopt});
  }
}

void NetworkReader::read_place(Section& section, Place& place) {
  std::string at;
  if (!section.read("at", broker::name_setting(at))) return;
  place.cloud = cloud::find(at);
  if (place.cloud) return;
  const std::string near = broker::nearest_key(at, cloud::names());
  std::string known;
  for (const std::string& name : cloud::names()) known += (known.empty() ? "" : ", ") + name;
  section.fail_at("at",
                  broker::in_quotes(at) + " is no region of the shipped matrix" +
                      (near.empty() ? "; it has " + known : "; did you mean '" + near + "'?"));
}

/// What the shipped matrix knows; the rest stays zero, which is no round trip.
void NetworkReader::fill_table() {
  const std::size_t size = table_.names.size();
  table_.round_trip.assign(size, std::vector<Duration>(size));
  table_.price_per_gb.assign(size, std::vector<double>(size));
  for (std::size_t from = 0; from < size; ++from) {
    table_.round_trip[from][from] = places_[from].within;
    for (std::size_t to = 0; to < size; ++to) {
      const auto a = places_[from].cloud;
      const auto b = places_[to].cloud;
      if (from == to || !a || !b) continue;
      table_.round_trip[from][to] =
          *a == *b ? std::max(places_[from].within, places_[to].within) : cloud::round_trip(*a, *b);
      if (*a != *b) table_.price_per_gb[from][to] = cloud::price_per_gb(*a, *b);
    }
  }
}

void NetworkReader::read_link(const YamlValue& value, std::size_t number) {
  Section link(value, "links[" + std::to_string(number) + "]", errors_);
  const auto ends = read_ends(link);
  Duration round_trip{};
  double price = 0;
  const bool has_time =
      link.read("round_trip", broker::duration_setting(round_trip, 1us, kLongestRoundTrip));
  const bool has_price = link.read("price_per_gb", broker::real_setting(price, 0, kHighestPrice));
  link.finish();
  if (!ends) return;
  const auto [a, b] = *ends;
  for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
    if (has_time) table_.round_trip[from][to] = round_trip;
    if (has_price) table_.price_per_gb[from][to] = price;
  }
}

std::optional<std::array<std::size_t, 2>> NetworkReader::read_ends(Section& link) {
  const YamlValue* const between = link.need("between");
  if (between == nullptr) return std::nullopt;
  if (between->kind != YamlValue::Kind::kList || between->items.size() != 2) {
    link.fail_at("between", "must be a list of two regions");
    return std::nullopt;
  }
  std::vector<std::size_t> ends;
  for (const YamlValue& item : between->items) {
    const auto index = item.is_scalar() ? table_.index(item.text) : std::nullopt;
    if (index) {
      ends.push_back(*index);
      continue;
    }
    const std::string near = broker::nearest_key(item.text, table_.names);
    link.fail(item.position, link.path_of("between") + ": there is no region " +
                                 broker::in_quotes(item.text) +
                                 (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  if (ends.size() != 2) return std::nullopt;
  if (ends[0] == ends[1]) {
    link.fail_at("between", "two different regions are needed; within one it is regions." +
                                table_.names[ends[0]] + ".within");
    return std::nullopt;
  }
  return std::array{ends[0], ends[1]};
}

void NetworkReader::check_complete() {
  const std::size_t size = table_.names.size();
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = a + 1; b < size; ++b) {
      if (table_.round_trip[a][b] > Duration::zero()) continue;
      top_.fail_at("regions", "nothing says how far " + table_.names[a] + " is from " +
                                  table_.names[b] +
                                  "; give both a place in the shipped matrix (at) or add a link");
    }
  }
}

void NetworkReader::read_weather() {
  const YamlValue* const value = top_.find("network");
  if (value == nullptr) return;
  Section network(*value, "network", errors_);
  network.read("jitter", broker::real_setting(scenario_.weather.jitter, 0, 1));
  network.read("loss", broker::real_setting(scenario_.weather.loss, 0, .5));
  network.finish();
}

}  // namespace

void read_network(Section& top, Scenario& scenario, ConfigErrors& errors) {
  NetworkReader(top, scenario, errors).read();
}

}  // namespace phyllo::sim
