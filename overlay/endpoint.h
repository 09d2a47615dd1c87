#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace phyllo::overlay {

/// Where a socket listens or connects: `tcp://host:port` (IPv6 in brackets) or `ipc://path`.
/// An invalid one cannot be built; a default-constructed one is empty and means "none".
class Endpoint {
 public:
  Endpoint() = default;
  /// kInvalidArgument with the reason when `text` is neither of the two forms. `port` 0 is allowed
  /// (the system chooses) and `*` as a host (all interfaces); whoever needs a fixed port or a
  /// connectable host checks that.
  static Result<Endpoint> parse(std::string_view text);

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Endpoint&) const = default;

 private:
  explicit Endpoint(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace phyllo::overlay
