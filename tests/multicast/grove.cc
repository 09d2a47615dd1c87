#include "tests/multicast/grove.h"

#include <algorithm>
#include <utility>

#include "base/batch_body.h"
#include "base/check.h"

namespace phyllo::testing {

namespace mc = multicast;
using namespace std::chrono_literals;
using State = overlay::StateChanged::State;

TopicName topic(std::string_view text) { return TopicName::parse(text).value(); }

Grove::Grove(Setup setup)
    : setup_(setup), random_(setup.seed), network_(queue_, random_.next(), setup.plain) {
  network_.trace().keep(0);
}

StationId Grove::add(overlay::NodeId id) {
  Duration ahead = setup_.clock_spread;
  if (ahead > Duration::zero()) ahead = random_.around(ahead, 1.0) / 2;
  const StationId station = network_.add_station(ahead);
  const std::string host =
      "10." + std::to_string(station / 256) + "." + std::to_string(station % 256);
  const auto endpoint = overlay::Endpoint::parse("tcp://10." + host + ":7400").value();
  machines_.push_back({overlay::Contact(id, 0, {"", endpoint, endpoint}), nullptr, {}});
  return station;
}

void Grove::start(StationId id, const std::vector<StationId>& seeds) {
  Machine& machine = machines_[id];
  PHYLLO_CHECK(!network_.running(id));
  if (machine.process) machine.past.push_back(std::move(machine.process));
  GroveMember::Observer observer{[this](const mc::StreamBatch& batch) {
                                   const auto found =
                                       topic_of_publisher_.find(batch.batch.publisher);
                                   if (found == topic_of_publisher_.end()) return;
                                   for (std::uint32_t i = 0; i < batch.batch.count; ++i) {
                                     numbered_[{found->second, {batch.stream, batch.first + i}}] = {
                                         batch.batch.publisher, batch.batch.publisher_first + i};
                                   }
                                 },
                                 [this] { return queue_.now(); }, undecodable_, setup_.resting};
  machine.process =
      std::make_unique<GroveMember>(network_, id, setup_.node, setup_.forest, machine.contact,
                                    random_.next(), std::move(observer));
  network_.boot(id, *machine.process);
  std::vector<overlay::Endpoint> endpoints;
  for (const StationId seed : seeds) {
    endpoints.push_back(machines_[seed].contact.place().local);
  }
  network_.call(id, [&](Time now) {
    machine.process->call(now, [&](overlay::Node& node, overlay::Effects& out) {
      node.start(now, std::move(endpoints), out);
    });
  });
}

bool Grove::grow(std::size_t count) {
  constexpr std::size_t kAtOnce = 8;
  for (std::size_t i = 0; i < count; ++i) {
    const auto inside = running();
    start(add(), inside.empty() ? std::vector<StationId>{} : std::vector{pick(inside)});
    const bool pause = inside.empty() || i % kAtOnce == kAtOnce - 1 || i + 1 == count;
    if (pause && !run_until([&] { return all_active(); }, 120s)) return false;
  }
  return true;
}

void Grove::kill(StationId id, Death death) {
  end_subscriptions(id);
  network_.kill(id, death);
}

void Grove::leave(StationId id, Duration linger) {
  end_subscriptions(id);
  network_.call(id, [&](Time now) {
    member(id).call(now, [&](mc::Forest& forest, mc::Effects& out) { forest.hand_over(now, out); });
  });
  run_for(linger);
  network_.call(id, [&](Time now) {
    member(id).call(now,
                    [&](mc::Forest& forest, mc::Effects& out) { forest.end_hand_over(now, out); });
    member(id).call(now, [&](overlay::Node& node, overlay::Effects& out) { node.leave(now, out); });
  });
  network_.kill(id, Death::kGoodbye);
}

std::vector<StationId> Grove::running() const {
  std::vector<StationId> found;
  for (StationId id = 0; id < machines_.size(); ++id) {
    if (is_running(id)) found.push_back(id);
  }
  return found;
}

bool Grove::is_running(StationId id) const {
  if (!network_.running(id)) return false;
  const State state = member(id).node().state();
  return state != State::kLeft && state != State::kResigned;
}

bool Grove::all_active() const {
  return std::ranges::all_of(running(), [&](auto id) { return member(id).node().active(); });
}

StationId Grove::pick(const std::vector<StationId>& members) {
  PHYLLO_CHECK(!members.empty());
  return members[random_.below(members.size())];
}

void Grove::subscribe(StationId id, const TopicName& name, std::uint64_t count) {
  const mc::TopicId topic_id = mc::TopicId::of(name);
  const auto open = std::ranges::find_if(subscriptions_, [&](const Subscription& s) {
    return s.member == id && s.topic == topic_id && s.to == kNever;
  });
  if (count > 0 && open == subscriptions_.end()) {
    subscriptions_.push_back(
        {id, life(id), topic_id, queue_.now(), kNever, member(id).seen[topic_id].size(), SIZE_MAX});
  } else if (count == 0 && open != subscriptions_.end()) {
    open->to = queue_.now();
    open->last_seen = member(id).seen[topic_id].size();
  }
  network_.call(id, [&](Time now) {
    member(id).call(now, [&](mc::Forest& forest, mc::Effects& out) {
      PHYLLO_CHECK(forest.set_local_subscribers(now, name, count, out).ok());
    });
  });
}

bool Grove::publish(StationId id, const TopicName& name, mc::PublisherId publisher,
                    std::uint32_t messages) {
  const mc::TopicId topic_id = mc::TopicId::of(name);
  topic_of_publisher_.emplace(publisher, topic_id);
  auto& record = published_[{topic_id, publisher}];
  BatchBodyWriter writer;
  for (std::uint32_t i = 0; i < messages; ++i) {
    writer.append(std::to_string(publisher) + ":" + std::to_string(record.size() + 1 + i));
  }
  mc::Batch batch{publisher, record.size() + 1, messages, writer.take()};
  bool taken = false;
  // Noted before: the call may deliver it at once.
  const Published note{id, life(id), queue_.now()};
  record.insert(record.end(), messages, note);
  network_.call(id, [&](Time now) {
    member(id).call(now, [&](mc::Forest& forest, mc::Effects& out) {
      taken = forest.publish(now, name, mc::TopicId::of(name), batch, out).ok();
    });
  });
  if (!taken) record.resize(record.size() - messages);
  return taken;
}

std::uint64_t Grove::cast(StationId id, const TopicName& name, std::uint32_t wanted) {
  std::uint64_t number = 0;
  network_.call(id, [&](Time now) {
    member(id).call(now, [&](mc::Forest& forest, mc::Effects& out) {
      number = forest.cast(now, name, Payload::from("who will?"), wanted, out);
    });
  });
  return number;
}

std::uint64_t Grove::survey(StationId id, const TopicName& name) {
  std::uint64_t number = 0;
  network_.call(id, [&](Time now) {
    member(id).call(
        now, [&](mc::Forest& forest, mc::Effects& out) { number = forest.survey(now, name, out); });
  });
  return number;
}

void Grove::open(StationId id, const TopicName& name) {
  network_.call(id, [&](Time now) {
    member(id).call(now, [&](mc::Forest& forest, mc::Effects& out) {
      forest.open(now, mc::TopicId::of(name), out);
    });
  });
}

bool Grove::run_until(const std::function<bool()>& done, Duration limit) {
  const Time end = queue_.now() + limit;
  while (!done()) {
    if (queue_.now() >= end) return false;
    queue_.run_until(std::min(end, queue_.now() + 5ms));
  }
  return true;
}

const GroveMember& Grove::process(StationId id, std::uint32_t life) const {
  const Machine& machine = machines_[id];
  return life < machine.past.size() ? *machine.past[life] : *machine.process;
}

std::vector<SeenAt> Grove::seen(const Subscription& s) const {
  const auto& all = process(s.member, s.life).seen;
  const auto found = all.find(s.topic);
  if (found == all.end()) return {};
  const auto last = std::min(s.last_seen, found->second.size());
  return {found->second.begin() + static_cast<std::ptrdiff_t>(s.first_seen),
          found->second.begin() + static_cast<std::ptrdiff_t>(last)};
}

void Grove::end_subscriptions(StationId id) {
  for (Subscription& s : subscriptions_) {
    if (s.member != id || s.to != kNever) continue;
    s.to = queue_.now();
    s.last_seen = member(id).seen[s.topic].size();
  }
}

std::set<StationId> Grove::subscribers(const TopicName& name) const {
  std::set<StationId> found;
  for (const Subscription& s : subscriptions_) {
    if (s.topic == mc::TopicId::of(name) && s.to == kNever) found.insert(s.member);
  }
  return found;
}

std::uint64_t Grove::delivered(StationId id, const TopicName& name) const {
  const auto& all = member(id).seen;
  const auto found = all.find(mc::TopicId::of(name));
  if (found == all.end()) return 0;
  std::uint64_t count = 0;
  for (const SeenAt& event : found->second) {
    if (const auto* batch = std::get_if<mc::StreamBatch>(&event.what)) count += batch->batch.count;
  }
  return count;
}

StationId Grove::root_of(const TopicName& name) const {
  const overlay::Key key = mc::TopicId::of(name).key();
  const auto members = running();
  return *std::ranges::min_element(
      members, [&](auto a, auto b) { return overlay::closer(key, id(a), id(b)); });
}

std::string Grove::report(const TopicName& name) const {
  std::string text = "seed " + std::to_string(setup_.seed) + ", " + name.text() + "\n";
  const auto short_id = [](const auto& node) { return node.short_hex(); };
  for (const StationId member_id : running()) {
    const auto part = member(member_id).forest().part_in(name);
    if (!part) continue;
    text += "  #" + std::to_string(member_id) + " " + short_id(id(member_id)) +
            (part->root ? " root" : "") +
            (part->parent ? " under " + short_id(*part->parent) : "") + " subscribers " +
            std::to_string(part->local_subscribers) + "/" +
            std::to_string(part->subtree_subscribers) + " children";
    for (const auto& child : part->children) text += " " + short_id(child);
    text += "\n";
  }
  return text;
}

}  // namespace phyllo::testing
