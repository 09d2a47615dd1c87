#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "broker/config/settings.h"
#include "broker/status_board.h"

namespace phyllo::broker {

/// Answers `/healthz`, `/readyz` and `/metrics` in threads of its own, from what the event loop
/// last posted.
class HttpServer {
 public:
  /// Listens and serves until destruction. The error names the address and why.
  static Result<std::unique_ptr<HttpServer>> start(const HostPort& listen,
                                                   const StatusBoard& board);
  ~HttpServer();

  /// The real port where 0 was asked for.
  std::uint16_t port() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace phyllo::broker
