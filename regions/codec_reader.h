#pragma once

#include <optional>
#include <string>

#include "multicast/wire_reader.h"
#include "regions/messages.h"

namespace phyllo::regions {

/// Reads parts of messages between regions.
class CodecReader : public multicast::WireReader {
 public:
  using WireReader::name;
  /// The name of a topic that is fenced, none of any other one.
  std::optional<TopicName> name(const TopicId& topic, const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto name = TopicName::parse(text);
    require(name && TopicId::of(*name) == topic, "a topic's name is not that of its id");
    return name ? std::optional(*name) : std::nullopt;
  }
};

}  // namespace phyllo::regions
