#pragma once

#include <utility>

#include "regions/codec.h"
#include "regions/effects.h"

namespace phyllo::regions {

/// One call into the borders: when it happens and where its effects go.
class Turn {
 public:
  Turn(Time now, Effects& out) : now_(now), out_(out) {}

  Time now() const { return now_; }
  void emit(Effect effect) { out_.push_back(std::move(effect)); }
  void send(const overlay::Contact& to, const Message& message) {
    emit(multicast::SendDirect{to, encode(message)});
  }
  void route(overlay::Key key, const Message& message) {
    emit(multicast::SendToward{key, encode(message)});
  }

 private:
  Time now_;
  Effects& out_;
};

}  // namespace phyllo::regions
