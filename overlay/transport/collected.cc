#include "overlay/transport/collected.h"

#include <utility>

namespace phyllo::overlay::transport {

bool Collected::fits(const Wire& wire) const {
  if (!first_) return envelope_.empty() || envelope_.fits(wire.header.size(), wire.body.size());
  static_assert(3 * Envelope::kLargestMessage < Envelope::kBytes);
  return true;
}

void Collected::add(Wire wire) {
  if (empty()) {
    first_ = std::move(wire);
    return;
  }
  if (first_) envelope_.add(first_->header, first_->body.view());
  first_.reset();
  envelope_.add(wire.header, wire.body.view());
}

Collected::Taken Collected::take() {
  using Kind = Taken::Kind;
  const std::size_t cost = std::exchange(cost_, 0);
  if (first_) return {Kind::kMessage, *std::exchange(first_, {}), cost};
  return {Kind::kEnvelope, {envelope_.take(), {}}, cost};
}

}  // namespace phyllo::overlay::transport
