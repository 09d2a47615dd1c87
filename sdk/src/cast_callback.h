#pragma once

#include <memory>
#include <utility>

#include "phyllo/cast.h"
#include "sdk/src/dispatcher.h"
#include "sdk/src/events.h"
#include "sdk/src/mailbox.h"

namespace phyllo::internal {

/// Tells the program once what became of a cast. `outcome` comes before the dispatcher has it.
class CastCallback : public Work {
 public:
  CastCallback(CastHandler handler, std::shared_ptr<Events> events)
      : handler_(std::move(handler)), events_(std::move(events)) {}

  void outcome(Reply reply) { reply_ = std::move(reply); }

  bool run() noexcept override {
    const CastHandler handler = std::exchange(handler_, nullptr);
    if (!handler) return false;
    if (const auto* outcome = std::get_if<CastOutcome>(&reply_)) {
      events_->guarded(handler, StatusOr<CastOutcome>(*outcome));
    } else {
      events_->guarded(handler, StatusOr<CastOutcome>(std::get<Status>(reply_)));
    }
    return false;
  }

 private:
  CastHandler handler_;
  const std::shared_ptr<Events> events_;
  Reply reply_;
};

}  // namespace phyllo::internal
