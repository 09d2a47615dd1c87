#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/time.h"

namespace phyllo::multicast {

/// At most one deadline for each key, ordered by time: looking at what is due costs nothing for
/// what is not.
template <class Key>
class Deadlines {
 public:
  void set(const Key& key, Time when) {
    cancel(key);
    times_.emplace(key, when);
    order_.emplace(when, key);
  }
  void cancel(const Key& key) {
    const auto found = times_.find(key);
    if (found == times_.end()) return;
    order_.erase({found->second, key});
    times_.erase(found);
  }
  bool has(const Key& key) const { return times_.contains(key); }
  Time next() const { return order_.empty() ? kNever : order_.begin()->first; }
  /// Removes and returns the keys whose time has come, earliest first.
  std::vector<Key> take_due(Time now) {
    std::vector<Key> due;
    while (!order_.empty() && order_.begin()->first <= now) {
      due.push_back(order_.begin()->second);
      times_.erase(due.back());
      order_.erase(order_.begin());
    }
    return due;
  }

 private:
  std::map<Key, Time> times_;
  std::set<std::pair<Time, Key>> order_;
};

}  // namespace phyllo::multicast
