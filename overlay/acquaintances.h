#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "overlay/contact.h"

namespace phyllo::overlay {

/// Members that a node once talked with and had no reason to talk with again, the latest `kLimit`
/// of them, and as long as these are few, others that it was told of while it joined. Nobody
/// watches them, so most may be gone. They are for the day on which all others are: of so many,
/// some live even when nineteen nodes of twenty die.
class Acquaintances {
 public:
  static constexpr std::size_t kLimit = 240;
  static constexpr std::size_t kHearsay = 160;

  /// Talked with. The last life that was seen counts.
  void add(const Contact& contact);
  /// Told of: takes nobody's place, and is the first to give up its own.
  void hear_of(const Contact& contact);
  /// Hands them out and forgets them: who answers will be an acquaintance again.
  std::vector<Contact> take_all() { return std::exchange(contacts_, {}); }
  std::size_t size() const { return contacts_.size(); }

 private:
  std::vector<Contact> contacts_;  // each id once, the latest last, told of first
};

}  // namespace phyllo::overlay
