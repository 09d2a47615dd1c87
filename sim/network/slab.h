#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace phyllo::sim {

/// Values under small numbers that are used again: putting one in takes no memory once as many have
/// been there at a time.
template <class T>
class Slab {
 public:
  std::uint32_t put(T value) {
    if (free_.empty()) {
      values_.push_back(std::move(value));
      return static_cast<std::uint32_t>(values_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    values_[slot] = std::move(value);
    return slot;
  }
  const T& operator[](std::uint32_t slot) const { return values_[slot]; }
  /// Each number that `put` gave once.
  T take(std::uint32_t slot) {
    free_.push_back(slot);
    return std::move(values_[slot]);
  }

 private:
  std::vector<T> values_;
  std::vector<std::uint32_t> free_;
};

}  // namespace phyllo::sim
