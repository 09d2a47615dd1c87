#include "broker/config/settings.h"

#include <sodium.h>

#include <array>

namespace phyllo::broker {
namespace {

overlay::Endpoint endpoint(std::string_view text) { return overlay::Endpoint::parse(text).value(); }

/// `chosen` with its port 0 replaced by what was bound.
overlay::Endpoint with_port(const overlay::Endpoint& chosen, std::uint16_t bound) {
  const std::string& text = chosen.text();
  if (bound == 0 || !text.ends_with(":0")) return chosen;
  return endpoint(text.substr(0, text.size() - 1) + std::to_string(bound));
}

}  // namespace

PeerSettings::PeerSettings() : listen_local(endpoint("tcp://127.0.0.1:7400")) {}

ClientSettings::ClientSettings() : listen{endpoint("tcp://127.0.0.1:7401")} {}

overlay::Place advertised_place(const Settings& settings, BoundPorts bound) {
  const PeerSettings& peers = settings.peers;
  const auto told = [](const overlay::Endpoint& advertised, const overlay::Endpoint& listened) {
    return advertised.empty() ? listened : advertised;
  };
  overlay::Place place;
  place.region = settings.region;
  place.local = with_port(told(peers.advertise_local, peers.listen_local), bound.local);
  const bool own_socket = !peers.listen_wan.empty();
  const overlay::Endpoint& wan = told(peers.advertise_wan, peers.listen_wan);
  place.wan = wan.empty() ? place.local : with_port(wan, own_socket ? bound.wan : bound.local);
  return place;
}

overlay::NodeId node_id_of(const Settings& settings, const overlay::Place& place) {
  if (settings.node_id) return *settings.node_id;
  // The length in front keeps two different pairs from making the same text.
  const std::string& cluster = settings.core.cluster;
  const std::string text =
      std::to_string(cluster.size()) + ":" + cluster + place.wan.text() + " " + place.local.text();
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  const std::string_view bytes(reinterpret_cast<const char*>(hash.data()), hash.size());
  return *overlay::NodeId::from_bytes(bytes);
}

}  // namespace phyllo::broker
