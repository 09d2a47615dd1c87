#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "regions/enclosure.h"
#include "regions/messages.h"

namespace phyllo::regions {

/// One topic at its rendezvous: the regional roots, what each of them wants and does, and who knows
/// of whom. A value with rules; it sends nothing.
class Roll {
 public:
  struct Entry {
    overlay::Contact root;
    Attempt version = 0;
    std::uint64_t subscribers = 0;
    bool publishes = false;
    Attempt opened = 0;       ///< all who publish know of the interest of this version
    Time heard;               ///< of it
    std::uint64_t order = 0;  ///< of arrival: a region's root is the one that came last
    Edition listed = 0;       ///< the first edition in which its interest is
    Edition taken = 0;        ///< the latest one that it knows
    Time began{};             ///< heard for the first time
    bool passing = false;     ///< its interest is for the region's next root to take over
    /// Its word on subscribers does not count any more; if it is there, it says it again.
    void disown() {
      subscribers = 0;
      passing = false;
      version = opened = 0;
    }
  };
  using Entries = std::map<overlay::NodeId, Entry>;

  /// Not whole until then: others may know of interest that this rendezvous does not know of.
  /// Its editions follow the one given. `free`: the topic's name, where it has no enclosure.
  explicit Roll(std::optional<Time> settles, Edition before = 0, EnclosureRef enclosure = nullptr,
                std::optional<TopicName> free = {})
      : enclosure_(std::move(enclosure)),
        free_(std::move(free)),
        settles_(settles),
        edition_(before) {}
  const EnclosureRef& enclosure() const { return enclosure_; }
  const std::optional<TopicName>& free() const { return free_; }
  const std::optional<Time>& settles() const { return settles_; }
  bool whole() const { return !settles_; }
  void settle() { settles_.reset(); }
  /// Nor before that: who kept it until now did not know either.
  void doubt(Time settles) {
    if (!whole()) settles_ = std::max(*settles_, settles);
  }

  /// What a root says of itself, or somebody who heard it then. False when it is out of date, or
  /// there are too many.
  bool enter(Time heard, const Register& registered);
  void heard(Time now, overlay::NodeId root) { entries_.at(root).heard = now; }
  void taken(overlay::NodeId root, Edition edition);
  /// Forgets who was silent: for `lease` as one that publishes (it has to register again), for
  /// `life` altogether.
  void expire(Time now, Duration lease, Duration life);
  /// When `expire` has something to do.
  Time next_expiry(Duration lease, Duration life) const;

  const Entries& entries() const { return entries_; }
  Entry* find(overlay::NodeId root);
  bool empty() const { return entries_.empty(); }
  Edition edition() const { return edition_; }
  /// One root for each region that has subscribers, in the order of the regions' names.
  std::vector<overlay::Contact> interested() const;
  /// The roots that passed their interest on last, in good order.
  std::vector<overlay::NodeId> passed() const { return {passed_.begin(), passed_.end()}; }
  /// Those whose interest all who publish know by now, and did not before.
  std::vector<overlay::NodeId> open_up();
  /// Those who publish and do not know the latest edition.
  std::vector<overlay::NodeId> behind() const;

 private:
  /// A region's root took over, or has the last word: what others of the region said is void.
  void void_passing(const overlay::Contact& root);
  void void_older(const overlay::Contact& root, Time began);
  void note_passed(const Register& registered);
  void erase_idle();
  void revise();

  EnclosureRef enclosure_;
  std::optional<TopicName> free_;
  std::optional<Time> settles_;
  Entries entries_;
  Edition edition_;
  std::uint64_t arrivals_ = 0;
  std::vector<overlay::Contact> list_;
  std::deque<overlay::NodeId> passed_;  ///< latest last
};

}  // namespace phyllo::regions
