#pragma once

#include <utility>

#include "multicast/codec.h"
#include "multicast/effects.h"

namespace phyllo::multicast {

/// One call into a layer that says `Message`s and appends `Effect`s: when it happens and where its
/// effects go. The layer's `encode` makes a message of the overlay of a Message.
template <class Message, class Effect>
class TurnOf {
 public:
  TurnOf(Time now, std::vector<Effect>& out) : now_(now), out_(out) {}

  Time now() const { return now_; }
  void emit(Effect effect) { out_.push_back(std::move(effect)); }
  /// Returns how many bytes that takes, without what the overlay adds.
  std::size_t send(const overlay::Contact& to, const Message& message) {
    overlay::AppMessage encoded = encode(message);
    const std::size_t bytes = encoded.header.size() + encoded.body.size();
    emit(SendDirect{to, std::move(encoded)});
    return bytes;
  }
  void route(overlay::Key key, const Message& message) { emit(SendToward{key, encode(message)}); }

 private:
  Time now_;
  std::vector<Effect>& out_;
};

/// One call into the forest.
using Turn = TurnOf<Message, Effect>;

}  // namespace phyllo::multicast
