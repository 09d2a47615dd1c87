#include "tests/regions/world.h"

#include <algorithm>
#include <variant>

#include "base/batch_body.h"
#include "base/check.h"
#include "regions/codec.h"

namespace phyllo::regions {

using multicast::TopicId;
using overlay::Contact;

namespace {

TopicName name_of(const std::string& topic) { return TopicName::parse(topic).value(); }
TopicId id_of(const std::string& topic) { return TopicId::of(name_of(topic)); }

}  // namespace

/// Sees whom its region can reach.
class World::Ring final : public GlobalRing {
 public:
  Ring(const World& world, std::size_t region) : world_(world), region_(region) {}
  const Contact& self() const override { return world_.regions_[region_]->contact; }
  bool rendezvous_here(const TopicId& topic) const override {
    return world_.rendezvous_for(region_, topic.key()) == region_;
  }
  std::optional<Contact> successor(const TopicId& topic) const override {
    std::optional<Contact> best;
    for (std::size_t i = 0; i < world_.regions_.size(); ++i) {
      const Region& other = *world_.regions_[i];
      if (i == region_ || !other.life || other.side != world_.regions_[region_]->side) continue;
      if (!best || overlay::closer(topic.key(), other.contact.id(), best->id())) {
        best = other.contact;
      }
    }
    return best;
  }
  std::vector<Contact> met(const std::string& region) const override {
    std::vector<Contact> met;
    if (world_.unmet.contains({region_, region})) return met;
    for (std::size_t i = 0; i < world_.regions_.size(); ++i) {
      const Contact& other = world_.regions_[i]->contact;
      if (counts(i) && other.region() == region) met.push_back(other);
    }
    return met;
  }
  std::optional<std::vector<Contact>> all_others() const override {
    if (!world_.small) return std::nullopt;
    std::vector<Contact> others;
    for (std::size_t i = 0; i < world_.regions_.size(); ++i) {
      const Contact& other = world_.regions_[i]->contact;
      const bool unmet = world_.unmet.contains({region_, other.region()});
      if (i != region_ && counts(i) && !unmet) others.push_back(other);
    }
    return others;
  }
  bool home_root(overlay::Key) const override { return true; }
  std::optional<Contact> closest_at_home(overlay::Key) const override { return std::nullopt; }

 private:
  bool counts(std::size_t other) const {
    const Region& known = *world_.regions_[other];
    return known.there && known.counted == world_.regions_[region_]->counted;
  }

  const World& world_;
  std::size_t region_;
};

std::size_t World::add(const std::string& region) {
  return add(overlay::NodeId::random(random_), region);
}

std::size_t World::add_closest_to(const std::string& topic, const std::string& region) {
  return add(overlay::NodeId::at(id_of(topic).key()), region);
}

std::size_t World::add(overlay::NodeId id, const std::string& region) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  const Contact contact(id, 0, {region, endpoint, endpoint});
  regions_.push_back(std::make_unique<Region>(
      Region{.contact = contact, .life = {}, .asleep = {}, .heard = {}, .taken = {}}));
  boot(regions_.size() - 1);
  return regions_.size() - 1;
}

void World::boot(std::size_t number) {
  Region& region = *regions_[number];
  Life& life = region.life.emplace();
  region.there = true;
  region.counted = region.side;
  multicast::ForestConfig forest = multicast::ForestConfig::lan();
  forest.extent = multicast::Extent::kRegion;
  life.home =
      std::make_unique<overlay::Node>(overlay::NodeConfig{}, region.contact, random_.next());
  life.forest = std::make_unique<multicast::Forest>(forest, *life.home, random_.next());
  life.ring = std::make_unique<Ring>(*this, number);
  life.borders = std::make_unique<Borders>(config, table, fence, *life.ring, random_.next());
  overlay::Effects started;
  life.home->start(now_, {}, started);
  PHYLLO_CHECK(life.home->active());
  multicast::Effects effects;
  life.forest->leaf_set_changed(now_, effects);
  settle(number, std::move(effects), {});
  ring_changed(region.side, std::nullopt);
}

void World::kill(std::size_t number, Duration noticed) {
  regions_[number]->life.reset();
  fall_silent(number, noticed);
}

void World::fall_silent(std::size_t number, Duration noticed) {
  Region& region = *regions_[number];
  after(noticed, [this, &region] {
    region.there = region.life.has_value();
    ring_changed(region.side, region.contact);
  });
}

