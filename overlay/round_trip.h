#pragma once

#include "base/time.h"

namespace phyllo::overlay {

/// The smoothed round trip to a peer and its variation (Jacobson and Karels 1988).
class RoundTrip {
 public:
  void add(Duration sample);
  bool measured() const { return smoothed_ > Duration::zero(); }
  Duration smoothed() const { return smoothed_; }
  /// How long to wait for an acknowledgement: srtt + 4·var, at least `minimum`; before the first
  /// measurement three times `minimum`.
  Duration timeout(Duration minimum) const;

 private:
  Duration smoothed_{};
  Duration variation_{};
};

}  // namespace phyllo::overlay
