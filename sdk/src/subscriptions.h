#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "sdk/src/clock.h"
#include "sdk/src/feed.h"
#include "sdk/src/frames.h"

namespace phyllo::internal {

/// Which topics the program wants, and how far the broker is with each: subscribes, subscribes
/// again after a reconnect, tries again when a broker cannot for the moment. I/O thread only; reads
/// no clock.
class Subscriptions {
 public:
  using Frames = std::deque<Outgoing>;

  void join(std::shared_ptr<Feed> feed, Frames& out);
  void leave(std::uint32_t subscription, Frames& out);
  void credit_due(std::uint32_t subscription, Frames& out);

  void connected(Frames& out);
  void disconnected();
  void acknowledged(Instant now, const SubscribeAck& ack);
  /// False: the broker broke the rules (see Feed::deliver). Unknown numbers are of subscriptions
  /// just ended, and ignored.
  bool deliver(const Deliver& batch, const Payload& body);
  bool gap(const GapNotice& notice);

  Instant next_tick() const;
  /// `connection`: why there is no connection, for those that time out.
  void tick(Instant now, const Status& connection, Frames& out);

  std::size_t size() const { return entries_.size(); }
  /// Forgets all; the caller ends them.
  std::vector<std::shared_ptr<Feed>> take_all();

 private:
  struct Entry {
    std::shared_ptr<Feed> feed;
    bool sent = false;            ///< in this session
    bool was_live = false;        ///< in any
    Instant retry = kNoDeadline;  ///< when to ask again after a refusal
    std::uint32_t refusals = 0;   ///< one after the other
    Status problem;               ///< the last one
  };
  using Entries = std::map<std::uint32_t, Entry>;
  void send(Entry& entry, Frames& out);
  void refused(Instant now, Entries::iterator at, const Status& why);
  void end(Entries::iterator at, Status why);
  void arm(Instant when, std::uint32_t subscription);

  Entries entries_;
  /// Moments to look at an entry again; stale ones find nothing to do.
  std::set<std::pair<Instant, std::uint32_t>> timers_;
  bool connected_ = false;
};

}  // namespace phyllo::internal