void World::sleep(std::size_t number, Duration noticed) {
  Region& region = *regions_[number];
  region.asleep = std::exchange(region.life, std::nullopt);
  fall_silent(number, noticed);
}

void World::wake(std::size_t number) {
  Region& region = *regions_[number];
  region.life = std::exchange(region.asleep, std::nullopt);
  region.there = true;
  ring_changed(region.side, std::nullopt);
  region.life->borders->joined(now_);
}

void World::remove(std::size_t number) {
  Region& region = *regions_[number];
  Effects effects;
  region.life->borders->leave(now_, effects);
  settle(number, {}, std::move(effects));
  region.life.reset();
  region.there = false;
  ring_changed(region.side, region.contact, overlay::PeerLost::Reason::kLeft);
}

void World::revive(std::size_t number) {
  Region& region = *regions_[number];
  region.contact = region.contact.reborn(region.contact.incarnation() + 1);
  boot(number);
}

void World::cut_off(std::size_t number, Duration noticed) {
  Region& region = *regions_[number];
  const int before = region.side;
  region.side = ++sides_;
  after(noticed, [this, &region, before] {
    region.counted = region.side;
    ring_changed(before, region.contact);
    for (const auto& other : regions_) {
      if (other->side == before) ring_changed(region.side, other->contact);
    }
  });
}

void World::rejoin(std::size_t number) {
  regions_[number]->side = regions_[number]->counted = 0;
  ring_changed(0, std::nullopt);
}

void World::ring_changed(int side, std::optional<Contact> lost, overlay::PeerLost::Reason why) {
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    Region& region = *regions_[i];
    if (!region.life || region.side != side) continue;
    Effects effects;
    if (lost) region.life->borders->peer_lost(now_, {*lost, why}, effects);
    region.life->borders->leaf_set_changed(now_, effects);
    settle(i, {}, std::move(effects));
  }
}

std::optional<std::size_t> World::rendezvous_for(std::size_t asker, overlay::Key key) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i]->life || regions_[i]->side != regions_[asker]->side) continue;
    if (!best || overlay::closer(key, regions_[i]->contact.id(), regions_[*best]->contact.id())) {
      best = i;
    }
  }
  return best;
}

std::size_t World::rendezvous(const std::string& topic) const {
  std::size_t asker = 0;
  while (!regions_[asker]->life || regions_[asker]->side != 0) ++asker;
  return *rendezvous_for(asker, id_of(topic).key());
}

// --- programs ---

void World::subscribe(std::size_t region, const std::string& topic) {
  Life& life = *regions_[region]->life;
  multicast::Effects effects;
  const Outcome done =
      life.forest->set_local_subscribers(now_, name_of(topic), ++life.subscribers[topic], effects);
  PHYLLO_CHECK(done.ok());
  settle(region, std::move(effects), {});
}

void World::unsubscribe(std::size_t region, const std::string& topic) {
  Life& life = *regions_[region]->life;
  multicast::Effects effects;
  const Outcome done =
      life.forest->set_local_subscribers(now_, name_of(topic), --life.subscribers[topic], effects);
  PHYLLO_CHECK(done.ok());
  if (life.subscribers[topic] == 0) life.live.erase(id_of(topic));
  settle(region, std::move(effects), {});
}

bool World::live(std::size_t region, const std::string& topic) const {
  return at(region).live.contains(id_of(topic));
}

Sequence World::publish(std::size_t region, const std::string& topic, PublisherId publisher,
                        std::size_t bytes) {
  const Sequence number = ++published_[publisher];
  BatchBodyWriter body;
  body.append(std::to_string(number) + std::string(bytes, '.'));
  multicast::Effects effects;
  const Outcome done = regions_[region]->life->forest->publish(
      now_, name_of(topic), id_of(topic), {publisher, number, 1, body.take(), {}}, effects);
  PHYLLO_CHECK(done.ok());
  settle(region, std::move(effects), {});
  return number;
}

const World::Heard& World::heard(std::size_t region, const std::string& topic,
                                 PublisherId publisher) const {
  static const Heard kNothing;
  const auto& heard = regions_[region]->heard;
  const auto found = heard.find({id_of(topic), publisher});
  return found == heard.end() ? kNothing : found->second;
}

