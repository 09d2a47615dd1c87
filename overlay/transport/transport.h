#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>
#include <zmq.hpp>

#include "base/result.h"
#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/transport/epoll_set.h"
#include "overlay/transport/events.h"
#include "overlay/transport/inbound.h"
#include "overlay/transport/link.h"
#include "overlay/transport/traffic.h"
#include "overlay/transport/transport_config.h"
#include "overlay/transport/transport_stats.h"

namespace phyllo::overlay::transport {

enum class Sent { kQueued, kFull };

/// Carries messages between this broker and others over ZeroMQ: one ROUTER socket that peers
/// connect to, and one connection out per peer, made when it is first needed and made anew after it
/// broke. Neither order nor arrival is promised beyond one connection's life. Never blocks. One
/// thread.
class Transport {
 public:
  /// Binds the listening sockets. Afterwards `set_self` comes first: it may need the ports.
  static Result<std::unique_ptr<Transport>> open(zmq::context_t& context, TransportConfig config);
  /// Says goodbye to everybody.
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Where it listens, in the order of the configuration, with real ports for 0.
  const std::vector<Endpoint>& listening() const { return inbound_->port().listening(); }

  /// Who this broker is; peers that are connected already are told.
  void set_self(Contact self);

  /// Readable when `process` has something to do. ZeroMQ's signals get lost on sending, so also ask
  /// `next_tick` before every wait.
  int fd() const { return epoll_.fd(); }
  /// Takes in a bounded number of messages and looks after the links.
  void process(Time now, Events& out);
  /// When `process` wants to be called even if `fd` stays silent.
  Time next_tick();

  /// Queues `wire` for `to`, connecting if need be: to its local endpoint inside this broker's
  /// region, to its wan endpoint otherwise. When that peer's queue is full, `wire` is left as it
  /// was. Short messages wait for `flush`, so that those for one peer travel together.
  Sent send(Time now, const Contact& to, Wire& wire);
  /// To be called at the end of each burst of `send`.
  void flush();
  /// Finds out who answers at `endpoint`: `Dialed` or `DialFailed` follows.
  void dial(Time now, const Endpoint& endpoint);
  /// The link to `peer` is not needed any more.
  void forget(NodeId peer);

  TransportStats stats() const;
  const RegionTraffic& regions() const { return regions_; }
  /// By peer, in order of their ids.
  std::vector<PeerTraffic> peers() const;

 private:
  using Tag = std::uint64_t;
  using Links = std::map<Tag, Link>;
  struct Retry {
    Time not_before;
    Duration wait;
  };

  Transport(zmq::context_t& context, TransportConfig config)
      : context_(context), config_(std::move(config)) {}

  Links::value_type& link_to(Time now, const Contact& to);
  Links::value_type& add(Time now, Link::Target target, Time connect_at);
  void process_links(Time now, Events& out);
  void handle(Time now, Tag tag, Link::Progress progress, Events& out);
  void welcomed(Tag tag, const Welcome& welcome, Events& out);
  void refused(Time now, Tag tag, const Refusal& refusal, Events& out);
  void over(Time now, Tag tag, const std::string& why, Events& out);
  void leave(Tag tag, const char* why);
  void erase(Tag tag);
  void make_room();
  Time retry_time(Time now, NodeId peer);
  void back_off(Time now, NodeId peer);
  void give_up_for_long(Time now, const Link::Target& target);
  Family family_for(const Endpoint& endpoint) const;
  void try_other_family(const Endpoint& endpoint);
  void run_deadlines(Time now, Events& out);
  std::string hello(const Link::Target& target) const;

  zmq::context_t& context_;
  TransportConfig config_;
  RegionTraffic regions_;
  EpollSet epoll_;
  std::unique_ptr<Inbound> inbound_;
  std::optional<Contact> self_;
  Tag last_tag_ = 0;  // 0 is the inbound side
  Links links_;
  std::unordered_map<NodeId, Links::value_type*> by_peer_;
  std::map<Endpoint, Tag> by_endpoint_;  // dials
  std::unordered_map<NodeId, Retry> retries_;
  std::map<Endpoint, Time> refused_dials_;  // until when
  std::set<Endpoint> over_ipv6_;            // names that could not be reached over IPv4
  std::vector<Tag> sent_on_;                // since the last look for swallowed signals
  std::vector<Tag> collecting_;             // have something to be flushed
  bool more_ = false;                       // the last burst was cut short
  Time next_deadline_ = kNever;
  TransportStats stats_;
};

}  // namespace phyllo::overlay::transport
