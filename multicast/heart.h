#pragma once

#include "multicast/dissemination.h"
#include "multicast/forest_state.h"
#include "multicast/membership.h"
#include "multicast/search.h"
#include "multicast/succession.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Life and agreement along the edges. One message per peer and heartbeat serves all topics shared
/// with it: it proves life, says at once what changed, and in turn, once per refresh period, the
/// state of each edge.
class Heart {
 public:
  Heart(ForestState& state, Dissemination& dissemination, Membership& membership, Search& search,
        Succession& succession)
      : state_(state),
        dissemination_(dissemination),
        membership_(membership),
        search_(search),
        succession_(succession) {}

  void beat(Turn& turn);
  void on_pulse(Turn& turn, const overlay::Contact& from, const Pulse& pulse);

 private:
  void drop_silent(Turn& turn, overlay::NodeId id);
  void send_pulse(Turn& turn, overlay::NodeId id);
  void add_down(Turn& turn, Peer& peer, const TopicId& topic, Pulse& pulse,
                std::vector<TopicId>& expired);
  void add_up(Turn& turn, Peer& peer, const TopicId& topic, Pulse& pulse,
              std::vector<TopicId>& unconfirmed);
  std::size_t share(std::size_t edges) const;
  void on_down(Turn& turn, const overlay::Contact& from, const Pulse::Down& down, Pulse& reply);
  void on_up(Turn& turn, const overlay::Contact& from, const Pulse::Up& up);

  ForestState& state_;
  Dissemination& dissemination_;
  Membership& membership_;
  Search& search_;
  Succession& succession_;
};

}  // namespace phyllo::multicast
