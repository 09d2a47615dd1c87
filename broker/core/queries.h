#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "base/topic_name.h"
#include "broker/core/client_messages.h"
#include "broker/core/effects.h"
#include "broker/core/rings.h"

namespace phyllo::broker {

/// What a broker knows of its rings, as people ask for it. Counts of programs are left at 0.
/// Round trips are reported as measured, without the node's `cross_region_factor`.
client::PeersAnswer describe_peers(const Rings& rings, double cross_region_factor);

/// Requests of programs that are under way, each waiting for what the forest says. Bounded. Not
/// thread-safe.
class Requests {
 public:
  struct Asker {
    SessionId session;
    std::uint32_t request;
    TopicName topic;
  };

  Requests(std::size_t maximum, std::size_t maximum_per_session)
      : maximum_(maximum), maximum_per_session_(maximum_per_session) {}

  /// Whether no further one may be started, by anybody or by this session.
  bool full(SessionId session) const;
  /// `number`: the forest's.
  void started(std::uint64_t number, Asker asker);
  /// Whose this was, now forgotten; nullopt when it was nobody's.
  std::optional<Asker> finished(std::uint64_t number);

 private:
  std::size_t maximum_;
  std::size_t maximum_per_session_;
  std::map<std::uint64_t, Asker> askers_;
  std::map<SessionId, std::size_t> per_session_;
};

}  // namespace phyllo::broker
