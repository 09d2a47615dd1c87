#include "cli/demo/stations.h"

#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace phyllo::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kGlance{20};
constexpr milliseconds kAnswer{500};  ///< a broker on this host answers sooner
constexpr const char* kRehearsal = "demo/rehearsal";

/// `ring`: a PeersInfo or a RingInfo.
template <class Ring>
void note_all(const Ring& ring, std::set<std::string>& known) {
  for (const auto* list : {&ring.left_leaves, &ring.right_leaves, &ring.table}) {
    for (const PeerInfo& peer : *list) known.insert(peer.node_id);
  }
}

/// Ok when the broker is active in all its rings and knows `others` others; else what is missing.
Status in_ring(Client& client, const std::string& name, std::size_t others) {
  if (Status status = client.wait_connected(kAnswer); !status.ok()) {
    return Status(status.code(), "no connection to broker " + name + ": " + status.message());
  }
  const StatusOr<PeersInfo> peers = client.peers(kAnswer);
  if (!peers) {
    return Status(peers.status().code(), "broker " + name + ": " + peers.status().message());
  }
  std::set<std::string> known;
  note_all(*peers, known);
  std::string state = peers->state;
  if (peers->global_ring) {
    note_all(*peers->global_ring, known);
    if (state == "active") state = peers->global_ring->state;
  }
  if (state == "active" && known.size() >= others) return {};
  return Status(StatusCode::kTimeout, "broker " + name + " is " + state + " and knows " +
                                          std::to_string(known.size()) + " of " +
                                          std::to_string(others) + " others");
}

/// The outcomes of subscriptions that are under way, reported from callback threads.
struct Outcomes {
  std::mutex mutex;
  std::size_t live = 0;
  Status failure;

  void report(const Status& status) {
    const std::scoped_lock lock(mutex);
    if (status.ok()) {
      ++live;
    } else {
      failure = status;
    }
  }
  std::pair<std::size_t, Status> look() {
    const std::scoped_lock lock(mutex);
    return {live, failure};
  }
};

/// Who was heard by whom in a rehearsal.
struct Echoes {
  std::mutex mutex;
  std::set<std::size_t> heard;
  std::uint64_t publisher = 0;
};

}  // namespace

Stations::Stations(const std::vector<BrokerSettings>& brokers) {
  for (const BrokerSettings& broker : brokers) {
    ClientOptions options;
    options.name = "phyllo demo";
    stations_.push_back(std::make_unique<Station>(
        Station{broker.name, broker.region, Client({broker.clients}, options), {}}));
  }
}

Status Stations::await_ring(milliseconds patience, const GivenUp& given_up) {
  const auto until = Clock::now() + patience;
  for (const auto& station : stations_) {
    while (true) {
      const Status status = in_ring(station->client, station->name, stations_.size() - 1);
      if (status.ok()) break;
      if (given_up() || Clock::now() >= until) return status;
      std::this_thread::sleep_for(kGlance);
    }
  }
  return {};
}

Status Stations::subscribe(const std::vector<std::string>& topics, DemoMonitor& monitor,
                           milliseconds patience, const GivenUp& given_up) {
  const auto outcomes = std::make_shared<Outcomes>();
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    SubscribeOptions options;
    options.timeout = patience;
    options.on_gap = [&monitor, region = stations_[i]->region](const Gap& gap) {
      monitor.lost(region, gap);
    };
    for (const std::string& topic : topics) {
      stations_[i]->subscriptions.push_back(stations_[i]->client.subscribe_async(
          topic, [&monitor, i](const Message& message) { monitor.received(i, message); },
          [outcomes](const Status& status) { outcomes->report(status); }, options));
    }
  }
  const auto until = Clock::now() + patience;
  while (true) {
    const auto [live, failure] = outcomes->look();
    if (!failure.ok()) return failure;
    if (live == subscriptions()) return {};
    if (given_up() || Clock::now() >= until) {
      return Status(StatusCode::kTimeout, "only " + std::to_string(live) + " of " +
                                              std::to_string(subscriptions()) +
                                              " subscriptions became live");
    }
    std::this_thread::sleep_for(kGlance);
  }
}

StatusOr<std::uint64_t> Stations::rehearse(milliseconds patience, const GivenUp& given_up) {
  // Somebody else may publish to the same topic; the token tells our message from theirs.
  const std::string token = std::to_string(std::random_device{}());
  Echoes echoes;
  std::vector<Subscription> subscriptions;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const auto on_message = [&echoes, &token, i](const Message& message) {
      if (message.payload() != token) return;
      const std::scoped_lock lock(echoes.mutex);
      echoes.heard.insert(i);
      echoes.publisher = message.publisher();
    };
    SubscribeOptions options;
    options.timeout = patience;
    subscriptions.push_back(stations_[i]->client.subscribe(kRehearsal, on_message, options));
    if (!subscriptions.back()) return subscriptions.back().status();
  }
  if (Status status = publishing().publisher(kRehearsal).publish(token); !status.ok())
    return status;
  const auto until = Clock::now() + patience;
  while (true) {
    {
      const std::scoped_lock lock(echoes.mutex);
      if (echoes.heard.size() == stations_.size()) return echoes.publisher;
      if (given_up() || Clock::now() >= until) {
        return Status(StatusCode::kTimeout, "a first message arrived at only " +
                                                std::to_string(echoes.heard.size()) + " of " +
                                                std::to_string(stations_.size()) + " brokers");
      }
    }
    std::this_thread::sleep_for(kGlance);
  }
}

std::vector<BordersInfo> Stations::borders(milliseconds patience) {
  std::vector<BordersInfo> answers;
  for (const auto& station : stations_) {
    StatusOr<BordersInfo> answer = station->client.borders(patience);
    if (answer) answers.push_back(*std::move(answer));
  }
  return answers;
}

std::size_t Stations::subscriptions() const {
  std::size_t sum = 0;
  for (const auto& station : stations_) sum += station->subscriptions.size();
  return sum;
}

void Stations::close() {
  constexpr milliseconds kPatience{1000};
  for (const auto& station : stations_) {
    station->subscriptions.clear();
    station->client.close(kPatience);
  }
}

}  // namespace phyllo::cli
