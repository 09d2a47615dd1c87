#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "overlay/effects.h"

namespace phyllo::broker {

/// Tells operators, once a minute at most, that other brokers sent what this broker's rules forbid
/// to be here: their rules are others.
class RefusalReport {
 public:
  /// Looks from now on.
  void start(Time now) { next_ = now + kEvery; }
  Time next() const { return next_; }
  /// `refusals` since the broker started.
  std::optional<overlay::Notice> look(Time now, std::uint64_t refusals,
                                      const overlay::Contact& self) {
    if (now < next_) return std::nullopt;
    next_ = now + kEvery;
    const std::uint64_t fresh = refusals - std::exchange(told_, refusals);
    if (fresh == 0) return std::nullopt;
    return overlay::Notice{overlay::Notice::Level::kWarning,
                           "refused " + std::to_string(fresh) +
                               " messages about topics that the rules keep out of region " +
                               self.region() + ", or inside other ones: a broker has other rules",
                           self.id()};
  }

 private:
  static constexpr Duration kEvery = std::chrono::minutes(1);

  Time next_ = kNever;
  std::uint64_t told_ = 0;
};

}  // namespace phyllo::broker
