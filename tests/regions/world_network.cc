// What passes between brokers, and how much of it.

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "base/check.h"
#include "regions/codec.h"
#include "tests/regions/world.h"

namespace phyllo::regions {

using overlay::Contact;

void World::say(std::size_t from, std::size_t to, const Message& message) {
  send(from, to, encode(message), false);
}

void World::send(std::size_t from, std::size_t to, overlay::AppMessage message, bool routed) {
  if (regions_[from]->side != regions_[to]->side || (routed && !routes)) return;
  Way& way = ways_[{from, to}];
  if (from != to && !routed && random_.chance(loss)) return;
  const auto delay = from == to ? Duration(0) : std::chrono::milliseconds(20);
  const auto extra = jitter == Duration(0) ? Duration(0)
                                           : Duration(static_cast<Duration::rep>(random_.below(
                                                 static_cast<std::uint64_t>(jitter.count()))));
  way.last = std::max(way.last, now_ + delay + extra);
  ++way.messages;
  const auto decoded = decode(message);
  PHYLLO_CHECK(decoded.ok());
  if (std::holds_alternative<multicast::Publish>(*decoded) ||
      std::holds_alternative<Relayed>(*decoded)) {
    if (cuts_.contains({from, to})) return;
    ++way.batches;
    way.bytes += message.body.size();
  }
  const auto* relayed = std::get_if<Relayed>(&*decoded);
  if (relayed != nullptr && relayed->name) ++way.named;
  const bool of_none = std::holds_alternative<Seek>(*decoded) ||
                       std::holds_alternative<Sought>(*decoded) ||
                       std::holds_alternative<HopTaken>(*decoded);
  if (!of_none) ++way.about_topics;
  const bool twice = from != to && !routed && doubled > 0 && random_.chance(doubled);
  if (twice) arrive(way.last - now_ + std::chrono::milliseconds(3), from, to, message, routed);
  arrive(way.last - now_, from, to, std::move(message), routed);
}

void World::arrive(Duration delay, std::size_t from, std::size_t to, overlay::AppMessage message,
                   bool routed) {
  const auto life = regions_[to]->contact.incarnation();
  after(delay, [this, from, to, life, routed, message = std::move(message)] {
    Region& receiver = *regions_[to];
    if (!receiver.life || receiver.contact.incarnation() != life) return;
    if (receiver.side != regions_[from]->side) return;
    Effects effects;
    const Contact& sender = regions_[from]->contact;
    if (routed) {
      const overlay::Key key{};
      receiver.life->borders->arrived(now_, {key, sender, sender, 1, true, message, {}}, effects);
    } else {
      receiver.life->borders->received(now_, sender, message, effects);
    }
    settle(to, {}, std::move(effects));
  });
}

const World::Way& World::way(std::size_t from, std::size_t to) const {
  static const Way kUnused;
  const auto found = ways_.find({from, to});
  return found == ways_.end() ? kUnused : found->second;
}

}  // namespace phyllo::regions
