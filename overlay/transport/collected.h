#pragma once

#include <cstddef>
#include <optional>

#include "base/envelope.h"
#include "overlay/wire.h"

namespace phyllo::overlay::transport {

/// Short messages for one connection, until the end of the burst that they come from.
class Collected {
 public:
  static bool takes(const Wire& wire) {
    return Envelope::takes(wire.header.size(), wire.body.size());
  }
  bool empty() const { return !first_ && envelope_.empty(); }
  /// False: `take` first.
  bool fits(const Wire& wire) const;
  /// Needs `takes` and `fits`.
  void add(Wire wire);
  /// What they cost until they are taken, as whoever adds them counts.
  std::size_t cost() const { return cost_; }
  void charge(std::size_t bytes) { cost_ += bytes; }

  /// One alone stays what it is; several are an envelope, in `header`. Needs !empty().
  struct Taken {
    enum class Kind { kMessage, kEnvelope };
    Kind kind;
    Wire wire;
    std::size_t cost;
  };
  Taken take();

 private:
  std::optional<Wire> first_;  ///< while it is the only one
  EnvelopeWriter envelope_;
  std::size_t cost_ = 0;
};

}  // namespace phyllo::overlay::transport
