#include "overlay/transport/transport.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "overlay/transport/handshake.h"
#include "overlay/transport/peer_codec.h"

namespace phyllo::overlay::transport {
namespace {

constexpr std::uint64_t kInboundTag = 0;

}  // namespace

Result<std::unique_ptr<Transport>> Transport::open(zmq::context_t& context,
                                                   TransportConfig config) {
  std::unique_ptr<Transport> transport(new Transport(context, std::move(config)));
  auto inbound = Inbound::open(context, transport->config_, transport->regions_);
  if (!inbound) return inbound.error();
  transport->inbound_ = *std::move(inbound);
  transport->epoll_.add(transport->inbound_->port().fd(), kInboundTag);
  return transport;
}

Transport::~Transport() {
  for (auto& [tag, link] : links_) link.leave(encode(Bye{"stopping"}));
}

void Transport::set_self(Contact self) {
  self_ = std::move(self);
  for (auto& [tag, link] : links_) link.say(hello(link.target()));
}

std::string Transport::hello(const Link::Target& target) const {
  Hello hello;
  hello.cluster = config_.cluster;
  hello.sender = *self_;
  if (target.peer) hello.receiver = target.peer->id();
  return encode(hello);
}

// --- sending -------------------------------------------------------------------------------------

Sent Transport::send(Time now, const Contact& to, Wire& wire) {
  PHYLLO_CHECK(self_.has_value());
  if (std::max(wire.body.size(), message_frame_size(wire.header)) > config_.frame_bytes) {
    ++stats_.oversize_drops;
    return Sent::kFull;
  }
  auto& [tag, link] = link_to(now, to);
  const bool collecting = link.collecting();
  if (!link.send(now, wire)) {
    ++stats_.full_drops;
    return Sent::kFull;
  }
  if (!collecting && link.collecting()) collecting_.push_back(tag);
  if (sent_on_.empty() || sent_on_.back() != tag) sent_on_.push_back(tag);
  return Sent::kQueued;
}

void Transport::flush() {
  for (const Tag tag : collecting_) {
    if (const auto entry = links_.find(tag); entry != links_.end()) entry->second.flush();
  }
  collecting_.clear();
}

Transport::Links::value_type& Transport::link_to(Time now, const Contact& to) {
  const Endpoint& endpoint = to.endpoint_from(self_->region());
  if (const auto known = by_peer_.find(to.id()); known != by_peer_.end()) {
    if (!known->second->second.superseded_by(to, endpoint)) return *known->second;
    leave(known->second->first, "replaced");
    retries_.erase(to.id());
  }
  auto& added = add(now, {endpoint, to}, retry_time(now, to.id()));
  by_peer_[to.id()] = &added;
  return added;
}

void Transport::dial(Time now, const Endpoint& endpoint) {
  if (by_endpoint_.contains(endpoint)) return;
  const auto refused = refused_dials_.find(endpoint);
  const Time connect_at = refused == refused_dials_.end() ? now : std::max(now, refused->second);
  by_endpoint_[endpoint] = add(now, {endpoint, std::nullopt}, connect_at).first;
}

/// The link connects in the next `process`, which can report what comes of it.
Transport::Links::value_type& Transport::add(Time now, Link::Target target, Time connect_at) {
  make_room();
  Traffic* region = target.peer ? &regions_.of(target.peer->region()) : nullptr;
  next_deadline_ = std::min(next_deadline_, connect_at);
  const Tag tag = ++last_tag_;
  return *links_.try_emplace(tag, config_, std::move(target), region, now, connect_at).first;
}

void Transport::make_room() {
  if (links_.size() < config_.links) return;
  const auto used = [](const auto& entry) { return entry.second.last_used(); };
  leave(std::ranges::min_element(links_, {}, used)->first, "too many links");
}

void Transport::forget(NodeId peer) {
  retries_.erase(peer);
  if (const auto known = by_peer_.find(peer); known != by_peer_.end()) {
    leave(known->second->first, "not needed any more");
  }
}

// --- taking in -----------------------------------------------------------------------------------

void Transport::process(Time now, Events& out) {
  PHYLLO_CHECK(self_.has_value());
  more_ = inbound_->process(now, *self_, out);
  process_links(now, out);
  if (now >= next_deadline_) run_deadlines(now, out);
}

void Transport::process_links(Time now, Events& out) {
  std::array<Tag, 64> ready;
  const std::size_t count = epoll_.wait(Duration::zero(), ready);
  auto tags = std::exchange(sent_on_, {});
  tags.insert(tags.end(), ready.begin(), ready.begin() + count);
  std::ranges::sort(tags);
  const auto repeated = std::ranges::unique(tags);
  tags.erase(repeated.begin(), repeated.end());
  for (const Tag tag : tags) {
    const auto entry = links_.find(tag);
    if (entry != links_.end()) handle(now, tag, entry->second.process(now), out);
  }
}

Time Transport::next_tick() {
  std::erase_if(sent_on_, [&](Tag tag) {
    const auto entry = links_.find(tag);
    return entry == links_.end() || !entry->second.unsettled();
  });
  if (inbound_->unsettled() || more_ || !sent_on_.empty()) return Time::min();
  return std::min(next_deadline_, inbound_->port().next_deadline());
}

void Transport::run_deadlines(Time now, Events& out) {
  std::erase_if(retries_, [&](const auto& entry) {
    return now > entry.second.not_before + 10 * config_.last_retry;
  });
  std::erase_if(refused_dials_, [&](const auto& entry) { return now >= entry.second; });
  next_deadline_ = kNever;
  for (auto next = links_.begin(); next != links_.end();) {
    auto& [tag, link] = *next++;
    if (link.wants_to_connect(now)) {
      ++stats_.links_opened;
      const Family family = family_for(link.target().endpoint);
      auto progress = link.open(now, context_, family, hello(link.target()), epoll_, tag);
      if (!std::holds_alternative<std::monostate>(progress)) {
        handle(now, tag, std::move(progress), out);
        continue;
      }
    } else if (link.unanswered(now)) {
      over(now, tag, "no answer to the hello", out);
      continue;
    } else if (link.idle(now)) {
      leave(tag, "idle");
      continue;
    }
    next_deadline_ = std::min(next_deadline_, link.deadline());
  }
}

void Transport::handle(Time now, Tag tag, Link::Progress progress, Events& out) {
  if (const auto* welcome = std::get_if<Welcome>(&progress)) return welcomed(tag, *welcome, out);
  if (const auto* refusal = std::get_if<Refusal>(&progress)) {
    return refused(now, tag, *refusal, out);
  }
  if (const auto* end = std::get_if<Link::Over>(&progress)) over(now, tag, end->why, out);
}

void Transport::welcomed(Tag tag, const Welcome& welcome, Events& out) {
  const Link::Target& target = links_.at(tag).target();
  if (target.peer) {
    retries_.erase(target.peer->id());
    return;
  }
  out.push_back(Dialed{target.endpoint, welcome.receiver});
  leave(tag, "asked who is there");
}

void Transport::refused(Time now, Tag tag, const Refusal& refusal, Events& out) {
  const Link::Target& target = links_.at(tag).target();
  ++stats_.refused_there;
  if (refusal.code == kRefusedWrongNode) ++stats_.wrong_nodes;
  out.push_back(Refused{Refused::By::kThem,
                        target.peer ? target.peer->id().hex() : target.endpoint.text(),
                        refusal.code, refusal.message});
  const Link::Target whom = target;  // `over` ends it
  over(now, tag, "refused: " + refusal.message, out);
  if (hope_after(refusal) == Hope::kNone) give_up_for_long(now, whom);
}

/// Only an operator can change the answer: it is not asked for at the pace of a broken network.
void Transport::give_up_for_long(Time now, const Link::Target& target) {
  constexpr std::size_t kMostRefused = 1024;
  const Time until = now + config_.refused_retry;
  if (target.peer) {
    retries_[target.peer->id()] = {until, config_.last_retry};
  } else if (refused_dials_.size() < kMostRefused) {
    refused_dials_[target.endpoint] = until;
  }
}

Family Transport::family_for(const Endpoint& endpoint) const {
  const Family first = family_of(endpoint);
  return over_ipv6_.contains(endpoint) ? other(first) : first;
}

void Transport::try_other_family(const Endpoint& endpoint) {
  constexpr std::size_t kMostNames = 1024;
  if (over_ipv6_.erase(endpoint) == 0 && over_ipv6_.size() < kMostNames) {
    over_ipv6_.insert(endpoint);
  }
}

void Transport::over(Time now, Tag tag, const std::string& why, Events& out) {
  const Link::Target target = links_.at(tag).target();
  ++stats_.links_lost;
  if (has_name(target.endpoint) && !links_.at(tag).welcomed()) try_other_family(target.endpoint);
  if (target.peer) {
    back_off(now, target.peer->id());
    out.push_back(Disconnected{target.peer->id(), target.endpoint.text() + ": " + why});
  } else {
    out.push_back(DialFailed{target.endpoint, why});
  }
  erase(tag);
}

void Transport::leave(Tag tag, const char* why) {
  ++stats_.links_closed;
  links_.at(tag).leave(encode(Bye{why}));
  erase(tag);
}

void Transport::erase(Tag tag) {
  const auto entry = links_.find(tag);
  const Link::Target& target = entry->second.target();
  stats_.altered += entry->second.altered();
  if (target.peer) {
    by_peer_.erase(target.peer->id());
  } else {
    by_endpoint_.erase(target.endpoint);
  }
  links_.erase(entry);
}

Time Transport::retry_time(Time now, NodeId peer) {
  const auto retry = retries_.find(peer);
  return retry == retries_.end() ? now : std::max(now, retry->second.not_before);
}

/// Whoever sends to a dead peer again and again must not make a connection each time.
void Transport::back_off(Time now, NodeId peer) {
  const auto [retry, first] = retries_.try_emplace(peer, Retry{now, config_.first_retry});
  if (!first) retry->second.wait = std::min(2 * retry->second.wait, config_.last_retry);
  retry->second.not_before = now + retry->second.wait;
  next_deadline_ = std::min(next_deadline_, retry->second.not_before);
}

// --- looking -------------------------------------------------------------------------------------

TransportStats Transport::stats() const {
  TransportStats stats = stats_;
  inbound_->add_to(stats);
  stats.links = links_.size();
  for (const auto& [tag, link] : links_) {
    stats.queued_bytes += link.queued();
    stats.altered += link.altered();
    stats.links_welcomed += link.welcomed() ? 1 : 0;
  }
  return stats;
}

std::vector<PeerTraffic> Transport::peers() const {
  std::map<NodeId, PeerTraffic> by_id;
  std::vector<PeerTraffic> in;
  inbound_->add_to(in);
  for (const auto& [tag, link] : links_) {
    if (const auto& peer = link.target().peer) {
      in.push_back({peer->id(), peer->region(), link.traffic(), link.queued()});
    }
  }
  for (const auto& part : in) {
    auto& whole =
        by_id.try_emplace(part.peer, PeerTraffic{part.peer, part.region, {}, 0}).first->second;
    whole.traffic.sent_messages += part.traffic.sent_messages;
    whole.traffic.sent_bytes += part.traffic.sent_bytes;
    whole.traffic.received_messages += part.traffic.received_messages;
    whole.traffic.received_bytes += part.traffic.received_bytes;
    whole.queued_bytes += part.queued_bytes;
  }
  std::vector<PeerTraffic> all;
  for (auto& [id, peer] : by_id) all.push_back(std::move(peer));
  return all;
}

}  // namespace phyllo::overlay::transport
