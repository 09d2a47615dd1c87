#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "regions/borders_state.h"
#include "regions/fence.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Which of the regions that fences name are there, and a few brokers of each. A region is there
/// while one of its brokers answers; whom the ring of all brokers has met, and whom others name, is
/// asked for that, and nobody else's word counts. When the ring finds one of its brokers dead all
/// others that are known are asked at once, and the region is absent when none of them answers
/// soon. Asks nobody before `begin`.
class Atlas {
 public:
  Atlas(BordersState& state, const Fence& fence);

  /// From now on it matters who is there.
  void begin(Turn& turn);
  enum class Presence { kThere, kAbsent, kUnknown };
  Presence presence(const std::string& region) const;
  /// Who answers for another region that is there, in the order of ids.
  std::vector<overlay::Contact> brokers(const std::string& region) const;
  /// Since when a region is absent.
  std::optional<Time> absent_since(const std::string& region) const;
  /// By then everybody who is there has heard of this broker, and answered.
  Time surveyed() const { return surveyed_; }

  /// Whatever a broker says shows that it is there.
  void heard(Time now, const overlay::Contact& from);
  /// Who was asked as one of all others says as well that it knows of nobody.
  enum class Asked { kOneOfSome, kOneOfAll };
  void on_seek(Turn& turn, const overlay::Contact& asker, const Seek& seek, Asked asked);
  void on_sought(Turn& turn, const Sought& sought);
  void peer_lost(Time now, const overlay::PeerLost& lost);
  void tick(Turn& turn);
  Time next() const { return next_look_; }

  /// Which regions are there has changed since this was asked last.
  bool take_news();

 private:
  struct Broker {
    overlay::Contact contact;
    Time heard;
  };
  struct Region {
    std::map<overlay::NodeId, Broker> brokers;  ///< that answered lately
    std::optional<Time> silent;                 ///< nobody has, since then
    std::optional<Time> doubted;                ///< one of them was lost; who answers since then?
    Time absent{};                              ///< since then, if it is
    Presence known = Presence::kUnknown;
    std::size_t named = 0;  ///< candidates by others that may still be asked
  };

  void look(Turn& turn, const std::string& name, Region& region);
  void doubt(Time now, Region& region) const;
  void seek(Turn& turn, const std::string& name, Region& region);

  BordersState& state_;
  std::map<std::string, Region> regions_;  ///< without the own one
  bool begun_ = false;
  bool news_ = false;
  Time surveyed_{};
  Time next_look_ = kNever;
};

}  // namespace phyllo::regions
