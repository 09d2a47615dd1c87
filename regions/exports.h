#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "multicast/stay_log.h"
#include "regions/convoy.h"
#include "regions/crossing.h"
#include "regions/registrar.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// At a regional root: what is published here goes to each region that wants it. While nobody has
/// said who does, it is held back, as much as there is room for.
class Exports {
 public:
  Exports(BordersState& state, Registrar& registrar, Seats& seats)
      : state_(state), registrar_(registrar), seats_(seats) {}

  void numbered(Turn& turn, const multicast::Numbered& numbered);
  /// Another node numbers from now on; what waits here still goes out.
  void unrooted(Turn& turn, const TopicId& topic);
  /// Whether what was known until now was all there was to know.
  enum class Knowledge { kLapsed, kWhole };
  void on_interest(Turn& turn, const overlay::Contact& from, const Interest& interest,
                   Registrar::Standing standing, Knowledge until_now);
  void on_ack(Turn& turn, const overlay::Contact& from, const multicast::PublishAck& ack);
  void on_nack(Turn& turn, const overlay::Contact& from, const multicast::PublishNack& nack);
  void on_dropped(Turn& turn, const overlay::Contact& to, const TopicId& topic, Attempt attempt);
  void on_dropped(Turn& turn, const overlay::Contact& to, const Relayed& relayed);
  void tick(Turn& turn);
  Time next() const { return deadlines_.next(); }
  /// How what is published here gets to other regions now; nothing where nobody publishes.
  std::vector<Way> ways(const TopicId& topic) const;
  /// Nothing waits for another region.
  bool idle() const { return state_.stats.waiting_bytes == 0; }

 private:
  struct Held {
    Ordinal ordinal;
    multicast::Batch batch;
    Time since;
  };
  struct Destination {
    Crossing crossing;
    std::uint64_t life = 0;  ///< of the rendezvous that last listed it
    bool listed = true;      ///< in its latest list
    Time seen;               ///< there, last
    bool trusted = false;    ///< when the ways were chosen
  };
  struct Topic {
    std::optional<TopicName> name;
    Time published;  ///< last
    bool rooted = true;
    bool listed = false;  ///< a whole list was seen, and holds while the lease does
    std::uint64_t life = 0;
    Edition edition = 0;
    std::deque<Held> held;  ///< oldest first
    std::size_t held_bytes = 0;
    std::map<std::string, Destination> destinations;  ///< by region
    Ordinal numbered = 0;                             ///< batches
    bool steered = false;                             ///< for these destinations
    std::map<std::string, overlay::Contact> relays;   ///< of other regions that are passed through
  };

  /// nullptr when it must not be published here.
  Topic* topic_of(Turn& turn, const TopicName& name, const TopicId& id);
  bool knows(Time now, const TopicId& id, const Topic& topic) const;
  void hold(Turn& turn, Topic& topic, const multicast::Batch& batch);
  void release(Topic& topic);
  void drop_oldest(Topic& topic);
  void list(Turn& turn, const TopicId& id, Topic& topic, const Interest& interest);
  /// Somebody else passes on in this region: those on the way hear the topic's name again.
  static void introduce(Topic& topic, const std::string& region);
  void drop(Topic& topic, std::map<std::string, Destination>::iterator destination);
  Destination* find(const TopicId& id, const overlay::Contact& root);
  /// Chooses the ways when there is reason to.
  void steer(Turn& turn, const TopicId& id, Topic& topic);
  std::vector<std::string> relays(const TopicId& id, Topic& topic);
  /// Where what is sent to a region goes first.
  static const std::string& first_hop(const std::string& region, const Crossing& crossing);
  /// By that: how much may be sent.
  static std::map<std::string, Ordinal> bounds_of(const Topic& topic);
  /// Sends what may be sent by now.
  void advance(Turn& turn, const TopicId& id, Topic& topic);
  void schedule(Turn& turn, const TopicId& id, Topic& topic);
  /// Whether there is any reason left to keep it.
  bool over(Turn& turn, const TopicId& id, Topic& topic);

  BordersState& state_;
  Registrar& registrar_;
  Seats& seats_;
  std::map<TopicId, Topic> topics_;
  multicast::Deadlines<TopicId> deadlines_;
  multicast::StayLog stays_;  ///< which of this root's streams took what
};

}  // namespace phyllo::regions
