// What is known to go wrong in two older systems of this kind, and the test that each of these
// mistakes would fail. `--gtest_filter=*Unlike*` runs them.
//
// FreePastry
//   a root that still has a parent drops every publish    ARootNeverKeepsAParent,
//                                                         AnHeirDeepInTheTreeLeavesItsParent,
//                                                         ATreeWithALimit.SurvivesTheDeathOf...
//   an upcall for a failure that was none                 NobodyIsDeclaredLostWhoIsThere,
//                                                         NoSubscriptionFailsThatOnlyTakesLonger
//   a limit of n admits n - 1                             ALimitOfNAdmitsExactlyN
//   an unsubscribe that is never sent                     NothingIsLeftOfATreeWhenEverybody...
//   full queues drop instead of rerouting                 MessagesForAFullLinkGoAnotherWay
//   publishing to a topic without a tree vanishes         APublicationThatNobodyHearsIsTaken...
//   keys without an owner long after a crash              AKeyHasARootAgainWithinTheDetectionTime
//   the whole node stalls when a handler blocks           AProgramThatHangsStallsNobodyElse
//   lost when the application registered after the start  loses_nothing_that_arrives_before...,
//                                                         MakesSubscriptionsBeforeTheRingIs...
// Wendy
//   hits in the leaf set are ignored                      AKeyInReachOfTheLeafSetIsOneHopAway,
//                                                         TwoNodesBringAThousandRandomKeys...
//   removing aborts when the node is not in the table     removing_somebody_who_is_not_there...
//   a dead next hop loses the message                     MessagesUnderWayToADeadHopGoAnotherWay
//   the exit upcall is never called                       EveryNeighbourTellsTheLayersAbove...
//   a forward upcall edits a copy                         sends_on_what_the_forward_upcall_made...
//   each race notice announces again                      AStormAtEightNodesDoesNotMultiply...
//   no hop limit                                          AMessageThatCrossedTooManyLinksIs...
//   clock skew loops                                      ClocksThatAreYearsApart...
//   half-joined nodes swallow messages                    MessagesToHalfJoinedNodesAreNever...

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

class UnlikeFreePastry : public ClusterTest {};

/// Two programs at each broker of a tree hang, and none of its other programs waits for them, be
/// it served before or after them: a message is everywhere within a few trips, all the time.
TEST_F(UnlikeFreePastry, AProgramThatHangsStallsNobodyElse) {
  ASSERT_TRUE(cluster_.grow(12));
  Programs hung = program_at_each_broker();
  const Programs well = program_at_each_broker();
  for (Program* program : program_at_each_broker()) hung.push_back(program);
  subscribe_all(well, "t");
  for (Program* program : hung) {
    program->subscribe(Program::Wish{.topic = "t", .credit = 400});  // used up by a few messages
    program->freeze();
  }
  traffic({well[3]}, "t", 6s, 10ms);  // meanwhile the hung ones are given up
  cluster_.run_for(500ms);            // a publisher finds its root first, and a new root waits
  for (int i = 0; i < 40; ++i) {
    std::map<const Program*, std::size_t> before;
    for (Program* program : well) before[program] = program->listening(1)->heard.size();
    cluster_.run_for(130ms);
    for (Program* program : well) {
      EXPECT_GT(program->listening(1)->heard.size(), before[program]) << program->name();
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace phyllo::testing
