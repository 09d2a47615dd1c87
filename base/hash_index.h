#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace phyllo {

/// The values of a shared secret and a number, well mixed: who chooses the number but does not know
/// the secret cannot choose the result.
inline std::uint64_t mixed_hash(std::uint64_t secret, std::uint64_t number) {
  std::uint64_t state = (number ^ secret) * 0x9e3779b97f4a7c15u;
  state = (state ^ (state >> 32) ^ std::rotl(secret, 17)) * 0xd6e8feb86659fd93u;
  return state ^ (state >> 32);
}

/// Finds values that know their own key and live elsewhere: a table of pointers that takes 10 to 20
/// bytes for each, for what there may be a million of. Owns nothing. `Keying` has
/// `key(const Value&)` and `number(key)`, 64 bits that differ where keys do. In no order; a key
/// costs the same to find however many were removed.
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
    return at == kNowhere ? nullptr : values_[at];
  }
  /// No other may have its key.
  void insert(Value& value) {
    if ((used_ + 1) * 8 > tags_.size() * 7) resize();
    put(value);
    ++size_;
  }
  /// Returns what was removed; nullptr when there was none.
  Value* remove(const Key& key) {
    const std::size_t at = place_of(key);
    if (at == kNowhere) return nullptr;
    Value* const value = values_[at];
    tags_[at] = kRemoved;
    if (--size_ == 0) {
      *this = HashIndex(secret_);
    } else if (size_ * 8 < tags_.size()) {
      resize();
    }
    return value;
  }
  /// In no order that means anything.
  std::vector<Value*> all() const {
    std::vector<Value*> values;
    values.reserve(size_);
    for (std::size_t at = 0; at < tags_.size(); ++at) {
      if (tags_[at] > kRemoved) values.push_back(values_[at]);
    }
    return values;
  }

 private:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  static constexpr std::size_t kLeast = 8;
  using Tag = std::uint8_t;
  static constexpr Tag kFree = 0;
  static constexpr Tag kRemoved = 1;

  static Tag tag_of(std::uint64_t hash) { return static_cast<Tag>((hash >> 56) | 2); }
  std::uint64_t hash_of(const Key& key) const { return mixed_hash(secret_, Keying::number(key)); }

  std::size_t place_of(const Key& key) const {
    if (size_ == 0) return kNowhere;
    const std::uint64_t hash = hash_of(key);
    const std::size_t mask = tags_.size() - 1;
    for (std::size_t at = hash & mask; tags_[at] != kFree; at = (at + 1) & mask) {
      if (tags_[at] == tag_of(hash) && Keying::key(*values_[at]) == key) return at;
    }
    return kNowhere;
  }
  void put(Value& value) {
    const std::uint64_t hash = hash_of(Keying::key(value));
    const std::size_t mask = tags_.size() - 1;
    std::size_t at = hash & mask;
    while (tags_[at] > kRemoved) at = (at + 1) & mask;
    used_ += tags_[at] == kFree;
    tags_[at] = tag_of(hash);
    values_[at] = &value;
  }
  /// So that a third to two thirds of the places are used; nothing removed is left.
  void resize() {
    const std::vector<Value*> values = all();
    const std::size_t places = std::max(kLeast, std::bit_ceil(size_ + size_ / 2 + 1));
    tags_.assign(places, kFree);
    tags_.shrink_to_fit();
    values_ = std::make_unique<Value*[]>(places);
    used_ = 0;
    for (Value* value : values) put(*value);
  }

  std::uint64_t secret_;
  std::vector<Tag> tags_;  ///< of each place: free, removed, or a part of what is there's hash
  std::unique_ptr<Value*[]> values_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;  ///< places that are not free
};

}  // namespace phyllo
