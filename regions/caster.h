#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/enquiries.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Any- and manycasts that start here: first the own region, and when fewer than wanted took it the
/// other interested ones, in the order in which they answered whether they are there: the nearest
/// first. There is only ever one copy of it on the way, in one region at a time. It is sent into no
/// region that did not answer; when one falls silent that has it, nobody else gets it, and the
/// outcome is not complete.
class Caster {
 public:
  Caster(BordersState& state, Seats& seats) : state_(state), enquiries_(state, seats) {}

  /// `CastOver` follows. The number is as well the ticket of the own region's cast.
  Attempt start(Turn& turn, const TopicName& topic, Payload payload, std::uint32_t wanted);
  /// In the own region.
  void cast_done(Turn& turn, Attempt number, const multicast::CastDone& done);
  void on_audience(Turn& turn, Audience audience);
  void on_state(Turn& turn, const overlay::Contact& from, const CastState& said);
  void tick(Turn& turn);
  Time next_tick() const { return std::min(enquiries_.next(), deadlines_.next()); }

 private:
  enum class Step {
    kHere,       ///< in the own region
    kEnquiring,  ///< which other regions there are
    kElsewhere,
  };
  struct Ready {
    overlay::Contact broker;
    std::uint64_t life;
  };
  struct Round {
    TopicName topic;
    Payload payload;
    std::uint32_t wanted;
    Step step = Step::kHere;
    CastOver result = {};
    Time until = {};  ///< the enquiry's end, then that of waiting for regions
    std::map<std::string, overlay::Contact> unheard = {};  ///< regions, with their roots
    std::deque<Ready> ready = {};                          ///< nearest first
    std::optional<Ready> with = {};                        ///< in whose region it is
    bool heard = false;                                    ///< that one says so
    int silences = 0;                                      ///< questions to it without an answer
  };

  void say(Turn& turn, const overlay::Contact& to, Attempt number, const Round& round,
           CastInto::Stage stage);
  void next(Turn& turn, Attempt number, Round& round);
  /// A word of the one in whose region it is.
  void progress(Turn& turn, Round& round, const CastState& said);
  void ask_again(Turn& turn, Attempt number, Round& round);
  void probe_again(Turn& turn, Attempt number, Round& round);
  void over(Turn& turn, Attempt number);

  BordersState& state_;
  Enquiries enquiries_;
  std::map<Attempt, Round> rounds_;
  std::size_t bytes_ = 0;
  multicast::Deadlines<Attempt> deadlines_;
};

}  // namespace phyllo::regions
