#include "overlay/position.h"

#include <algorithm>
#include <cmath>

namespace phyllo::overlay {
namespace {

constexpr double kStep = 0.25;
constexpr double kErrorShare = 0.25;       // of a new round trip in the error
constexpr double kLeastError = 1.0 / 256;  // nobody is surer of itself
constexpr double kFewSamples = 0.3;        // more error for one, half of that for two
constexpr double kLowest = 5;              // a height of zero would stay so
constexpr double kShortest = 1;            // microseconds
constexpr int kRounds = 6;
constexpr double kDamping = 0.02;
constexpr double kOddOne = 1.0;     // as far off, as a part of its round trip, counts half
constexpr double kOwnDoubt = 0.02;  // more than that of others makes little difference

double microseconds(Duration d) {
  return std::max(std::chrono::duration<double, std::micro>(d).count(), kShortest);
}

double error_of(const Coordinate& coordinate) {
  return std::max(coordinate.error / 256.0, kLeastError);
}

}  // namespace

void Position::found() { tell(); }

Position::Way Position::way_from(const Coordinate& there, Random& random) const {
  Way way{};
  constexpr std::size_t kHeight = Coordinate::kDimensions;
  const auto length = [&] {
    double square = 0;
    for (std::size_t i = 0; i < kHeight; ++i) square += way.direction[i] * way.direction[i];
    return std::sqrt(square);
  };
  for (std::size_t i = 0; i < kHeight; ++i) way.direction[i] = at_[i] - there.at[i];
  double flat = length();
  way.distance = flat + at_[kHeight] + there.height;
  if (flat < kShortest) {  // at the same place: apart in any direction
    for (std::size_t i = 0; i < kHeight; ++i) way.direction[i] = 2 * random.unit() - 1;
    flat = std::max(length(), kLeastError);
  }
  for (std::size_t i = 0; i < kHeight; ++i) way.direction[i] /= flat;
  way.direction[kHeight] = 1;
  return way;
}

void Position::move(const Point& by) {
  for (std::size_t i = 0; i < Coordinate::kDimensions; ++i) {
    at_[i] = std::clamp<double>(at_[i] + by[i], -Coordinate::kFarthest, Coordinate::kFarthest);
  }
  at_.back() = std::clamp<double>(at_.back() + by.back(), kLowest, Coordinate::kHighest);
}

void Position::measured(const Sample& sample, Random& random) {
  if (!sample.there.known()) return;
  const double round_trip = microseconds(sample.round_trip);
  const Way way = way_from(sample.there, random);
  // Nobody draws it farther than its own distance, wherever it says it stands.
  const double off = std::clamp(round_trip - way.distance, -round_trip, round_trip);
  const double weight = error_ / (error_ + error_of(sample.there));
  const double share = kErrorShare * weight;
  error_ = std::clamp(share * std::abs(off) / round_trip + (1 - share) * error_, kLeastError, 1.0);
  Point by = way.direction;
  by.back() = (at_.back() + sample.there.height) / std::max(way.distance, kShortest);
  for (double& along : by) along *= kStep * weight * off;
  move(by);
  tell();
}

/// Of the step that fits all best if distances grew evenly with it: one round of Gauss and Newton,
/// for which all that are odd count less.
Position::Equations Position::normal_equations(std::span<const Sample> samples,
                                               Random& random) const {
  Equations normal{};
  for (const Sample& sample : samples) {
    const double round_trip = microseconds(sample.round_trip);
    const Way way = way_from(sample.there, random);
    const double off = round_trip - way.distance;
    const double odd = off / round_trip / kOddOne;
    const double weight =
        1 / (round_trip * round_trip * (kOwnDoubt + error_of(sample.there))) / (1 + odd * odd);
    for (std::size_t i = 0; i < kFree; ++i) {
      const double pull = weight * way.direction[i];
      for (std::size_t j = 0; j < kFree; ++j) normal[i][j] += pull * way.direction[j];
      normal[i][kFree] += pull * off;
    }
  }
  double trace = 0;
  for (std::size_t i = 0; i < kFree; ++i) trace += normal[i][i];
  // Few samples leave directions open: it stays where it is along them.
  for (std::size_t i = 0; i < kFree; ++i) normal[i][i] += kDamping * trace;
  return normal;
}

void Position::settle(std::span<const Sample> samples, Random& random) {
  if (samples.empty()) return;
  for (int round = 0; round < kRounds; ++round) {
    Equations normal = normal_equations(samples, random);
    for (std::size_t i = 0; i < kFree; ++i) {  // Gauss; the damping keeps the diagonal above zero
      for (std::size_t k = 0; k < kFree; ++k) {
        if (k == i) continue;
        const double factor = normal[k][i] / normal[i][i];
        for (std::size_t j = i; j <= kFree; ++j) normal[k][j] -= factor * normal[i][j];
      }
    }
    Point by{};
    for (std::size_t i = 0; i < kFree; ++i) by[i] = normal[i][kFree] / normal[i][i];
    move(by);
  }
  double off = 0;
  for (const Sample& sample : samples) {
    const double round_trip = microseconds(sample.round_trip);
    off += std::min(std::abs(way_from(sample.there, random).distance / round_trip - 1), 1.0);
  }
  error_ = std::clamp((off + kFewSamples) / static_cast<double>(samples.size()), kLeastError, 1.0);
  tell();
}

void Position::tell() {
  for (std::size_t i = 0; i < told_.at.size(); ++i) told_.at[i] = static_cast<std::int32_t>(at_[i]);
  told_.height = static_cast<std::uint32_t>(at_.back());
  told_.error = static_cast<std::uint8_t>(std::min(256 * error_, Coordinate::kUnknown - 1.0));
}

}  // namespace phyllo::overlay
