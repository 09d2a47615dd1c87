#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/time.h"
#include "broker/core/broker_config.h"

/// What the programs of a run do, as data.
namespace phyllo::sim {

struct Subscribes {
  std::string topic;
  broker::SlowPolicy policy;
  std::uint64_t credit;
  std::uint64_t queue;
  bool operator==(const Subscribes&) const = default;
};

/// From its oldest subscription.
struct Unsubscribes {
  bool operator==(const Unsubscribes&) const = default;
};

/// So many batches, one `every` so often.
struct Publishes {
  std::string topic;
  std::uint32_t batches;
  std::uint32_t messages;  ///< in each batch
  Duration every;
  bool operator==(const Publishes&) const = default;
};

/// Consumes nothing for a while.
struct Stalls {
  Duration lasts;
  bool operator==(const Stalls&) const = default;
};

/// Says goodbye for ever.
struct Leaves {
  bool operator==(const Leaves&) const = default;
};

struct Deed {
  std::size_t program;
  std::variant<Subscribes, Unsubscribes, Publishes, Stalls, Leaves> what;
  bool operator==(const Deed&) const = default;
};

/// One line without loss, e.g.
///
///     program 3 subscribes t/1 policy drop_oldest credit 1048576 queue 0
///     program 3 publishes t/1 30 batches of 2 every 0.01s
///     program 3 unsubscribes       program 3 stalls for 2s       program 3 leaves
std::string to_text(const Deed& deed);
Result<Deed> parse_deed(std::string_view line);

}  // namespace phyllo::sim
