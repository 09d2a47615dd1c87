#include "sim/ring/active_members.h"

#include <gtest/gtest.h>

#include <map>

namespace phyllo::sim {
namespace {

using overlay::Key;
using overlay::NodeId;

TEST(ActiveMembers, KnowTheRootOfAnyKeyWhileMembersComeAndGo) {
  Random random(5);
  ActiveMembers members;
  std::map<StationId, NodeId> expected;
  EXPECT_EQ(members.root_of(Key::random(random)), std::nullopt);
  for (int step = 0; step < 400; ++step) {
    const auto station = static_cast<StationId>(random.below(40));
    if (random.chance(0.6)) {
      const NodeId id = NodeId::random(random);
      members.add(station, id);
      expected.emplace(station, id);
    } else {
      members.remove(station);
      expected.erase(station);
    }
    ASSERT_EQ(members.size(), expected.size());
    if (expected.empty()) continue;
    EXPECT_TRUE(expected.contains(members.pick(random)));
    const Key key = Key::random(random);
    NodeId root = expected.begin()->second;
    for (const auto& [_, id] : expected) {
      if (overlay::closer(key, id, root)) root = id;
    }
    EXPECT_EQ(members.root_of(key), root);
  }
}

}  // namespace
}  // namespace phyllo::sim
