#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {

using namespace std::chrono_literals;

/// Every border is 20 ms long. Each leads to a price of 9, but from de to fr nothing is paid.
class Relays : public ::testing::Test {
 protected:
  explicit Relays(std::uint64_t seed = phyllo::testing::seed_or(1)) : world_(seed) {
    RecordProperty("seed", std::to_string(seed));
    world_.table = RegionTable({"de", "fr", "hub", "us"});
    for (std::size_t from = 0; from < 4; ++from) {
      for (std::size_t to = 0; to < 4; ++to) {
        if (from != to) world_.table.border(from, to) = {.price_per_gb = 9, .delay = 20ms};
      }
    }
    border("de", "fr").price_per_gb = 0;
  }

  Border& border(const std::string& from, const std::string& to) {
    return world_.table.border(*world_.table.index(from), *world_.table.index(to));
  }
  /// With what has been configured until then.
  void begin() {
    us_ = world_.add("us");
    de_ = world_.add("de");
    fr_ = world_.add("fr");
    hub_ = world_.add("hub");
    world_.run_for(5s);
  }
  void subscribe(std::size_t region) {
    world_.subscribe(region, kTopic);
    ASSERT_TRUE(world_.run_until([&] { return world_.live(region, kTopic); }, 10s));
  }
  /// And two regions want the topic.
  void begin_with_both() {
    begin();
    subscribe(de_);
    subscribe(fr_);
  }
  void publish(int count, Duration every = 30ms) {
    for (int i = 0; i < count; ++i) {
      world_.publish(us_, kTopic, kWriter);
      world_.run_for(every);
    }
  }
  /// Copies that crossed each border in the meantime.
  struct Copies {
    std::uint64_t to_de, to_fr, de_to_fr;
    bool operator==(const Copies&) const = default;
  };
  Copies copies() const {
    return {world_.batches(us_, de_), world_.batches(us_, fr_), world_.batches(de_, fr_)};
  }
  /// To these two regions, with what has been configured until then.
  Copies of_both(int count) {
    begin_with_both();
    publish(count);
    return copies();
  }
  std::size_t heard(std::size_t region) const {
    return world_.heard(region, kTopic, kWriter).numbers.size();
  }
  /// Since the last time.
  Copies fresh() {
    const Copies now = copies();
    const Copies before = std::exchange(counted_, now);
    return {now.to_de - before.to_de, now.to_fr - before.to_fr, now.de_to_fr - before.de_to_fr};
  }
  static constexpr Copies direct(std::uint64_t count) { return {count, count, 0}; }
  static constexpr Copies relayed(std::uint64_t count) { return {count, 0, count}; }

  static constexpr char kTopic[] = "metro/eu/line-4";
  static constexpr PublisherId kWriter = 7;
  World world_;
  std::size_t us_ = 0, de_ = 0, fr_ = 0, hub_ = 0;
  Copies counted_{};
};

inline void PrintTo(const auto& copies, std::ostream* out) requires requires { copies.de_to_fr; }
{
  *out << "us to de " << copies.to_de << ", us to fr " << copies.to_fr << ", de to fr "
       << copies.de_to_fr;
}

}  // namespace phyllo::regions
