#include <algorithm>
#include <map>
#include <set>

#include "sim/oracle/cluster_oracle.h"

namespace phyllo::sim {
namespace {

using multicast::Gap;
using multicast::PublisherId;
using multicast::StreamBatch;

using Publishers = std::map<std::string, std::vector<Program*>>;

/// A program that the topic's subscribers can hear.
Program* somebody_for(const std::string& topic, const Cluster& cluster,
                      const std::vector<Program*>& connected) {
  const auto subscriber = std::ranges::find_if(
      connected, [&](const Program* program) { return program->topics().contains(topic); });
  const auto heard = std::ranges::find_if(connected, [&](const Program* program) {
    return cluster.share_trees(program->broker(), (*subscriber)->broker());
  });
  return *heard;
}

/// Who publishes on each topic that has subscribers.
Publishers publishers_of(const Cluster& cluster) {
  std::set<std::string> topics;
  std::vector<Program*> connected;
  for (const auto& program : cluster.programs()) {
    if (!program->connected()) continue;
    connected.push_back(program.get());
    topics.merge(program->topics());
  }
  Publishers publishers;
  for (const std::string& topic : topics) {
    auto& some = publishers[topic];
    for (Program* program : connected) {
      if (program->published_topics().contains(topic)) some.push_back(program);
    }
    if (some.empty()) some.push_back(somebody_for(topic, cluster, connected));
  }
  return publishers;
}

/// How much each subscription had heard.
std::map<const Listening*, std::size_t> heard_until_now(const Cluster& cluster) {
  std::map<const Listening*, std::size_t> heard;
  for (const auto& program : cluster.programs()) {
    for (const Listening* listening : program->listenings()) {
      heard[listening] = listening->heard.size();
    }
  }
  return heard;
}

struct Heard {
  std::size_t publishers = 0;
  bool twice = false;
  std::size_t gaps = 0;
};

Heard heard_since(const Listening& listening, std::size_t from) {
  Heard heard;
  std::set<PublisherId> publishers;
  for (std::size_t i = from; i < listening.heard.size(); ++i) {
    if (const auto* batch = std::get_if<StreamBatch>(&listening.heard[i])) {
      heard.twice |= batch->batch.count != 1 || !publishers.insert(batch->batch.publisher).second;
    } else {
      ++heard.gaps;
    }
  }
  heard.publishers = publishers.size();
  return heard;
}

enum class Gaps { kAllowed, kForbidden };

Findings publish_once(Cluster& cluster, Duration patience, Gaps gaps) {
  const Publishers publishers = publishers_of(cluster);
  const auto before = heard_until_now(cluster);
  for (const auto& [topic, programs] : publishers) {
    for (Program* program : programs) program->publish(topic);
  }
  cluster.run_for(patience);
  Findings out;
  for (const auto& program : cluster.programs()) {
    for (const Listening* listening : program->listenings()) {
      const std::string name = program->name() + " on " + listening->topic;
      const auto known = before.find(listening);
      if (known == before.end()) {
        out.push_back(name + " had to subscribe anew");
        continue;
      }
      const Heard heard = heard_since(*listening, known->second);
      const std::size_t wanted = publishers.at(listening->topic).size();
      if (heard.publishers != wanted) {
        out.push_back(name + " heard " + std::to_string(heard.publishers) + " of " +
                      std::to_string(wanted) + " publishers");
      }
      if (heard.twice) out.push_back(name + " heard something twice");
      if (heard.gaps > 0 && gaps == Gaps::kForbidden) out.push_back(name + " was told of a gap");
    }
  }
  return out;
}

}  // namespace

Findings check_publications(Cluster& cluster, Duration patience) {
  Findings out = publish_once(cluster, patience, Gaps::kAllowed);
  append(out, publish_once(cluster, patience, Gaps::kForbidden));
  return out;
}

}  // namespace phyllo::sim
