#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sdk/src/clock.h"
#include "sdk/src/codec.h"
#include "sdk/src/feed.h"
#include "sdk/src/frames.h"

namespace phyllo::internal {

/// Which topics the program wants, and how far the broker is with each: subscribes, subscribes
/// again after a reconnect, tries again when a broker cannot for the moment. When the client moves
/// from a broker that stops, each is served by the old connection until the main one has caught up.
/// The reactor's; reads no clock.
class Subscriptions {
 public:
  using Frames = std::deque<Outgoing>;

  /// What is to be sent over each of the two connections.
  struct Lines {
    Frames& main;
    Frames& old;
  };
  enum class Source { kMain, kOld };

  void join(std::shared_ptr<Feed> feed, Frames& main);
  void leave(std::uint32_t subscription, const Lines& out);
  void credit_due(std::uint32_t subscription, const Lines& out);

  /// The main connection is there, or is no more.
  void connected(Frames& main);
  void disconnected();
  /// The main connection becomes the old one, which goes on serving what is live.
  void step_aside();
  void old_gone();
  /// How many the old connection still serves.
  std::size_t moving() const { return moving_; }

  /// By the main connection.
  void acknowledged(Instant now, const SubscribeAck& ack);
  /// False: the broker broke the rules (see Feed::deliver). Unknown numbers are of subscriptions
  /// just ended, and ignored.
  bool deliver(Instant now, Source source, const Deliver& batch, const Payload& body);
  bool gap(Source source, const GapNotice& notice);
  /// Whether the subscription has it now.
  Taking offer(Source source, const Offer& offer, const Payload& body);

  Instant next_tick() const;
  /// `connection`: why there is no connection, for those that time out.
  void tick(Instant now, const Status& connection, Frames& out);

  std::size_t size() const { return entries_.size(); }
  /// Forgets all; the caller ends them.
  std::vector<std::shared_ptr<Feed>> take_all();

 private:
  struct Entry {
    std::shared_ptr<Feed> feed;
    bool sent = false;            ///< over the main connection
    bool live = false;            ///< there
    bool was_live = false;        ///< anywhere
    bool on_old = false;          ///< served by the old connection until the main one has caught up
    Instant retry = kNoDeadline;  ///< when to ask again after a refusal
    Instant settled = kNoDeadline;  ///< when to go on without knowing whether it has
    std::uint32_t refusals = 0;     ///< one after the other
    Status problem;                 ///< the last one
  };
  using Entries = std::unordered_map<std::uint32_t, Entry>;
  void send(Entry& entry, Frames& out);
  void arrive(Entry& entry);
  void refused(Instant now, Entries::iterator at, const Status& why);
  void end(Entries::iterator at, Status why);
  /// What is done to all of them is done in order of their numbers.
  std::vector<Entries::value_type*> in_order();
  void arm(Instant when, std::uint32_t subscription);

  Entries entries_;
  /// Moments to look at an entry again; stale ones find nothing to do.
  std::set<std::pair<Instant, std::uint32_t>> timers_;
  bool connected_ = false;
  std::size_t moving_ = 0;
};

}  // namespace phyllo::internal
