#include "cli/demo/demo_monitor.h"

#include <utility>

namespace phyllo::cli {
namespace {

/// Only the beginning of a payload is ever shown.
constexpr std::size_t kLatestBytes = 200;

}  // namespace

DemoMonitor::DemoMonitor(std::vector<std::string> regions)
    : regions_(std::move(regions)), ledger_(regions_.size()) {}

void DemoMonitor::add_topic(const std::string& topic) {
  const std::scoped_lock lock(mutex_);
  topics_.push_back(topic);
}

void DemoMonitor::received(std::size_t subscriber, const Message& message) {
  const std::scoped_lock lock(mutex_);
  ledger_.received(subscriber, message.topic(), message.publisher(), message.publisher_sequence());
  latest_[message.topic()] = message.payload().substr(0, kLatestBytes);
}

void DemoMonitor::lost(const std::string& region, const Gap&) {
  const std::scoped_lock lock(mutex_);
  ++gaps_by_region_[region];
}

void DemoMonitor::published(const std::string& topic, std::uint64_t publisher, std::uint64_t last) {
  const std::scoped_lock lock(mutex_);
  ledger_.published(topic, publisher, last);
}

DemoSnapshot DemoMonitor::snapshot(Moment now) {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, DemoSnapshot::Region> regions;
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    DemoSnapshot::Region& region = regions[regions_[i]];
    const DeliveryLedger::Counts counts = ledger_.of_subscriber(i);
    region.name = regions_[i];
    ++region.brokers;
    region.subscribers += topics_.size();
    region.received += counts.received;
    region.lost += counts.missing;
  }
  DemoSnapshot snapshot;
  for (auto& [name, region] : regions) {
    region.gaps = gaps_by_region_[name];
    region.rate = paces_["region " + name].per_second(region.received, now);
    snapshot.regions.push_back(region);
  }
  for (const std::string& name : topics_) {
    const DeliveryLedger::Counts counts = ledger_.of_topic(name);
    const double rate = paces_["topic " + name].per_second(counts.received, now);
    snapshot.topics.push_back(
        {name, counts.published, regions_.size(), rate, counts.missing, latest_[name]});
  }
  return snapshot;
}

DeliveryLedger::Counts DemoMonitor::total() const {
  const std::scoped_lock lock(mutex_);
  return ledger_.total();
}

std::uint64_t DemoMonitor::outstanding() const {
  const std::scoped_lock lock(mutex_);
  return ledger_.outstanding();
}

std::uint64_t DemoMonitor::gaps() const {
  const std::scoped_lock lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [region, count] : gaps_by_region_) sum += count;
  return sum;
}

}  // namespace phyllo::cli
