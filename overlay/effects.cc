#include "overlay/effects.h"

namespace phyllo::overlay {

const char* to_string(StateChanged::State state) {
  using State = StateChanged::State;
  switch (state) {
    case State::kDead:
      return "dead";
    case State::kSeeking:
      return "seeking";
    case State::kJoining:
      return "joining";
    case State::kWaiting:
      return "waiting";
    case State::kActive:
      return "active";
    case State::kLeft:
      return "left";
    case State::kResigned:
      return "resigned";
  }
  return "unknown";
}

}  // namespace phyllo::overlay
