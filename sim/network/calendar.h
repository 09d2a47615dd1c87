#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/network/event_target.h"

namespace phyllo::sim {

/// The earliest first, each before its four children: cheap to add to, however many there are.
template <class Entry>
class EarliestFirst {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  const Entry& front() const { return heap_.front(); }
  void push(const Entry& entry) {
    std::size_t place = heap_.size();
    heap_.push_back(entry);
    while (place > 0) {
      const std::size_t parent = (place - 1) / kChildren;
      if (!entry.before(heap_[parent])) break;
      heap_[place] = heap_[parent];
      place = parent;
    }
    heap_[place] = entry;
  }
  Entry pop() {
    const Entry first = heap_.front();
    const Entry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sink(last);
    return first;
  }

 private:
  static constexpr std::size_t kChildren = 4;

  void sink(const Entry& entry) {
    std::size_t place = 0;
    while (true) {
      const std::size_t child = place * kChildren + 1;
      if (child >= heap_.size()) break;
      const std::size_t end = child + kChildren < heap_.size() ? child + kChildren : heap_.size();
      std::size_t least = child;
      for (std::size_t other = child + 1; other < end; ++other) {
        if (heap_[other].before(heap_[least])) least = other;
      }
      if (!heap_[least].before(entry)) break;
      heap_[place] = heap_[least];
      place = least;
    }
    heap_[place] = entry;
  }

  std::vector<Entry> heap_;
};

/// Entries with a time, handed out in order of time, and of number where the time is the same. An
/// entry of the next quarter of a second costs about the same whether there are ten or a million
/// others: it waits unsorted beside those of the same moment until that moment comes.
class Calendar {
 public:
  struct Entry {
    Time when;
    std::uint64_t number;  ///< of entry: no two have the same
    EventTarget* target;   ///< whose `event` it is
    std::uint64_t event;

    bool before(const Entry& other) const {
      return when != other.when ? when < other.when : number < other.number;
    }
  };

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  void add(const Entry& entry);
  /// The first one; there must be one.
  const Entry& front() {
    if (now_.size() < kForesight) advance();
    return late_first() ? late_.front() : now_.back();
  }
  Entry pop();
  /// The one that comes about `ahead` after the first: nullptr when that is not clear yet.
  const Entry* glimpse(std::size_t ahead) const {
    return ahead < now_.size() ? &now_[now_.size() - 1 - ahead] : nullptr;
  }

 private:
  static constexpr int kWidthBits = 16;  // of nanoseconds: a moment
  static constexpr std::uint64_t kMoments = 4096;
  static constexpr std::uint64_t kWord = 64;
  static constexpr std::uint64_t kNear = 8;      // moments
  static constexpr std::size_t kForesight = 20;  // entries whose order is known, if they are near
  static constexpr std::size_t kSorted = 256;    // entries among which another one is put
  static_assert(kMoments == kWord * kWord);

  /// The number of the moment; times before zero are in the first one.
  static std::uint64_t moment_of(Time when) {
    const auto count = when.time_since_epoch().count();
    return count < 0 ? 0 : static_cast<std::uint64_t>(count) >> kWidthBits;
  }
  bool late_first() const {
    return now_.empty() || (!late_.empty() && late_.front().before(now_.back()));
  }
  /// Takes the next moment that has an entry to the present one, unless it is far and there is
  /// something to do meanwhile.
  void advance();
  /// Of those on the wheel; kMoments after the present one when there is none.
  std::uint64_t next_on_wheel() const;
  void put_on_wheel(std::uint64_t moment, const Entry& entry);

  std::size_t size_ = 0;
  std::uint64_t present_ = 0;  // the moment that `now_` and `late_` are of, and those before
  std::vector<Entry> now_;     // the latest first
  EarliestFirst<Entry> late_;  // what was added to the present moment
  std::array<std::vector<Entry>, kMoments> wheel_;       // those that come next, by moment
  std::array<std::uint64_t, kMoments / kWord> taken_{};  // a bit for each that is not empty
  std::uint64_t words_taken_ = 0;                        // a bit for each word that is not zero
  EarliestFirst<Entry> far_;                             // the others
};

}  // namespace phyllo::sim
