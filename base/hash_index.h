#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.h"

namespace phyllo {

/// The values of a shared secret and a number, well mixed: who chooses the number but does not know
/// the secret cannot choose the result.
inline std::uint64_t mixed_hash(std::uint64_t secret, std::uint64_t number) {
  std::uint64_t state = (number ^ secret) * 0x9e3779b97f4a7c15u;
  state = (state ^ (state >> 32) ^ std::rotl(secret, 17)) * 0xd6e8feb86659fd93u;
  return state ^ (state >> 32);
}

/// Finds values that know their own key and live elsewhere: a table of pointers that takes 9 to 24
/// bytes for each, for what there may be a million of. Owns nothing. `Keying` has
/// `key(const Value&)` and `number(key)`, 64 bits that differ where keys do. In no order; a key
/// costs the same to find however many were removed: one look into the table, which is all of it
/// that has to come into the processor's cache, and one at the value.
template <class Value, class Keying>
class HashIndex {
 public:
  using Key = decltype(Keying::key(std::declval<const Value&>()));

  explicit HashIndex(std::uint64_t secret = 0) : secret_(secret) {}
  HashIndex(HashIndex&&) noexcept = default;
  HashIndex& operator=(HashIndex&&) noexcept = default;

  std::size_t size() const { return size_; }
  /// nullptr when there is none.
  Value* find(const Key& key) const {
    const std::size_t at = place_of(key);
    return at == kNowhere ? nullptr : value_of(places_[at]);
  }
  /// No other may have its key.
  void insert(Value& value) {
    if ((used_ + 1) * 8 > places_.size() * 7) resize();
    put(value);
    ++size_;
  }
  /// Returns what was removed; nullptr when there was none.
  Value* remove(const Key& key) {
    const std::size_t at = place_of(key);
    if (at == kNowhere) return nullptr;
    Value* const value = value_of(places_[at]);
    places_[at] = kRemoved;
    if (--size_ == 0) {
      *this = HashIndex(secret_);
    } else if (size_ * 8 < places_.size()) {
      resize();
    }
    return value;
  }
  /// In no order that means anything.
  std::vector<Value*> all() const {
    std::vector<Value*> values;
    values.reserve(size_);
    for_each([&](Value& value) { values.push_back(&value); });
    return values;
  }
  /// The same without a list; nothing may come or go meanwhile.
  template <class Do>
  void for_each(Do&& one) const {
    for (const Place place : places_) {
      if (place > kRemoved) one(*value_of(place));
    }
  }
  /// For who looks at a few at a time: what is in a place, nullptr when nothing is.
  std::size_t places() const { return places_.size(); }
  Value* at(std::size_t place) const {
    return places_[place] > kRemoved ? value_of(places_[place]) : nullptr;
  }

 private:
  /// Free, removed, or a value's address with a part of its hash in the bits that addresses of
  /// programs do not use.
  using Place = std::uint64_t;
  static_assert(sizeof(Value*) == sizeof(Place));
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  static constexpr std::size_t kLeast = 8;
  static constexpr Place kFree = 0;
  static constexpr Place kRemoved = 1;
  static constexpr int kAddressBits = 48;
  static constexpr Place kAddress = (Place{1} << kAddressBits) - 1;

  static Place tag_of(std::uint64_t hash) { return hash & ~kAddress; }
  static Place tag_in(Place place) { return place & ~kAddress; }
  static Value* value_of(Place place) { return reinterpret_cast<Value*>(place & kAddress); }
  std::uint64_t hash_of(const Key& key) const { return mixed_hash(secret_, Keying::number(key)); }

  std::size_t place_of(const Key& key) const {
    if (size_ == 0) return kNowhere;
    const std::uint64_t hash = hash_of(key);
    const std::size_t mask = places_.size() - 1;
    for (std::size_t at = hash & mask; places_[at] != kFree; at = (at + 1) & mask) {
      const Place place = places_[at];
      if (tag_in(place) != tag_of(hash) || place == kRemoved) continue;
      if (Keying::key(*value_of(place)) == key) return at;
    }
    return kNowhere;
  }
  void put(Value& value) {
    const auto address = reinterpret_cast<Place>(&value);
    PHYLLO_CHECK((address & ~kAddress) == 0 && address > kRemoved);
    const std::uint64_t hash = hash_of(Keying::key(value));
    const std::size_t mask = places_.size() - 1;
    std::size_t at = hash & mask;
    while (places_[at] > kRemoved) at = (at + 1) & mask;
    used_ += places_[at] == kFree;
    places_[at] = tag_of(hash) | address;
  }
  /// So that a third to two thirds of the places are used; nothing removed is left.
  void resize() {
    const std::vector<Value*> values = all();
    const std::size_t places = std::max(kLeast, std::bit_ceil(size_ + size_ / 2 + 1));
    places_ = std::vector<Place>(places, kFree);
    used_ = 0;
    for (Value* value : values) put(*value);
  }

  std::uint64_t secret_;
  std::vector<Place> places_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;  ///< places that are not free
};

}  // namespace phyllo
