#pragma once

#include <cstdint>
#include <string>

#include "overlay/messages.h"

namespace phyllo::broker {

/// Keeps brokers of other regions out of a home ring, whoever names them: a node never joins
/// through them, asks them or has them as neighbours.
class RegionGate {
 public:
  explicit RegionGate(std::string region) : region_(std::move(region)) {}

  bool admits(const overlay::Contact& contact) const { return contact.region() == region_; }
  /// False for a message that does not belong into the ring. Takes the contacts that do not belong
  /// there out of one that does.
  bool admits(const overlay::Contact& from, overlay::Message& message);
  /// A seed turned out to be one of another region.
  void refused_seed() { ++refused_; }

  /// Messages, contacts in messages and answers of seeds that were refused.
  std::uint64_t refused() const { return refused_; }

 private:
  std::string region_;
  std::uint64_t refused_ = 0;
};

}  // namespace phyllo::broker
