#pragma once

#include <string>

#include "phyllo/gap.h"
#include "phyllo/message.h"
#include "phyllo/peers_info.h"
#include "phyllo/tree_info.h"

namespace phyllo::cli {

/// JSON for programs, without line breaks. Ids and publishers are hexadecimal strings, because many
/// readers cannot hold a 64-bit number; counters are numbers.

/// `{"topic", "sequence", "publisher", "publisher_sequence", "payload"}`; a payload that is not
/// UTF-8 is in "payload_base64" instead. An any- or manycast has `"cast": true` in place of numbers
/// and publisher.
std::string json_of(const Message& message);
/// `{"topic", "gap": {"from", "to", "count", "of", "publisher"?, "why", "where", "region"}}`.
std::string json_of(const Gap& gap);
/// `{"topic", "topic_id", "complete", "nodes"}`; where regions are configured also "regions", each
/// `{"region", "answered", "complete", "ways": [{"to", "through"}]}`, and "regions_unknown".
std::string json_of(const TreeInfo& tree);
std::string json_of(const PeersInfo& peers);

}  // namespace phyllo::cli
