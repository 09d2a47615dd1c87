#include "sim/oracle/border_copies.h"

#include <algorithm>
#include <utility>

#include "sim/network/message_text.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

/// Enough to see what is wrong.
constexpr std::size_t kFindings = 5;
/// So many batches of each publisher, one every so often.
constexpr int kBatches = 4;
constexpr Duration kBetween = 50ms;

struct Sent {
  BatchName batch;
  std::string topic;
  std::size_t home;
};

/// The regions with subscribers of each topic.
std::map<std::string, std::set<std::size_t>> interest(const Cluster& cluster,
                                                      const BorderCopies& copies) {
  std::map<std::string, std::set<std::size_t>> regions;
  for (const auto& program : cluster.programs()) {
    const std::size_t region = copies.region_number(cluster.region(program->broker()));
    for (const Listening* listening : program->listenings()) {
      regions[listening->topic].insert(region);
    }
  }
  return regions;
}

void publish_all(Cluster& cluster, const BorderCopies& copies, std::vector<Sent>& sent) {
  for (const auto& program : cluster.programs()) {
    if (!program->connected()) continue;
    std::set<std::string> topics = program->topics();
    topics.merge(program->published_topics());
    for (const std::string& topic : topics) {
      const multicast::Sequence first = program->publish(topic);
      const auto id = multicast::TopicId::of(*TopicName::parse(topic));
      sent.push_back({{id, program->publisher(), first},
                      topic,
                      copies.region_number(cluster.region(program->broker()))});
    }
  }
}

}  // namespace

BorderCopies::BorderCopies(const Cluster& cluster, const Readers& readers) : cluster_(cluster) {
  for (const auto& [name, regions] : readers) {
    const auto topic = multicast::TopicId::of(*TopicName::parse(name));
    names_[topic] = name;
    for (const std::string& region : regions) readers_[topic].insert(region_number(region));
  }
}

void BorderCopies::saw(const NetworkTrace::Record& record) {
  if (record.what != NetworkTrace::What::kSent || record.wire.body.empty()) return;
  const std::string& from = cluster_.region(record.from);
  const std::string& to = cluster_.region(record.to);
  if (from == to || !cluster_.running(record.to)) return;
  const auto carried = batch_in(cluster_, record.wire);
  if (!carried) return;
  const std::size_t region = region_number(to);
  const bool wanted = read_in(carried->name.topic, region);
  if (!wanted && carried->purpose == CarriedBatch::Purpose::kForReceiver) {
    stray(record, carried->name, "nobody there ever subscribes");
  }
  for (const auto& program : cluster_.programs()) {
    if (program->publisher() != carried->name.publisher) continue;
    if (cluster_.region(program->broker()) == to)
      stray(record, carried->name, "it came from there");
  }
  ++copies_;
  Crossed& crossed = batches_.try_emplace(carried->name, Crossed{record.when, {}}).first->second;
  if (++crossed.into[region] > 1) ++repeated_;
}

bool BorderCopies::read_in(const multicast::TopicId& topic, std::size_t region) const {
  const auto found = readers_.find(topic);
  return found != readers_.end() && found->second.contains(region);
}

void BorderCopies::stray(const NetworkTrace::Record& record, const BatchName& batch,
                         const char* why) {
  if (strays_.size() == kFindings) return;
  strays_.push_back(describe(batch) + " entered " + cluster_.region(record.to) + ", but " + why +
                    ": " + NetworkTrace::line(record, describe_wire_of_regions));
}

Findings BorderCopies::repeats(Time since) const {
  Findings out;
  for (const auto& [batch, crossed] : batches_) {
    if (crossed.first < since) continue;
    for (const auto& [region, count] : crossed.into) {
      if (count < 2 || out.size() == kFindings) continue;
      out.push_back(describe(batch) + " entered " + cluster_.setup().broker.regions[region] + ' ' +
                    std::to_string(count) + " times");
    }
  }
  return out;
}

std::map<std::size_t, std::uint64_t> BorderCopies::into(const BatchName& batch) const {
  const auto found = batches_.find(batch);
  return found == batches_.end() ? Copies{} : found->second.into;
}

std::size_t BorderCopies::region_number(const std::string& name) const {
  const auto& regions = cluster_.setup().broker.regions;
  return static_cast<std::size_t>(std::ranges::find(regions, name) - regions.begin());
}

std::string BorderCopies::describe(const BatchName& batch) const {
  const auto name = names_.find(batch.topic);
  return "message " + std::to_string(batch.first) + " of publisher " +
         std::to_string(batch.publisher) + " on " +
         (name == names_.end() ? batch.topic.hex() : name->second);
}

Findings check_copies(Cluster& cluster, const BorderCopies& copies, Duration patience) {
  std::vector<Sent> sent;
  for (int i = 0; i < kBatches; ++i) {
    publish_all(cluster, copies, sent);
    cluster.run_for(kBetween);
  }
  cluster.run_for(patience);
  const auto interested = interest(cluster, copies);
  const std::uint64_t relays = cluster.setup().broker.region_table.size() > 0 ? 1 : 0;
  Findings out;
  for (const Sent& each : sent) {
    const auto found = interested.find(each.topic);
    std::set<std::size_t> wanting;
    if (found != interested.end()) wanting = found->second;
    wanting.erase(each.home);
    auto into = copies.into(each.batch);
    for (auto& [region, count] : into) {
      if (!wanting.contains(region)) count -= std::min(count, relays);
    }
    CopyCount count;
    count.add(into, wanting);
    const auto complain = [&](std::uint64_t number, const char* what) {
      if (number == 0) return;
      out.push_back(copies.describe(each.batch) + ": " + std::to_string(number) + ' ' + what);
    };
    complain(count.repeated, "second copies entered a region");
    complain(count.missed, "copies did not enter a region that wants them");
    complain(count.unwanted, "copies entered a region without subscribers");
  }
  return out;
}

}  // namespace phyllo::sim
