#pragma once

#include <map>
#include <string>
#include <vector>

#include "multicast/forest.h"

namespace phyllo::broker {

/// What topics are called whose trees may be gone by the time somebody asks. Keeps no more than it
/// was told of last.
class TopicNames {
 public:
  /// Keeps what is known of these topics, by the forest or from before, and forgets the others.
  void keep(const std::vector<multicast::TopicId>& topics, const multicast::Forest& forest) {
    std::map<multicast::TopicId, std::string> kept;
    for (const multicast::TopicId& topic : topics) {
      if (const auto name = forest.name_of(topic)) {
        kept.emplace(topic, name->text());
      } else if (const auto known = names_.find(topic); known != names_.end()) {
        kept.insert(*known);
      }
    }
    names_ = std::move(kept);
  }
  /// The topic's id where its name is not known.
  std::string text(const multicast::TopicId& topic) const {
    const auto known = names_.find(topic);
    return known == names_.end() ? topic.hex() : known->second;
  }

 private:
  std::map<multicast::TopicId, std::string> names_;
};

}  // namespace phyllo::broker
