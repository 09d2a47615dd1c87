#include "sim/network/network.h"

// What can go wrong on the virtual network; network.cc has what goes right.

namespace phyllo::sim {

void Network::set_up_link(UpLink up_link) {
  up_link_ = up_link;
  for (Station& station : stations_) station.up_link = up_link;
}

void Network::cut_both_ways(StationId a, StationId b) {
  cut(a, b);
  cut(b, a);
}

void Network::mend_all() {
  cuts_.clear();
  for (Station& station : stations_) station.side = 0;
  rejoin(groups_);
  while (!clogs_.empty()) unclog(clogs_.begin()->first.first, clogs_.begin()->first.second);
}

std::optional<Network::Group> Network::cut_off(const std::vector<StationId>& members, Cut cut) {
  const Group group = ~groups_ & (groups_ + 1);  // the lowest bit that is free
  if (group == 0) return std::nullopt;
  groups_ |= group;
  for (const StationId member : members) {
    if (cut != Cut::kDeaf) stations_[member].muted |= group;
    if (cut != Cut::kMute) stations_[member].deafened |= group;
  }
  return group;
}

void Network::rejoin(Group group) {
  groups_ &= ~group;
  for (Station& station : stations_) {
    station.muted &= ~group;
    station.deafened &= ~group;
  }
}

void Network::unclog(StationId from, StationId to) {
  auto held = clogs_.extract({from, to});
  if (held.empty()) return;
  for (Flight& flight : held.mapped()) arrive(std::move(flight));
}

void Network::break_link(StationId a, StationId b) {
  for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
    if (stations_[from].links.find(to)) stations_[from].links.renumber(to, ++last_link_);
  }
  if (running(b)) report_disconnected(a, stations_[b].host->self().id(), b);
  if (running(a)) report_disconnected(b, stations_[a].host->self().id(), a);
}

overlay::Wire Network::garbled(overlay::Wire wire) {
  if (!wire.body.empty() && random_.chance(0.5)) {
    std::string body(wire.body.view());
    garble(body);
    wire.body = Payload::from(std::move(body));
  } else {
    garble(wire.header);
  }
  return wire;
}

void Network::garble(std::string& bytes) {
  if (bytes.empty() || random_.chance(0.2)) bytes.insert(bytes.end(), random_.below(20), 'x');
  if (bytes.empty()) return;
  if (random_.chance(0.3)) bytes.resize(random_.below(bytes.size()) + 1);
  for (std::uint64_t flips = 1 + random_.below(8); flips > 0; --flips) {
    bytes[random_.below(bytes.size())] ^= static_cast<char>(1 << random_.below(8));
  }
}

}  // namespace phyllo::sim
