#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// What this node, a regional root, has told the rendezvous of its topics, and what that one has
/// confirmed. Told at once when it changes, again until it is answered, and refreshed from then on.
class Registrar {
 public:
  Registrar(BordersState& state, Seats& seats) : state_(state), seats_(seats) {}

  /// `name` is looked at when the topic is new here.
  void set_subscribers(Turn& turn, const TopicId& topic, std::uint64_t subscribers,
                       const std::optional<TopicName>& name);
  /// Another node of the region is the root now, and will speak for the subscribers.
  void pass_on(Turn& turn, const TopicId& topic);
  enum class Publishing { kNo, kYes };
  void set_publishing(Turn& turn, const TopicId& topic, Publishing publishing,
                      const std::optional<TopicName>& name);
  /// Whether this node is registered for the topic, whose name it knows then.
  bool knows(const TopicId& topic) const { return desks_.contains(topic); }
  /// What fences in a topic that this node is registered for.
  EnclosureRef enclosure(const TopicId& topic) const;
  /// What this node, the root, has to say to a rendezvous that asks.
  Register word(const TopicId& topic) const;
  /// It is the root again after another one was: the rendezvous may not have known of that.
  void renew(Turn& turn, const TopicId& topic);
  /// Until when the rendezvous waits for this node's word on who is interested.
  Time lease(const TopicId& topic) const;

  /// What the answer means to who publishes.
  enum class Standing {
    kStranger,  ///< nobody publishes here
    kStale,     ///< the list is right, and not an answer to the latest registration
    kCurrent,
  };
  Standing on_interest(Turn& turn, const overlay::Contact& from, const Interest& interest);
  void on_refreshed(Turn& turn, const overlay::Contact& from, const Refreshed& refreshed);
  /// It may have been the rendezvous of some.
  void peer_lost(Turn& turn, overlay::NodeId peer);
  /// Other regions are there: who is the rendezvous of fenced topics may be known now.
  void regions_changed(Turn& turn);
  /// `asker` takes this node for the root of a topic that nobody wants here: the withdrawal may be
  /// lost.
  void repeat_withdrawal(Turn& turn, const TopicId& topic, const overlay::Contact& asker);
  /// Of another node that said it to this one: goes on to the rendezvous. False if this node is not
  /// registered for the topic.
  bool forward_withdrawal(Turn& turn, const Register& withdrawal);
  void tick(Turn& turn);
  Time next() const { return std::min(deadlines_.next(), next_refresh_); }

 private:
  struct Desk {
    std::uint64_t subscribers = 0;
    Publishing publishing = Publishing::kNo;
    Attempt version = 0;
    overlay::Incarnation life = 0;  ///< that this was said in
    bool answered = false;
    bool opened = false;
    bool passing = false;  ///< what subscribers there were are the next root's
    Time sent;             ///< first, with this version or to this rendezvous
    std::uint32_t failures = 0;
    Time lease{};
    std::optional<overlay::Contact> rendezvous;
    std::uint64_t asked = 0;  ///< the number of the refresh that has no answer yet
    EnclosureRef enclosure = {};
    std::optional<TopicName> free = {};  ///< the name where there is no enclosure
    bool idle() const { return (subscribers == 0 || passing) && publishing == Publishing::kNo; }
  };
  enum class Change { kNone, kInterest, kOther };

  Desk& desk_of(Turn& turn, const TopicId& topic, const std::optional<TopicName>& name);
  void update(Turn& turn, const TopicId& topic, Desk& desk, Change change);
  void begin(Turn& turn, const TopicId& topic, Desk& desk);
  void send(Turn& turn, const TopicId& topic, Desk& desk);
  void refresh(Turn& turn);

  BordersState& state_;
  Seats& seats_;
  std::map<TopicId, Desk> desks_;
  multicast::Deadlines<TopicId> deadlines_;  ///< of registrations without an answer
  struct Round {
    Time sent;
    std::vector<TopicId> topics;
  };
  std::map<std::uint64_t, Round> rounds_;  ///< refreshes without an answer
  std::uint64_t refreshes_ = 0;
  Time next_refresh_ = kNever;
};

}  // namespace phyllo::regions
