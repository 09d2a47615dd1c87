#pragma once

#include <utility>

#include "multicast/codec.h"
#include "multicast/effects.h"

namespace phyllo::multicast {

/// One call into the forest: when it happens and where its effects go.
class Turn {
 public:
  Turn(Time now, Effects& out) : now_(now), out_(out) {}

  Time now() const { return now_; }
  void emit(Effect effect) { out_.push_back(std::move(effect)); }
  void send(const overlay::Contact& to, const Message& message) {
    out_.push_back(SendDirect{to, encode(message)});
  }
  void route(overlay::Key key, const Message& message) {
    out_.push_back(SendToward{key, encode(message)});
  }

 private:
  Time now_;
  Effects& out_;
};

}  // namespace phyllo::multicast
