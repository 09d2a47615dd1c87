// Any- and manycasts of programs, through whole brokers.

#include "sim/cluster/cluster.h"
#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace client = broker::client;
using Casting = Program::Casting;

class CastCluster : public ClusterTest {
 protected:
  void SetUp() override { ASSERT_TRUE(cluster_.grow(30)); }

  /// A worker at every third broker, and two more at one of them.
  void employ(Casting casts) {
    for (StationId id = 0; id < 30; id += 3) workers_.push_back(&cluster_.program(id));
    for (int more = 0; more < 2; ++more) workers_.push_back(&cluster_.program(6));
    for (Program* worker : workers_) {
      worker->subscribe({.topic = "jobs", .casts = casts});
    }
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
    cluster_.run_for(1s);
  }
  client::CastDone cast(Program& asker, std::uint32_t wanted, const std::string& text = "job") {
    const std::size_t before = asker.casts_done().size();
    const std::uint32_t request = asker.cast("jobs", wanted, text);
    EXPECT_TRUE(cluster_.run_until([&] { return asker.casts_done().size() > before; }, 30s));
    EXPECT_EQ(asker.casts_done().back().request, request);
    return asker.casts_done().back();
  }
  /// How many workers have it; nobody has it twice.
  std::size_t takers(const std::string& text = "job") const {
    std::size_t takers = 0;
    for (const Program* worker : workers_) {
      const auto copies = std::ranges::count(worker->casts_taken(), text);
      EXPECT_LE(copies, 1);
      takers += copies > 0 ? 1 : 0;
    }
    return takers;
  }

  Programs workers_;
};

TEST_F(CastCluster, AnycastIsTakenByOneWorker) {
  employ(Casting::kTakes);
  Program& asker = cluster_.program(1);
  const auto done = cast(asker, 1);
  EXPECT_EQ(done.taken, 1u);
  EXPECT_TRUE(done.complete);
  EXPECT_EQ(takers(), 1u);
}

TEST_F(CastCluster, AWorkerAtTheAskersOwnBrokerIsTheNearest) {
  employ(Casting::kTakes);
  Program& asker = cluster_.program(9);
  for (int job = 0; job < 5; ++job) {
    EXPECT_EQ(cast(asker, 1, std::to_string(job)).taken, 1u);
    EXPECT_THAT(workers_[3]->casts_taken(), SizeIs(job + 1));
  }
}

TEST_F(CastCluster, WorkersAtOneBrokerTakeTurns) {
  employ(Casting::kTakes);
  Program& asker = cluster_.program(6);
  for (int job = 0; job < 6; ++job) cast(asker, 1, std::to_string(job));
  for (const std::size_t worker : {2, 10, 11}) {
    EXPECT_THAT(workers_[worker]->casts_taken(), SizeIs(2));
  }
}

TEST_F(CastCluster, ManycastIsTakenByExactlyAsManyAsWanted) {
  employ(Casting::kTakes);
  for (const std::uint32_t wanted : {2u, 5u, 12u}) {
    const std::string text = "for " + std::to_string(wanted);
    const auto done = cast(cluster_.program(4), wanted, text);
    EXPECT_EQ(done.taken, wanted);
    EXPECT_EQ(takers(text), wanted);
  }
}

TEST_F(CastCluster, WithFewerWorkersThanWantedAllHaveItAndTheAskerIsTold) {
  employ(Casting::kTakes);
  const auto done = cast(cluster_.program(4), 100);
  EXPECT_EQ(done.taken, 12u);
  EXPECT_TRUE(done.complete);
  EXPECT_EQ(takers(), 12u);
}

TEST_F(CastCluster, NobodyIsGivenWhatHeDeclinesOrNeverAskedFor) {
  employ(Casting::kDeclines);
  Program& onlooker = cluster_.program(2);
  onlooker.subscribe("jobs");
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  const auto done = cast(cluster_.program(1), 3);
  EXPECT_EQ(done.taken, 0u);
  EXPECT_TRUE(done.complete);
  EXPECT_THAT(onlooker.casts_taken(), IsEmpty());
}

TEST_F(CastCluster, ATopicWithoutSubscribersIsTakenByNobody) {
  const auto done = cast(cluster_.program(1), 1);
  EXPECT_EQ(done.taken, 0u);
  EXPECT_TRUE(done.complete);
}

TEST_F(CastCluster, AFrozenWorkerIsPassedOverInTime) {
  employ(Casting::kTakes);
  workers_[3]->freeze();
  const auto done = cast(cluster_.program(9), 1);
  EXPECT_EQ(done.taken, 1u);
  EXPECT_EQ(takers(), 1u);
  EXPECT_THAT(workers_[3]->casts_taken(), IsEmpty());
}

TEST_F(CastCluster, WhenABrokerDiesOnTheWayTheCountIsHonest) {
  employ(Casting::kTakes);
  Program& asker = cluster_.program(4);
  asker.cast("jobs", 12, "job");
  ASSERT_TRUE(cluster_.run_until([&] { return takers() >= 4; }, 5s));
  // Wherever the walk is now, it does not come back from there.
  for (const StationId id : cluster_.running()) {
    if (id != asker.broker()) cluster_.network().pause(id);
  }
  ASSERT_TRUE(cluster_.run_until([&] { return !asker.casts_done().empty(); }, 30s));
  const auto done = asker.casts_done().back();
  EXPECT_FALSE(done.complete);
  EXPECT_LT(done.taken, 12u);
  EXPECT_LE(done.taken, takers()) << "nobody is counted who does not have it";
}

TEST_F(CastCluster, DuplicatedMessagesGiveNobodyMoreThanWasWanted) {
  employ(Casting::kTakes);
  cluster_.network().set_weather({.duplication = 0.5});
  for (int job = 0; job < 20; ++job) {
    const std::string text = "job " + std::to_string(job);
    EXPECT_EQ(cast(cluster_.program(4), 3, text).taken, 3u);
    EXPECT_EQ(takers(text), 3u);
  }
}

}  // namespace
}  // namespace phyllo::testing
