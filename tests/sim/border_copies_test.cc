// An oracle that finds nothing wrong must not be one that cannot find anything.

#include "sim/oracle/border_copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(CopyCount, TellsCopiesThatWereWantedFromTheOthers) {
  CopyCount sum;
  sum.add({{1, 2}, {2, 1}, {3, 0}}, {1, 3, 4});
  EXPECT_EQ(sum, (CopyCount{.wanted = 3, .entered = 2, .repeated = 1, .missed = 2, .unwanted = 1}));
  sum.add({{1, 1}}, {1});
  EXPECT_EQ(sum.wanted, 4u);
  EXPECT_EQ(sum.missed, 2u);
}

/// Two brokers in each of three regions: `eu` publishes, `us` reads, `ap` does neither.
class CopiesOverBorders : public ::testing::Test {
 protected:
  enum class Seeing { kAll, kNothing, kTwice };

  void SetUp() override {
    cluster_.network().trace().watch([this](const NetworkTrace::Record& record) {
      if (seeing_ == Seeing::kNothing) return;
      copies_.saw(record);
      if (seeing_ == Seeing::kTwice) copies_.saw(record);
    });
    const auto active = [&] { return cluster_.all_active(); };
    for (StationId id = 0; id < 6; ++id) cluster_.add(cluster_.setup().broker.regions[id % 3]);
    for (StationId id = 0; id < 6; ++id) {
      cluster_.start(id, id == 0 ? std::vector<StationId>{} : std::vector<StationId>{0, 1, 2});
      ASSERT_TRUE(cluster_.run_until(active, 60s));
    }
    writer_ = &cluster_.program(0);
    cluster_.program(1).subscribe("t");
    const auto live = [&] { return cluster_.all_live(); };
    ASSERT_TRUE(cluster_.run_until(live, 30s));
    cluster_.run_for(10s);
    first_ = writer_->publish("t");
    cluster_.run_for(2s);
  }

  void TearDown() override { cluster_.network().trace().watch({}); }

  static Cluster::Setup setup() {
    Cluster::Setup setup{.seed = 3};
    setup.broker.regions = {"eu", "us", "ap"};
    return setup;
  }
  BatchName first() const {
    return {multicast::TopicId::of(*TopicName::parse("t")), writer_->publisher(), first_};
  }

  Cluster cluster_{setup()};
  BorderCopies copies_{cluster_, {{"t", {"us"}}}};
  Seeing seeing_ = Seeing::kAll;
  Program* writer_ = nullptr;
  multicast::Sequence first_ = 0;
};

TEST_F(CopiesOverBorders, FindsNothingWrongWithOneCopy) {
  EXPECT_THAT(copies_.into(first()), ElementsAre(Pair(1u, 1u)));
  EXPECT_THAT(check_copies(cluster_, copies_, 3s), IsEmpty());
  EXPECT_THAT(copies_.strays(), IsEmpty());
  EXPECT_THAT(copies_.repeats({}), IsEmpty());
  EXPECT_GT(copies_.copies(), 4u);
  EXPECT_EQ(copies_.repeated(), 0u);
}

TEST_F(CopiesOverBorders, SeesThatABatchComesTwice) {
  seeing_ = Seeing::kTwice;
  const Time since = cluster_.now();
  EXPECT_THAT(check_copies(cluster_, copies_, 3s),
              Contains(AllOf(HasSubstr("on t: 1 second copies"), HasSubstr("publisher"))));
  EXPECT_THAT(copies_.repeats(since), Contains(HasSubstr("entered us 2 times")));
  EXPECT_THAT(copies_.repeats(cluster_.now()), IsEmpty());
}

TEST_F(CopiesOverBorders, SeesThatABatchDoesNotCome) {
  seeing_ = Seeing::kNothing;
  EXPECT_THAT(check_copies(cluster_, copies_, 3s), Contains(HasSubstr("did not enter")));
}

TEST_F(CopiesOverBorders, SeesWhatGoesWhereNobodyWantsIt) {
  BorderCopies strict(cluster_, {{"t", {"ap"}}});
  cluster_.network().trace().watch([&](const NetworkTrace::Record& record) {
    copies_.saw(record);
    strict.saw(record);
  });
  writer_->publish("t");
  cluster_.run_for(2s);
  EXPECT_THAT(strict.strays(), ElementsAre(HasSubstr("entered us, but nobody there ever")));
  EXPECT_THAT(copies_.strays(), IsEmpty());
}

TEST_F(CopiesOverBorders, SeesWhatGoesWhereNobodyWantsItAnyMore) {
  // It takes a while until the publisher's root knows.
  cluster_.programs()[1]->unsubscribe_all();
  EXPECT_THAT(check_copies(cluster_, copies_, 3s), Contains(HasSubstr("without subscribers")));
  EXPECT_THAT(check_copies(cluster_, copies_, 3s), IsEmpty());
}

TEST_F(CopiesOverBorders, SeesWhatComesBackToWhereItWasPublished) {
  NetworkTrace::Record seen{};
  cluster_.network().trace().watch([&](const NetworkTrace::Record& record) {
    const bool crosses = cluster_.region(record.from) != cluster_.region(record.to);
    if (record.what == NetworkTrace::What::kSent && crosses && batch_in(cluster_, record.wire)) {
      seen = record;
    }
  });
  writer_->publish("t");
  cluster_.run_for(2s);
  ASSERT_FALSE(seen.wire.body.empty());
  std::swap(seen.from, seen.to);
  copies_.saw(seen);
  EXPECT_THAT(copies_.strays(), Contains(HasSubstr("entered eu, but it came from there")));
}

TEST_F(CopiesOverBorders, DoesNotCountWhatIsSentToADeadBroker) {
  const std::uint64_t before = copies_.copies();
  cluster_.kill(1, Death::kSilent);
  cluster_.kill(4, Death::kSilent);
  writer_->publish("t");
  cluster_.run_for(2s);
  EXPECT_EQ(copies_.copies(), before);
}

}  // namespace
}  // namespace phyllo::sim
