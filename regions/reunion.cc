#include "regions/reunion.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace phyllo::regions {

using overlay::Contact;

namespace {

/// So many are remembered of each region, and so many of them named.
constexpr std::size_t kVisitors = 8;
constexpr std::size_t kNamed = 2;
/// × refresh, between two questions while nothing happens.
constexpr int kLongest = 16;
/// Times as long when so many of the region were met, at most four times: one who asks is enough
/// for all of his ring, and the place has to answer each of them.
constexpr std::size_t kMet = 4;
constexpr std::size_t kSeldom = 4;

/// A topic may have the same name, which makes no difference to either.
std::optional<overlay::Key> place_of(const std::string& region) {
  const auto name = TopicName::parse("regions/" + region);
  return name ? std::optional(TopicId::of(*name).key()) : std::nullopt;
}

}  // namespace

void Reunion::on_visit(Turn& turn, const Contact& visitor, const Seek& seek) {
  const bool own = seek.region == state_.self().region();
  if (!own && std::ranges::count(state_.routes.others(), seek.region) == 0) return;
  std::deque<Visit>& visits = visits_[seek.region];
  std::erase_if(visits, [&](const Visit& visit) {
    return visit.visitor.id() == visitor.id() ||
           turn.now() - visit.when >= state_.config.interest_life;
  });
  Sought answer{seek.region, {}};
  for (const Visit& visit : visits) answer.brokers.push_back(visit.visitor);
  // Others each time: some may be of the visitor's own ring, or gone.
  while (answer.brokers.size() > kNamed) {
    const auto victim = state_.random.below(answer.brokers.size());
    answer.brokers.erase(answer.brokers.begin() + static_cast<std::ptrdiff_t>(victim));
  }
  if (visits.size() == kVisitors) visits.pop_front();
  visits.push_back({visitor, turn.now()});
  if (own) introduce(turn, visitor);
  if (own || !answer.brokers.empty()) turn.send(visitor, answer);
}

void Reunion::on_sought(Turn& turn, const Contact& from, const Sought& sought) {
  if (sought.region != state_.self().region()) return;
  introduce(turn, from);
  for (const Contact& broker : sought.brokers) introduce(turn, broker);
}

void Reunion::introduce(Turn& turn, const Contact& stranger) {
  const Contact& self = state_.self();
  if (stranger.region() == self.region() && stranger.id() != self.id()) {
    turn.emit(Introduce{stranger});
  }
}

void Reunion::peer_lost(Time now, const overlay::PeerLost& lost) {
  if (next_ == kNever || lost.reason == overlay::PeerLost::Reason::kLeft) return;
  if (lost.peer.region() != state_.self().region()) return;
  pause_ = state_.config.refresh;
  next_ = std::min(next_, now + state_.random.around(pause_, 0.5));
}

void Reunion::leaf_set_changed(Time now) {
  if (next_ != kNever) return;
  pause_ = state_.config.refresh;
  next_ = now + state_.random.around(pause_, 0.5);
}

Duration Reunion::longest_pause() const {
  const std::size_t met = state_.ring.met(state_.self().region()).size();
  const auto factor = static_cast<int>(std::clamp<std::size_t>(met / kMet, 1, kSeldom));
  return state_.config.refresh * kLongest * factor;
}

void Reunion::tick(Turn& turn) {
  if (turn.now() < next_) return;
  next_ = turn.now() + state_.random.around(pause_, 0.25);
  pause_ = std::min(pause_ * 2, longest_pause());
  const std::string& region = state_.self().region();
  if (const auto place = place_of(region)) turn.route(*place, Seek{region});
}

}  // namespace phyllo::regions
