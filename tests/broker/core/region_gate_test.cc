#include "broker/core/region_gate.h"

#include <gmock/gmock.h>

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using overlay::Answer;
using overlay::Contact;
using overlay::Coordinate;
using overlay::NodeId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Contact broker_of(const char* region, std::uint64_t number) {
  return Contact(NodeId(number), 0, {region, {}, {}});
}

Coordinate known(std::int32_t along) {
  Coordinate there;
  there.at[0] = along;
  there.error = 1;
  return there;
}

TEST(RegionGate, takes_out_contacts_of_other_regions_and_what_is_said_of_them) {
  RegionGate gate("here");
  const std::vector<Contact> contacts = {broker_of("there", 1), broker_of("here", 2),
                                         broker_of("there", 3), broker_of("here", 4)};
  overlay::Message message =
      Answer{1, true, 1, contacts, {1ms, 2ms, 3ms, 4ms}, {known(1), known(2), known(3), known(4)}};
  EXPECT_TRUE(gate.admits(broker_of("here", 9), message));
  const Answer& answer = std::get<Answer>(message);
  EXPECT_THAT(answer.contacts, ElementsAre(contacts[1], contacts[3]));
  EXPECT_THAT(answer.round_trips, ElementsAre(2ms, 4ms));
  EXPECT_THAT(answer.coordinates, ElementsAre(known(2), known(4)));
  EXPECT_EQ(gate.refused(), 2u);
}

TEST(RegionGate, lets_lists_pass_of_which_nothing_is_said) {
  RegionGate gate("here");
  overlay::Message message =
      Answer{1, true, 1, {broker_of("there", 1), broker_of("here", 2)}, {}, {}};
  EXPECT_TRUE(gate.admits(broker_of("here", 9), message));
  EXPECT_THAT(std::get<Answer>(message).contacts, ElementsAre(broker_of("here", 2)));
  EXPECT_THAT(std::get<Answer>(message).coordinates, IsEmpty());
  EXPECT_FALSE(gate.admits(broker_of("there", 9), message));
}

}  // namespace
}  // namespace phyllo::broker
