#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "regions/borders_state.h"
#include "regions/enclosure.h"
#include "regions/fence.h"
#include "regions/registrar.h"

namespace phyllo::regions {

/// What other regions have passed on through this broker is judged here by its own rules, whatever
/// its origin thinks. A batch names its topic by a hash only: the first ones on a way bring the
/// name as well, and those that follow are judged by what is remembered of that. A broker that has
/// rules passes on nothing of which it was never told, or so long ago that it has forgotten; the
/// origin misses the answer, sends directly, and names the topic when it tries the way again.
class Checkpoint {
 public:
  Checkpoint(BordersState& state, const Fence& fence, const Registrar& registrar)
      : state_(state), fence_(fence), registrar_(registrar) {}

  /// Takes out of it what leads where the topic must not be, or back to where the batch was. False
  /// when nothing of it may be here.
  bool lets_through(Relayed& relayed);

 private:
  /// nullopt: nobody has said.
  std::optional<EnclosureRef> enclosure(const TopicId& topic, const std::optional<TopicName>& name);
  void remember(const TopicId& topic, const EnclosureRef& enclosure);
  /// `path`: the regions where the batch was before it is there.
  void sift(std::vector<Relayed::Leg>& legs, const EnclosureRef& enclosure,
            std::vector<std::string>& path);

  using Known = std::map<TopicId, EnclosureRef>;

  BordersState& state_;
  const Fence& fence_;
  const Registrar& registrar_;
  Known known_;
  Known early_;  ///< what was known before that, and forgotten next unless it is needed
};

}  // namespace phyllo::regions