std::uint64_t World::lost(std::size_t region) const { return regions_[region]->lost; }

bool World::taken(std::size_t region, PublisherId publisher, Sequence number) const {
  const auto found = regions_[region]->taken.find(publisher);
  return found != regions_[region]->taken.end() && found->second >= number;
}

std::uint64_t World::batches(std::size_t from, std::size_t to) const {
  const auto found = ways_.find({from, to});
  return found == ways_.end() ? 0 : found->second.batches;
}

std::uint64_t World::named(std::size_t from, std::size_t to) const {
  const auto found = ways_.find({from, to});
  return found == ways_.end() ? 0 : found->second.named;
}

std::uint64_t World::messages(std::size_t from, std::size_t to) const {
  const auto found = ways_.find({from, to});
  return found == ways_.end() ? 0 : found->second.messages;
}

std::uint64_t World::about_topics(std::size_t from, std::size_t to) const {
  const auto found = ways_.find({from, to});
  return found == ways_.end() ? 0 : found->second.about_topics;
}

std::uint64_t World::bytes(std::size_t from, std::size_t to) const {
  const auto found = ways_.find({from, to});
  return found == ways_.end() ? 0 : found->second.bytes;
}

// --- between the layers ---

void World::settle(std::size_t region, multicast::Effects forest, Effects borders) {
  Life& life = *regions_[region]->life;
  for (int flushed = 0; flushed < 2;) {
    if (!forest.empty()) {
      for (auto& effect : std::exchange(forest, {})) {
        tell(region, std::move(effect), forest, borders);
      }
    } else if (!borders.empty()) {
      for (auto& effect : std::exchange(borders, {})) {
        carry(region, std::move(effect), forest, borders);
      }
    } else {
      life.forest->flush(now_, forest);
      life.borders->flush(now_, borders);
      ++flushed;
    }
  }
  PHYLLO_CHECK(forest.empty() && borders.empty());
}

void World::survey(std::size_t region, const std::string& topic) {
  Effects effects;
  at(region).borders->survey(now_, name_of(topic), effects);
  settle(region, {}, std::move(effects));
}

void World::cast(std::size_t region, const std::string& topic, std::uint32_t wanted,
                 const std::string& text) {
  BatchBodyWriter body;
  body.append(text);
  Effects effects;
  at(region).borders->cast(now_, name_of(topic), body.take(), wanted, effects);
  settle(region, {}, std::move(effects));
}

void World::say(std::size_t from, std::size_t to, const Message& message) {
  send(from, to, encode(message), false);
}

bool World::ask(std::size_t number, Effect& effect, multicast::Effects& forest) {
  Region& region = *regions_[number];
  Life& life = *region.life;
  if (const auto* survey = std::get_if<SurveyHere>(&effect)) {
    life.tickets[life.forest->survey(now_, survey->topic, forest)] = survey->ticket;
  } else if (const auto* cast = std::get_if<CastHere>(&effect)) {
    const auto asked = life.forest->cast(now_, cast->topic, cast->payload, cast->wanted, forest);
    life.cast_tickets[asked] = cast->ticket;
  } else if (auto* surveyed = std::get_if<Surveyed>(&effect)) {
    region.surveys.push_back(std::move(*surveyed));
  } else if (auto* over = std::get_if<CastOver>(&effect)) {
    region.casts.push_back(std::move(*over));
  } else {
    return false;
  }
  return true;
}

bool World::answer(std::size_t number, multicast::Effect& effect, multicast::Effects& forest,
                   Effects& borders) {
  Region& region = *regions_[number];
  Life& life = *region.life;
  if (auto* survey = std::get_if<multicast::SurveyDone>(&effect)) {
    life.borders->surveyed(now_, life.tickets.at(survey->survey), std::move(*survey), borders);
  } else if (const auto* done = std::get_if<multicast::CastDone>(&effect)) {
    life.borders->cast_done(now_, life.cast_tickets.at(done->cast), *done, borders);
  } else if (const auto* offer = std::get_if<multicast::Offer>(&effect)) {
    const std::uint32_t takers = std::min(offer->wanted, region.takers);
    std::string_view text;
    PHYLLO_CHECK(BatchBodyReader(offer->payload.view()).next(text));
    region.took.insert(region.took.end(), takers, std::string(text));
    life.forest->answer_offer(now_, offer->offer, takers, forest);
  } else if (auto* toward = std::get_if<multicast::SendToward>(&effect)) {
    life.forest->arrived(
        now_,
        {toward->key, region.contact, region.contact, 1, true, std::move(toward->message), {}},
        forest);
  } else {
    return false;
  }
  return true;
}

