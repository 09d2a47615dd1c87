#include "cli/regions/border_survey.h"

#include <algorithm>
#include <utility>

namespace phyllo::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// So many clients at a time: each has a thread and sockets.
constexpr std::size_t kAtOnce = 32;
/// Whoever listens but does not greet in that time is no broker that answers.
constexpr milliseconds kLeastAttempt{200};

Client client_of(const AskedBroker& broker, milliseconds wait) {
  ClientOptions options;
  options.name = "phyllo regions";
  options.close_timeout = wait;
  const auto turn = wait / (static_cast<int>(broker.endpoints.size()) + 1);
  options.connect_timeout = std::clamp(turn, kLeastAttempt, ClientOptions{}.connect_timeout);
  return Client(broker.endpoints, options);
}

void note(const PeerInfo& peer, BorderSurvey& survey) { survey.known.emplace(peer.node_id, peer); }

/// `ring`: a PeersInfo or a RingInfo.
template <class Ring>
void note_all(const Ring& ring, BorderSurvey& survey) {
  for (const auto* list : {&ring.left_leaves, &ring.right_leaves, &ring.table}) {
    for (const PeerInfo& peer : *list) note(peer, survey);
  }
}

Status ask_one(Client& client, steady_clock::time_point until, BorderSurvey& survey) {
  const auto left = [until] {
    const auto time = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    return std::max(time, kLeastAttempt);
  };
  if (const Status connected = client.wait_connected(left()); !connected.ok()) {
    const Status reason = client.status();
    return reason.ok() ? connected : reason;
  }
  StatusOr<BordersInfo> borders = client.borders(left());
  if (!borders) return borders.status();
  const StatusOr<PeersInfo> peers = client.peers(left());
  if (!peers) return peers.status();
  note(peers->self, survey);
  note_all(*peers, survey);
  if (peers->global_ring) note_all(*peers->global_ring, survey);
  const bool again = std::ranges::any_of(survey.answers, [&](const BordersInfo& answer) {
    return answer.node_id == borders->node_id;
  });
  if (!again) survey.answers.push_back(*std::move(borders));
  return {};
}

}  // namespace

std::vector<PeerInfo> BorderSurvey::missing() const {
  std::vector<PeerInfo> list;
  for (const auto& [id, peer] : known) {
    const bool answered = std::ranges::any_of(
        answers, [&](const BordersInfo& answer) { return answer.node_id == id; });
    if (!answered) list.push_back(peer);
  }
  return list;
}

std::set<std::string> BorderSurvey::incomplete_regions() const {
  std::set<std::string> regions;
  for (const PeerInfo& peer : missing()) regions.insert(peer.region);
  return regions;
}

BorderSurvey BorderAsker::ask() {
  BorderSurvey survey;
  for (std::size_t first = 0; first < brokers_.size(); first += kAtOnce) {
    const std::size_t last = std::min(first + kAtOnce, brokers_.size());
    const auto until = steady_clock::now() + wait_;
    if (clients_.empty()) {
      for (std::size_t i = first; i < last; ++i) clients_.push_back(client_of(brokers_[i], wait_));
    }
    for (std::size_t i = first; i < last; ++i) {
      const Status status = ask_one(clients_[i - first], until, survey);
      if (!status.ok()) survey.silent.push_back({brokers_[i].name, status.message()});
    }
    if (brokers_.size() > kAtOnce) clients_.clear();
  }
  return survey;
}

}  // namespace phyllo::cli
