#include "regions/respondent.h"

#include <algorithm>
#include <map>

namespace phyllo::regions {

using overlay::Contact;

namespace {

constexpr std::size_t kKeptLost = 64;

}  // namespace

void Respondent::on_roll_call(Turn& turn, const RollCall& call) {
  const Contact& self = state_.self();
  if (call.region != self.region()) return;
  Present answer;
  std::map<overlay::NodeId, std::pair<Contact, RollCall>> onward;
  for (const RollCall::Topic& topic : call.topics) {
    if (!belongs(turn, call, topic)) continue;
    const auto root = seats_.at_home(topic.id);
    if (!root) continue;
    if (root->id() != self.id()) {
      const RollCall empty{call.rendezvous, call.region, {}};
      onward.try_emplace(root->id(), *root, empty).first->second.second.topics.push_back(topic);
      continue;
    }
    Register word = registrar_.word(topic.id);
    if (word.subscribers == 0 && turn.now() < sure_) continue;
    word.name = topic.name;
    answer.registered.push_back(std::move(word));
  }
  for (const auto& [id, next] : onward) turn.send(next.first, next.second);
  if (!answer.registered.empty()) turn.send(call.rendezvous, answer);
}

/// Whether this broker takes the topic for what the rendezvous takes it for, and lets it be there.
bool Respondent::belongs(Turn& turn, const RollCall& call, const RollCall::Topic& topic) {
  if (topic.name) {
    const EnclosureRef enclosure = seats_.enclosure(turn, *topic.name);
    if (enclosure) return seats_.admits(enclosure, call.rendezvous.region());
  } else if (!registrar_.enclosure(topic.id)) {
    return true;
  }
  ++state_.stats.fenced_off;
  return false;
}

/// One that left in good order has handed its trees over.
void Respondent::peer_lost(Time now, const overlay::PeerLost& lost) {
  if (lost.reason == overlay::PeerLost::Reason::kLeft) return;
  if (lost.peer.region() != state_.self().region()) return;
  if (std::ranges::count(lost_, lost.peer) > 0) return;
  if (lost_.size() == kKeptLost) lost_.pop_front();
  lost_.push_back(lost.peer);
  sure_ = std::max(sure_, now + state_.config.regrafting);
}

/// The region had other roots before this one came.
void Respondent::leaf_set_changed(Time now) {
  if (!std::exchange(began_, true)) sure_ = std::max(sure_, now + state_.config.settling);
}

}  // namespace phyllo::regions
