#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/topic_name.h"
#include "broker/config/nearest_key.h"
#include "broker/config/yaml_reading.h"
#include "sim/scenario/scenario_parts.h"

namespace phyllo::sim {
namespace {

using broker::ConfigErrors;
using broker::YamlValue;

constexpr std::size_t kMaxTopics = 10'000;
constexpr std::size_t kMaxPrograms = 100'000;
constexpr double kMaxDeliveries = 50e6;
/// A message says when it was sent.
constexpr std::size_t kLeastBytes = 16;

/// As many as rank 1 has, shrunk by Zipf's law.
Scenario::Places shrunk(const Scenario::Places& places, std::size_t rank, double exponent) {
  Scenario::Places shrunk;
  for (const std::size_t count : places) {
    const double part = static_cast<double>(count) * std::pow(static_cast<double>(rank), -exponent);
    shrunk.push_back(static_cast<std::size_t>(part + 0.5));
  }
  return shrunk;
}

class TopicReader {
 public:
  TopicReader(Section& top, Scenario& scenario, ConfigErrors& errors)
      : top_(top), scenario_(scenario), errors_(errors) {}

  void read() {
    const auto topics = top_.items("topics");
    if (topics.empty()) return top_.fail_at("topics", "there is not a single topic");
    for (std::size_t i = 0; i < topics.size(); ++i) read_topic(topics[i], i);
    check_sizes();
  }

 private:
  void read_topic(const YamlValue& value, std::size_t number);
  void read_places(Section& topic, const std::string& key, Scenario::Places& places);
  void add(const Scenario::Topic& topic, std::size_t count, double zipf, Section& section);
  void check_sizes();

  Section& top_;
  Scenario& scenario_;
  ConfigErrors& errors_;
  std::set<std::string> names_;
};

void TopicReader::read_topic(const YamlValue& value, std::size_t number) {
  Section section(value, "topics[" + std::to_string(number) + "]", errors_);
  Scenario::Topic topic;
  std::size_t count = 1;
  double zipf = 0;
  const bool named = section.read_needed("name", broker::text_setting(topic.name));
  section.read("count", broker::count_setting(count, 1, kMaxTopics));
  section.read("zipf", broker::real_setting(zipf, 0, 10));
  section.read("rate", broker::real_setting(topic.rate, 0.001, 100'000));
  const std::size_t most = scenario_.broker.clients.message_bytes;
  section.read("size", broker::bytes_setting(topic.size, kLeastBytes, most));
  read_places(section, "publishers", topic.publishers);
  read_places(section, "subscribers", topic.subscribers);
  section.finish();
  if (named) add(topic, count, zipf, section);
}

void TopicReader::read_places(Section& topic, const std::string& key, Scenario::Places& places) {
  const auto& regions = scenario_.network.names;
  places.assign(regions.size(), 0);
  for (const YamlValue::Entry& entry : topic.entries(key)) {
    const auto region = scenario_.network.index(entry.key);
    if (!region) {
      const std::string near = broker::nearest_key(entry.key, regions);
      topic.fail(entry.position, topic.path_of(key) + ": there is no region " +
                                     broker::in_quotes(entry.key) +
                                     (near.empty() ? "" : "; did you mean '" + near + "'?"));
      continue;
    }
    const Outcome good =
        broker::read_scalar(entry.value, broker::count_setting(places[*region], 0, kMaxPrograms));
    const bool served = std::ranges::any_of(
        scenario_.brokers, [&](const auto& broker) { return broker.region == *region; });
    const std::string path = topic.path_of(key) + "." + entry.key;
    if (!good) {
      topic.fail(entry.value.position, path + ": " + good.error().message);
    } else if (places[*region] > 0 && !served) {
      topic.fail(entry.value.position, path + ": the region has no broker");
    }
  }
}

void TopicReader::add(const Scenario::Topic& topic, std::size_t count, double zipf,
                      Section& section) {
  for (std::size_t rank = 1; rank <= count; ++rank) {
    Scenario::Topic one = topic;
    if (count > 1) one.name += "/" + std::to_string(rank);
    one.subscribers = shrunk(topic.subscribers, rank, zipf);
    const Result<TopicName> name = TopicName::parse(one.name);
    if (!name) return section.fail_at("name", name.error().message);
    if (!names_.insert(one.name).second) {
      return section.fail_at("name",
                             "there is a topic " + broker::in_quotes(one.name) + " already");
    }
    if (scenario_.topics.size() == kMaxTopics) {
      return section.fail_at("count", "at most " + std::to_string(kMaxTopics) + " topics in all");
    }
    scenario_.topics.push_back(std::move(one));
  }
}

void TopicReader::check_sizes() {
  std::size_t programs = 0;
  for (const Scenario::Topic& topic : scenario_.topics) {
    programs = std::reduce(topic.publishers.begin(), topic.publishers.end(), programs);
    programs = std::reduce(topic.subscribers.begin(), topic.subscribers.end(), programs);
  }
  if (programs > kMaxPrograms) {
    top_.fail_at("topics", "at most " + std::to_string(kMaxPrograms) +
                               " publishers and subscribers in all, not " +
                               std::to_string(programs));
  }
  const double deliveries = scenario_.expected_deliveries();
  if (deliveries <= kMaxDeliveries) return;
  top_.fail_at("topics", "this would deliver " + std::to_string(std::llround(deliveries / 1e6)) +
                             " million messages; at most 50 million can be simulated: lower "
                             "rates, numbers of programs, or the duration");
}

}  // namespace

void read_topics(Section& top, Scenario& scenario, ConfigErrors& errors) {
  TopicReader(top, scenario, errors).read();
}

}  // namespace phyllo::sim
