#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/random.h"
#include "phyllo/client_options.h"
#include "sdk/src/clock.h"
#include "sdk/src/family.h"

namespace phyllo::internal {

/// Which broker to try next, and when: goes round the list, and waits longer after each whole round
/// that failed. Reads no clock. Not thread-safe.
class Connector {
 public:
  /// A connection that ends sooner counts as a failed attempt, so that a broker which welcomes and
  /// drops its clients is not asked without a pause.
  static constexpr std::chrono::seconds kShortLife{1};

  Connector(std::vector<std::string> brokers, BrokerOrder order, ReconnectPolicy policy,
            std::uint64_t seed);

  const std::string& broker() const { return brokers_[at_]; }
  /// Which kind of address of it to try.
  Family family() const { return families_[at_]; }
  Instant when() const { return when_; }

  /// The attempt came to nothing.
  void failed(Instant now);
  /// The broker will stop; a connection to another one is to be made beside it.
  void leaving(Instant now);
  /// An established connection ended after `life`.
  void lost(Instant now, std::chrono::nanoseconds life);

 private:
  void advance() { at_ = (at_ + 1) % brokers_.size(); }
  void go_on(Instant now);
  std::chrono::nanoseconds backoff();
  void begin_anew(Instant now);

  std::vector<std::string> brokers_;
  std::vector<Family> families_;  ///< of each
  ReconnectPolicy policy_;
  Random random_;
  std::size_t at_ = 0;
  std::size_t failures_ = 0;  ///< in this round
  std::size_t rounds_ = 0;    ///< that failed one after the other
  Instant when_ = Instant::min();
};

}  // namespace phyllo::internal