void World::tell(std::size_t number, multicast::Effect effect, multicast::Effects& forest,
                 Effects& borders) {
  if (answer(number, effect, forest, borders)) return;
  Region& region = *regions_[number];
  Borders& own = *region.life->borders;
  if (const auto* numbered = std::get_if<multicast::Numbered>(&effect)) {
    own.numbered(now_, *numbered, borders);
  } else if (const auto* changed = std::get_if<multicast::RootChanged>(&effect)) {
    own.root_changed(now_, *changed, borders);
  } else if (const auto* deliver = std::get_if<multicast::Deliver>(&effect)) {
    const multicast::Batch& batch = deliver->batch.batch;
    if (!region.life->live.contains(deliver->topic)) return;
    Heard& heard = region.heard[{deliver->topic, batch.publisher}];
    for (std::uint32_t i = 0; i < batch.count; ++i) {
      if (!heard.numbers.insert(batch.publisher_first + i).second) ++heard.twice;
    }
  } else if (const auto* gap = std::get_if<multicast::DeliverGap>(&effect)) {
    if (region.life->live.contains(gap->topic)) region.lost += gap->gap.last - gap->gap.first + 1;
  } else if (const auto* live = std::get_if<multicast::SubscriptionLive>(&effect)) {
    region.life->live.insert(live->topic);
  } else if (const auto* taken = std::get_if<multicast::PublishTaken>(&effect)) {
    region.taken[taken->publisher] = taken->up_to;
  }
}

void World::carry(std::size_t from, Effect effect, multicast::Effects& forest, Effects& borders) {
  if (ask(from, effect, forest)) return;
  Life& life = *regions_[from]->life;
  if (auto* toward = std::get_if<multicast::SendToward>(&effect)) {
    if (const auto to = rendezvous_for(from, toward->key)) {
      send(from, *to, std::move(toward->message), true);
    }
  } else if (auto* direct = std::get_if<multicast::SendDirect>(&effect)) {
    for (std::size_t to = 0; to < regions_.size(); ++to) {
      if (regions_[to]->contact.id() == direct->to.id()) {
        send(from, to, std::move(direct->message), false);
      }
    }
  } else if (const auto* import = std::get_if<Import>(&effect)) {
    const auto answer = std::visit(
        [&](const auto& m) { return life.forest->import(now_, import->from.id(), m, forest); },
        import->what);
    life.borders->imported(now_, *import, answer, borders);
  } else if (const auto* open = std::get_if<Open>(&effect)) {
    life.forest->open(now_, open->topic, forest);
  }
}

// --- the network ---

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

void World::after(Duration delay, std::function<void()> what) {
  queue_.emplace(std::pair(now_ + delay, events_++), std::move(what));
}

/// The next message or deadline, whichever is first.
void World::step() {
  Time next = queue_.empty() ? kNever : queue_.begin()->first.first;
  std::optional<std::size_t> ticking;
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i]->life) continue;
    const Time due =
        std::min(regions_[i]->life->forest->next_tick(), regions_[i]->life->borders->next_tick());
    if (due >= next) continue;
    next = due;
    ticking = i;
  }
  now_ = std::max(now_, next);
  if (ticking) {
    multicast::Effects forest;
    Effects borders;
    regions_[*ticking]->life->forest->tick(now_, forest);
    regions_[*ticking]->life->borders->tick(now_, borders);
    return settle(*ticking, std::move(forest), std::move(borders));
  }
  const auto what = std::move(queue_.begin()->second);
  queue_.erase(queue_.begin());
  what();
}

void World::run_for(Duration time) {
  const Time end = now_ + time;
  bool over = false;
  after(time, [&] { over = true; });
  while (!over) step();
  now_ = end;
}

bool World::run_until(const std::function<bool()>& done, Duration time) {
  bool over = false;
  const auto timer = std::pair(now_ + time, events_);
  after(time, [&] { over = true; });
  while (!over && !done()) step();
  queue_.erase(timer);
  return done();
}

}  // namespace phyllo::regions
