#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/random.h"
#include "base/time.h"
#include "overlay/coordinate.h"

namespace phyllo::overlay {

/// Where this node stands, by round trips to others who say where they stand. None of them is
/// believed more than its round trip bears out: a liar costs precision and nothing else.
class Position {
 public:
  struct Sample {
    Coordinate there;
    Duration round_trip{};
  };

  /// The others of a ring stand where they do in relation to the first one, which measured nobody.
  void found();
  /// One more round trip: a step toward where it would fit, the longer the less sure this node is
  /// of its place beside the other one (Vivaldi).
  void measured(const Sample& sample, Random& random);
  /// Goes to where these fit best together; whose round trip does not fit the others' counts
  /// little.
  void settle(std::span<const Sample> samples, Random& random);

  /// Unknown before a first round trip to somebody whose coordinate is known.
  const Coordinate& told() const { return told_; }
  /// How far off its distances usually are, as a part of them; 1 before the first round trip.
  double error() const { return error_; }

 private:
  static constexpr std::size_t kFree = Coordinate::kDimensions + 1;
  using Point = std::array<double, kFree>;  // the height last
  using Equations = std::array<std::array<double, kFree + 1>, kFree>;
  /// From there to here.
  struct Way {
    Point direction;  ///< where each step adds as much to the distance; the height up
    double distance;
  };

  Way way_from(const Coordinate& there, Random& random) const;
  void move(const Point& by);
  Equations normal_equations(std::span<const Sample> samples, Random& random) const;
  void tell();

  Point at_{};
  double error_ = 1;
  Coordinate told_;
};

}  // namespace phyllo::overlay
