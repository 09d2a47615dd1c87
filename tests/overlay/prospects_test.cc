#include "overlay/prospects.h"

#include <gmock/gmock.h>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// On a line.
Coordinate at_microsecond(std::int32_t along) {
  Coordinate there;
  there.at[0] = along;
  there.error = 10;
  return there;
}

class Prospects : public ::testing::Test {
 protected:
  Prospects() { view_.position.found(); }

  /// A member that this node measured, and that said where it stands.
  Contact know(std::uint8_t first_byte, std::int32_t along) {
    const Contact contact = contact_at(first_byte);
    Peer* peer = view_.peers.meet(contact, {});
    peer->spoke = true;
    peer->coordinate = at_microsecond(along);
    peer->round_trip.add(1ms);
    return contact;
  }

  View view_{NodeConfig(), contact_at(0x80), 1};
};

TEST_F(Prospects, name_the_nearest_to_the_asker_for_each_digit_whoever_the_table_holds) {
  const Contact near_us = know(0x10, 100);
  const Contact near_asker = know(0x11, 9'000);
  const Contact other_digit = know(0x20, 50);
  view_.table.put(near_us);
  view_.table.put(other_digit);
  EXPECT_THAT(row_for(view_, 0, {contact_at(0x30).id(), at_microsecond(10'000)}),
              ElementsAre(near_asker, other_digit));
  EXPECT_THAT(row_for(view_, 0, {near_asker.id(), at_microsecond(10'000)}),
              ElementsAre(near_us, other_digit))
      << "nobody is told of itself";
  EXPECT_THAT(row_for(view_, 0, {contact_at(0x30).id(), Coordinate()}),
              ElementsAre(near_us, other_digit))
      << "nobody knows where the asker is";
}

TEST_F(Prospects, name_nobody_who_is_suspected_or_did_not_speak) {
  view_.table.put(know(0x10, 100));
  const Contact suspected = know(0x11, 9'000);
  view_.suspect(suspected.id());
  const Contact silent = know(0x12, 9'500);
  view_.peers.find(silent.id())->spoke = false;
  EXPECT_THAT(row_for(view_, 0, {contact_at(0x30).id(), at_microsecond(10'000)}),
              ElementsAre(contact_at(0x10)));
}

TEST_F(Prospects, gather_rows_for_a_joiner_each_once_with_as_many_coordinates) {
  view_.table.put(know(0x10, 100));
  view_.table.put(contact_at(0x20));
  JoinRequest request{7, {contact_at(0x10)}};
  const Contact joiner = contact_at(0x88);
  add_rows(view_, joiner.id(), request);
  EXPECT_THAT(request.rows, ElementsAre(contact_at(0x10), view_.self, contact_at(0x20)));
  ASSERT_THAT(request.coordinates, SizeIs(3));
  EXPECT_FALSE(request.coordinates[0].known()) << "another one named it and did not say";
  EXPECT_EQ(request.coordinates[1], view_.position.told());
  EXPECT_FALSE(request.coordinates[2].known());
}

TEST_F(Prospects, are_one_for_each_slot_the_likely_nearest_or_else_the_first) {
  const std::vector<Contact> named = {contact_at(0x10), contact_at(0x11), contact_at(0x20),
                                      contact_at(0x21), contact_at(0x80), contact_at(0x81)};
  const std::vector<Coordinate> said = {at_microsecond(900), at_microsecond(300), Coordinate(),
                                        Coordinate(),        at_microsecond(1),   Coordinate()};
  EXPECT_THAT(likeliest_entries(view_, named, said),
              ElementsAre(contact_at(0x11), contact_at(0x20), contact_at(0x81)));
  EXPECT_THAT(likeliest_entries(view_, named, {}),
              ElementsAre(contact_at(0x10), contact_at(0x20), contact_at(0x81)));
  EXPECT_THAT(likeliest_entries(view_, {}, said), IsEmpty());
}

TEST_F(Prospects, stand_at_the_far_end_when_they_say_nothing_or_lie_as_far_as_one_can) {
  EXPECT_EQ(view_.likely_proximity(contact_at(1), Coordinate()), std::chrono::hours(1));
  Coordinate lie = at_microsecond(Coordinate::kFarthest);
  lie.at[1] = -Coordinate::kFarthest;
  lie.height = Coordinate::kHighest;
  EXPECT_GT(view_.likely_proximity(contact_at(1), lie), std::chrono::minutes(20));
}

}  // namespace
}  // namespace phyllo::overlay
