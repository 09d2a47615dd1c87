#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <utility>
#include <vector>

#include "base/time.h"

namespace phyllo {

/// What came lately, by key: kept for a time, within so many bytes of each key and over all keys.
/// What is oldest goes first, so that what is left of a key has no holes in it.
template <class Key, class Item>
class Recent {
 public:
  struct Bounds {
    Duration time;
    std::size_t key_bytes;
    std::size_t bytes;
  };
  struct Kept {
    Item item;
    Time when;
  };

  explicit Recent(Bounds bounds) : bounds_(bounds) {}

  /// One that is too large for the bounds goes with all that came before it.
  void add(Time now, const Key& key, Item item, std::size_t bytes) {
    if (bytes > bounds_.key_bytes || bytes > bounds_.bytes) return forget(key);
    while (!order_.empty() &&
           (bytes_ + bytes > bounds_.bytes || now - order_.front().kept.when > bounds_.time)) {
      drop_oldest(Key(order_.front().key));
    }
    for (auto of = keys_.find(key);
         of != keys_.end() && of->second.bytes + bytes > bounds_.key_bytes; of = keys_.find(key)) {
      drop_oldest(key);
    }
    OfKey& of = keys_[key];
    of.entries.push_back(order_.insert(order_.end(), {key, {std::move(item), now}, bytes}));
    of.bytes += bytes;
    bytes_ += bytes;
  }

  void forget(const Key& key) {
    while (keys_.contains(key)) drop_oldest(key);
  }

  /// Removes the key's and returns what is young enough, oldest first.
  std::vector<Kept> take(Time now, const Key& key) {
    std::vector<Kept> young;
    const auto found = keys_.find(key);
    if (found == keys_.end()) return young;
    for (const auto& entry : found->second.entries) {
      if (now - entry->kept.when <= bounds_.time) young.push_back(std::move(entry->kept));
    }
    forget(key);
    return young;
  }

  /// Of all that is kept, as they were given.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    Key key;
    Kept kept;
    std::size_t bytes;
  };
  using Order = std::list<Entry>;
  struct OfKey {
    std::deque<typename Order::iterator> entries;  ///< oldest first
    std::size_t bytes = 0;
  };

  /// The oldest of a key; over all keys it is the oldest when it is the first of the order.
  void drop_oldest(const Key& key) {
    const auto found = keys_.find(key);
    const auto oldest = found->second.entries.front();
    bytes_ -= oldest->bytes;
    found->second.bytes -= oldest->bytes;
    order_.erase(oldest);
    found->second.entries.pop_front();
    if (found->second.entries.empty()) keys_.erase(found);
  }

  const Bounds bounds_;
  Order order_;  ///< oldest first
  std::map<Key, OfKey> keys_;
  std::size_t bytes_ = 0;
};

}  // namespace phyllo
