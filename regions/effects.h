#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/payload.h"
#include "base/topic_name.h"
#include "multicast/effects.h"
#include "regions/messages.h"

namespace phyllo::regions {

/// To the forest: `Forest::import`; its answer goes to `Borders::imported`.
struct Import {
  overlay::Contact from;
  std::variant<multicast::Publish, multicast::Missing> what;
};
/// To the forest: `Forest::open`.
struct Open {
  TopicId topic;
};

/// To the node of the home ring: a broker of the region that may not be in the same ring yet.
struct Introduce {
  overlay::Contact stranger;
};
/// To the forest: `Forest::survey`; its answer goes to `Borders::surveyed`.
struct SurveyHere {
  Attempt ticket;
  TopicName topic;
};
/// To the forest: `Forest::cast`; its outcome goes to `Borders::cast_done`.
struct CastHere {
  Attempt ticket;
  TopicName topic;
  Payload payload;
  std::uint32_t wanted = 1;
};

/// A topic's tree in one region, and the ways on which its root sends to others.
struct RegionTree {
  std::string region;
  bool answered = false;  ///< in time; false: nothing of what follows is known
  bool complete = false;  ///< all nodes of it
  std::vector<multicast::TreeNode> nodes = {};
  std::vector<Way> ways = {};
};
/// The answer to `Borders::survey`: the own region, then the others in the order of their names.
struct Surveyed {
  Attempt number;
  std::vector<RegionTree> regions;
  bool whole = false;  ///< false: other regions than these may have to do with the topic
};
/// The outcome of `Borders::cast`.
struct CastOver {
  Attempt number;
  std::uint32_t taken = 0;
  bool complete = false;  ///< false: somebody may have taken it and not been heard of
  std::vector<std::string> unreached = {};  ///< interested regions; nobody there has it
  bool whole = true;  ///< false: other regions may be interested, where nobody has it either
};

/// The first three are for the node of the global ring.
using Effect = std::variant<multicast::SendToward, multicast::ForwardOn, multicast::SendDirect,
                            Import, Open, Introduce, SurveyHere, CastHere, Surveyed, CastOver>;
using Effects = std::vector<Effect>;

}  // namespace phyllo::regions
