#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/muster.h"
#include "regions/roll.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// The node that knows which regions want a topic. It tells the regional roots that publish, and an
/// interest is complete when all of them have said that they know of it.
///
/// A new one cannot know whom the one before it told what. When that one died, it waits as long as
/// what that one said may count (`lease`), or until all regions have told it what there is, before
/// it calls its lists whole and completes anything; when that one lives, it gets its rolls.
class Rendezvous {
 public:
  Rendezvous(BordersState& state, Seats& seats)
      : state_(state), seats_(seats), life_(state.random.next()), muster_(state, seats) {}

  void on_register(Turn& turn, const Register& registered);
  void on_refresh(Turn& turn, const overlay::Contact& from, const Refresh& refresh);
  void on_taken(Turn& turn, const overlay::Contact& from, const InterestTaken& taken);
  void on_enquire(Turn& turn, const Enquire& enquire);
  void on_book(Turn& turn, const Book& book);
  void on_present(Turn& turn, const overlay::Contact& from, const Present& present);
  void on_sought(Turn& turn, const overlay::Contact& from, const Sought& sought);

  void peer_lost(Turn& turn, const overlay::PeerLost& lost);
  /// The leaf set of the ring of all brokers, or of the home ring, is another one: somebody else
  /// may be the rendezvous of some topics now.
  void leaf_set_changed(Turn& turn);
  /// Others have kept its topics' rolls until now.
  void joined(Time now);
  /// The same of fenced topics, for other regions are there.
  void regions_changed(Turn& turn) { pass_on_others(turn); }
  /// Before this node leaves the ring: gives every roll to the one that follows.
  void leave(Turn& turn);
  bool leaving() const { return leaving_; }
  void tick(Turn& turn);
  Time next() const { return std::min(deadlines_.next(), muster_.next()); }

 private:
  /// The topic's, made when there is none, not whole for at least so long; nullptr when there are
  /// too many.
  Roll* roll_of(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure,
                const std::optional<TopicName>& free, std::optional<Time> settles = {});
  /// Until when a rendezvous that begins now has to wait.
  std::optional<Time> settles_at(Time now, const TopicId& topic,
                                 const EnclosureRef& enclosure) const;
  /// What fences the topic in, if the sender and this broker agree on it and on whose topic it is.
  std::optional<EnclosureRef> agreed(Turn& turn, const TopicId& topic,
                                     const std::optional<TopicName>& name) const;
  /// The same of one who says what a topic that is free to him is called.
  template <class Said>
  std::optional<EnclosureRef> agreed(Turn& turn, const Said& said) const;
  void pass_on_others(Turn& turn);
  void tell(Turn& turn, const TopicId& topic, const Roll& roll, const Roll::Entry& entry);
  /// Tells those who asked and those who have to know, and completes what everybody knows.
  void review(Turn& turn, const TopicId& topic, Roll& roll, std::set<overlay::NodeId> asked = {});
  void review_all(Turn& turn, const TopicId& topic, Roll& roll);
  void settle(const TopicId& topic, Roll& roll);
  /// Of whom all is known.
  void settle_mustered(Turn& turn);
  void forget(const TopicId& topic);
  /// No edition of this life comes twice, whatever becomes of the roll.
  void keep_edition(const Roll& roll) { editions_ = std::max(editions_, roll.edition()); }
  void pass_on(Turn& turn, const TopicId& topic, const Roll& roll);
  void schedule(Turn& turn, const TopicId& topic, const Roll& roll);

  BordersState& state_;
  Seats& seats_;
  const std::uint64_t life_;
  Muster muster_;
  std::map<TopicId, Roll> rolls_;
  Edition editions_ = 0;  ///< the latest one of all rolls that are no more
  multicast::Deadlines<TopicId> deadlines_;
  std::deque<std::pair<Time, overlay::Contact>> dead_;  ///< and until when they count, in order
  Time settled_{};                                      ///< of topics that nobody dead kept
  Time fenced_settled_{};                               ///< the same of fenced ones
  bool leaving_ = false;
};

}  // namespace phyllo::regions
