#pragma once

namespace phyllo::internal {

/// Where the thread that publishes can send what became due by it.
class Sender {
 public:
  virtual ~Sender() = default;
  /// Sends what is due, or leaves it to the thread that is at it just now. Takes bounded time and
  /// runs no code of the program. Any thread.
  virtual void send_due() noexcept = 0;
};

}  // namespace phyllo::internal
