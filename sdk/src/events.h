#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <variant>

#include "phyllo/client_options.h"
#include "sdk/src/dispatcher.h"

namespace phyllo::internal {

/// A client's own callbacks (those of ClientOptions): queues what happened, in order, for the
/// callback threads. Also where exceptions of all callbacks end. Thread-safe.
class Events : public Work, public std::enable_shared_from_this<Events> {
 public:
  /// When the program's callback is so far behind, the oldest event is dropped.
  static constexpr std::size_t kMostWaiting = 1024;

  Events(const ClientOptions& options, std::shared_ptr<Dispatcher> dispatcher);

  void post(ConnectionEvent event);
  void post(PublishRefused event);
  /// Calls `callback`; an exception it throws is counted and goes to ClientOptions::on_exception.
  template <class Callback, class... Arguments>
  void guarded(const Callback& callback, const Arguments&... arguments) noexcept {
    try {
      callback(arguments...);
    } catch (...) {
      caught(std::current_exception());
    }
  }
  std::uint64_t exceptions() const { return exceptions_; }
  /// Lets go of the callbacks and what they captured. Not in a turn of the reactor.
  void release();

  bool run() noexcept override;

 private:
  struct Callbacks {
    std::function<void(const ConnectionEvent&)> on_connection;
    std::function<void(const PublishRefused&)> on_publish_refused;
    std::function<void(std::exception_ptr)> on_exception;
  };
  using Event = std::variant<ConnectionEvent, PublishRefused>;
  void enqueue(Event event);
  void caught(std::exception_ptr exception) noexcept;
  std::shared_ptr<const Callbacks> callbacks() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Callbacks> callbacks_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  std::deque<Event> waiting_;
  bool scheduled_ = false;
  std::atomic<std::uint64_t> exceptions_{0};
};

}  // namespace phyllo::internal
