#include "sdk/src/connector.h"

#include <algorithm>
#include <utility>

namespace phyllo::internal {

Connector::Connector(std::vector<std::string> brokers, BrokerOrder order, ReconnectPolicy policy,
                     std::uint64_t seed)
    : brokers_(std::move(brokers)), policy_(policy), random_(seed) {
  if (order == BrokerOrder::kShuffled) {
    for (std::size_t i = brokers_.size(); i > 1; --i) {
      std::swap(brokers_[i - 1], brokers_[random_.below(i)]);
    }
  }
  for (const std::string& broker : brokers_) families_.push_back(family_of(broker));
}

void Connector::failed(Instant now) {
  if (has_name(broker())) families_[at_] = other(families_[at_]);
  go_on(now);
}

void Connector::go_on(Instant now) {
  advance();
  when_ = now;
  if (++failures_ < brokers_.size()) return;
  failures_ = 0;
  ++rounds_;
  when_ = now + std::chrono::duration_cast<Clock::duration>(backoff());
}

void Connector::lost(Instant now, std::chrono::nanoseconds life) {
  if (life < kShortLife) return go_on(now);
  begin_anew(now);
}

void Connector::leaving(Instant now) { begin_anew(now); }

void Connector::begin_anew(Instant now) {
  failures_ = 0;
  rounds_ = 0;
  advance();
  // The clients of a broker that is gone do not all arrive at the next one in the same moment.
  when_ = now + std::chrono::duration_cast<Clock::duration>(policy_.initial * policy_.jitter *
                                                            random_.unit());
}

std::chrono::nanoseconds Connector::backoff() {
  constexpr std::size_t kMostDoublings = 20;
  const double factor = static_cast<double>(1u << std::min(rounds_ - 1, kMostDoublings));
  const std::chrono::duration<double, std::milli> wait =
      std::min<std::chrono::duration<double, std::milli>>(policy_.initial * factor,
                                                          policy_.maximum);
  return random_.around(std::chrono::duration_cast<Duration>(wait), policy_.jitter);
}

}  // namespace phyllo::internal
