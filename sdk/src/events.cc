#include "sdk/src/events.h"

#include <utility>

namespace phyllo::internal {

Events::Events(const ClientOptions& options, std::shared_ptr<Dispatcher> dispatcher)
    : callbacks_(std::make_shared<Callbacks>(
          Callbacks{options.on_connection, options.on_publish_refused, options.on_exception})),
      dispatcher_(std::move(dispatcher)) {}

void Events::post(ConnectionEvent event) {
  if (const auto current = callbacks(); current && current->on_connection) {
    enqueue(std::move(event));
  }
}

void Events::post(PublishRefused event) {
  if (const auto current = callbacks(); current && current->on_publish_refused) {
    enqueue(std::move(event));
  }
}

void Events::enqueue(Event event) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == kMostWaiting) waiting_.pop_front();
    waiting_.push_back(std::move(event));
    if (std::exchange(scheduled_, true)) return;
  }
  dispatcher_->post(shared_from_this());
}

bool Events::run() noexcept {
  std::shared_ptr<const Callbacks> current;
  Event event;
  {
    const std::lock_guard lock(mutex_);
    current = callbacks_;
    event = std::move(waiting_.front());
    waiting_.pop_front();
  }
  if (current) {
    if (const auto* connection = std::get_if<ConnectionEvent>(&event)) {
      guarded(current->on_connection, *connection);
    } else {
      guarded(current->on_publish_refused, std::get<PublishRefused>(event));
    }
  }
  const std::lock_guard lock(mutex_);
  scheduled_ = !waiting_.empty();
  return scheduled_;
}

void Events::caught(std::exception_ptr exception) noexcept {
  ++exceptions_;
  const auto current = callbacks();
  if (!current || !current->on_exception) return;
  try {
    current->on_exception(std::move(exception));
  } catch (...) {
    ++exceptions_;
  }
}

void Events::release() {
  // Destroyed after the lock is given up: what they captured may be anything.
  std::shared_ptr<const Callbacks> last;
  const std::lock_guard lock(mutex_);
  last = std::exchange(callbacks_, nullptr);
}

std::shared_ptr<const Events::Callbacks> Events::callbacks() const {
  const std::lock_guard lock(mutex_);
  return callbacks_;
}

}  // namespace phyllo::internal
