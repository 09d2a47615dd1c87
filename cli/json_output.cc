#include "cli/json_output.h"

#include <sodium/utils.h>

#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "cli/display_text.h"

namespace phyllo::cli {
namespace {

/// Keeps the order in which members are written.
using Json = nlohmann::ordered_json;

/// Names come over the network: what is not UTF-8 becomes U+FFFD instead of an exception.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string hex(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

std::string base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();  // the terminating zero
  return text;
}

Json json_of_peer(const PeerInfo& peer) {
  Json json{{"node_id", peer.node_id},
            {"incarnation", peer.incarnation},
            {"region", peer.region},
            {"local_endpoint", peer.local_endpoint},
            {"wan_endpoint", peer.wan_endpoint}};
  if (peer.rtt.count() > 0) json["rtt_microseconds"] = peer.rtt.count();
  return json;
}

Json json_of_peers(const std::vector<PeerInfo>& peers) {
  Json json = Json::array();
  for (const PeerInfo& peer : peers) json.push_back(json_of_peer(peer));
  return json;
}

/// `ring`: a PeersInfo or a RingInfo.
template <class Ring>
void add_ring(const Ring& ring, Json& json) {
  Json table = Json::array();
  for (const PeerInfo& peer : ring.table) {
    Json entry{{"row", peer.row}, {"column", peer.column}};
    entry.update(json_of_peer(peer));
    table.push_back(std::move(entry));
  }
  json["left_leaves"] = json_of_peers(ring.left_leaves);
  json["right_leaves"] = json_of_peers(ring.right_leaves);
  json["routing_table"] = std::move(table);
}

Json json_of_regions(const std::vector<TreeRegion>& regions) {
  Json json = Json::array();
  for (const TreeRegion& region : regions) {
    Json ways = Json::array();
    for (const TreeWay& way : region.ways) {
      ways.push_back({{"to", way.to}, {"through", way.through}});
    }
    json.push_back({{"region", region.region},
                    {"answered", region.answered},
                    {"complete", region.complete},
                    {"ways", ways}});
  }
  return json;
}

}  // namespace

std::string json_of(const Message& message) {
  Json json{{"topic", message.topic()}};
  if (message.is_cast()) {
    json["cast"] = true;
  } else {
    json["sequence"] = message.stream_sequence();
    json["publisher"] = hex(message.publisher());
    json["publisher_sequence"] = message.publisher_sequence();
  }
  if (is_utf8(message.payload())) {
    json["payload"] = message.payload();
  } else {
    json["payload_base64"] = base64(message.payload());
  }
  return dumped(json);
}

std::string json_of(const Gap& gap) {
  Json loss{{"from", gap.from}, {"to", gap.to}, {"count", gap.count()}};
  if (gap.scope == Gap::Scope::kPublisher) {
    loss["of"] = "publisher";
    loss["publisher"] = hex(gap.publisher);
  } else {
    loss["of"] = "stream";
  }
  loss["why"] = gap.why;
  loss["where"] = gap.where;
  loss["region"] = gap.region;
  return dumped(Json{{"topic", gap.topic}, {"gap", loss}});
}

std::string json_of(const TreeInfo& tree) {
  Json nodes = Json::array();
  for (const TreeNode& node : tree.nodes) {
    nodes.push_back({{"node_id", node.node_id},
                     {"region", node.region},
                     {"endpoint", node.endpoint},
                     {"root", node.root},
                     {"parent", node.parent.empty() ? Json() : Json(node.parent)},
                     {"children", node.children},
                     {"local_subscribers", node.local_subscribers},
                     {"subtree_subscribers", node.subtree_subscribers}});
  }
  Json json{{"topic", tree.topic},
            {"topic_id", tree.topic_id},
            {"complete", tree.complete},
            {"nodes", nodes}};
  if (!tree.regions.empty()) {
    json["regions"] = json_of_regions(tree.regions);
    json["regions_unknown"] = tree.regions_unknown;
  }
  return dumped(json);
}

std::string json_of(const PeersInfo& peers) {
  Json json{{"self", json_of_peer(peers.self)},
            {"state", peers.state},
            {"clients", peers.clients},
            {"subscriptions", peers.subscriptions},
            {"topics", peers.topics}};
  add_ring(peers, json);
  if (peers.global_ring) {
    Json global{{"state", peers.global_ring->state}};
    add_ring(*peers.global_ring, global);
    json["global_ring"] = std::move(global);
  }
  return dumped(json);
}

}  // namespace phyllo::cli
