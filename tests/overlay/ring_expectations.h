#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/ring/ring.h"
#include "sim/ring/ring_oracle.h"
#include "tests/support/seeds.h"

/// What tests of rings expect, with everything needed to understand a failure in its message.
namespace phyllo::testing {

using namespace sim;  // the rings and clusters under test

inline ::testing::AssertionResult nothing_in(const Findings& findings, const Ring& ring) {
  if (findings.empty()) return ::testing::AssertionSuccess();
  auto result = ::testing::AssertionFailure();
  result << findings.size() << " findings:\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(findings.size(), 8); ++i) {
    result << "  " << findings[i] << "\n";
  }
  return result << ring.report();
}

/// The ring comes to rest within `limit`: every member of `members` active, every leaf set exact,
/// every key served.
inline ::testing::AssertionResult settles(Ring& ring, const std::vector<StationId>& members,
                                          Duration limit) {
  const std::vector<overlay::Key> keys = telling_keys(ring, members);
  Findings unrest;
  const auto done = [&] {
    unrest = check_leaf_sets(ring, members);
    if (unrest.empty()) unrest = check_roots(ring, members, keys);
    return unrest.empty();
  };
  if (ring.run_until(done, limit)) return ::testing::AssertionSuccess();
  return nothing_in(unrest, ring) << "(not at rest in time)";
}
inline ::testing::AssertionResult settles(Ring& ring, Duration limit) {
  return settles(ring, ring.running(), limit);
}

/// Everything the oracle has to say about a ring at rest, and whether messages reach their roots.
inline ::testing::AssertionResult works(Ring& ring, const std::vector<StationId>& members,
                                        std::size_t messages = 50) {
  Findings all = check_leaf_sets(ring, members);
  const auto add = [&](Findings more) { all.insert(all.end(), more.begin(), more.end()); };
  add(check_structures(ring));
  add(check_roots(ring, members, telling_keys(ring, members)));
  add(check_delivery(ring, members, messages));
  if (ring.undecodable() > 0) all.push_back("messages that do not decode");
  if (ring.network().sent_to_self() > 0) all.push_back("messages that nodes sent to themselves");
  return nothing_in(all, ring);
}
inline ::testing::AssertionResult works(Ring& ring, std::size_t messages = 50) {
  return works(ring, ring.running(), messages);
}

/// Sanitizers make everything ten times slower: the largest rings are smaller there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t kShrink = 4;
#else
inline constexpr std::size_t kShrink = 1;
#endif

/// Grows a ring of `count` members that works.
inline ::testing::AssertionResult grown(Ring& ring, std::size_t count) {
  if (!ring.grow(count)) return ::testing::AssertionFailure() << "a join hangs\n" << ring.report();
  return settles(ring, std::chrono::seconds(10));
}

/// A ring's setup for this seed, or the one of the environment.
inline Ring::Setup setup(std::uint64_t seed) { return {.seed = seed_or(seed)}; }

/// How many peers the members declared lost, and why.
inline std::string losses(const Ring& ring) {
  std::string text;
  for (const StationId member : ring.running()) {
    for (const auto& [when, lost] : ring.member(member).lost()) {
      text += ring.id(member).short_hex() + " lost " + lost.peer.id().short_hex() + " for reason " +
              std::to_string(static_cast<int>(lost.reason)) + "\n";
    }
  }
  return text;
}

/// For tests that take a seed as parameter.
class SeededRing : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  std::uint64_t seed() const { return GetParam(); }
};

inline std::string seed_name(const ::testing::TestParamInfo<std::uint64_t>& info) {
  return "seed_" + std::to_string(info.param);
}

}  // namespace phyllo::testing
