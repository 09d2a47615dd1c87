#pragma once

#include <atomic>
#include <cstdint>

namespace phyllo::internal {

/// Decides which of many threads does what their news asks for: one at a time, and nobody waits for
/// it. Who brings news and finds the baton held goes away again; the holder sees what was brought
/// before it puts the baton down, or is told there. What a holder wrote the next one reads.
/// Thread-safe.
class Baton {
 public:
  /// A set of bits; not the highest one.
  using News = std::uint32_t;

  explicit Baton(News first = 0) : word_(first) {}

  /// True: the caller holds the baton from now on.
  bool take_up(News news) { return (word_.fetch_or(news | kHeld) & kHeld) == 0; }

  // --- the holder ---
  void add(News news) { word_.fetch_or(news); }
  /// What there is, which counts as seen to.
  News read() { return word_.exchange(kHeld) & ~kHeld; }
  /// This part of it is seen to.
  void strike(News news) { word_.fetch_and(~news); }
  /// Returns what came since `read`: somebody has to take the baton up again.
  News put_down() { return word_.fetch_and(~kHeld) & ~kHeld; }

  /// Whether there is news that nobody sees to.
  bool left() const {
    const News word = word_.load();
    return word != 0 && (word & kHeld) == 0;
  }

 private:
  static constexpr News kHeld = News{1} << 31;
  std::atomic<News> word_;
};

}  // namespace phyllo::internal
