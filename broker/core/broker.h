#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.h"
#include "broker/core/border_meter.h"
#include "broker/core/broker_config.h"
#include "broker/core/broker_stats.h"
#include "broker/core/effects.h"
#include "broker/core/queries.h"
#include "broker/core/refusal_report.h"
#include "broker/core/rings.h"
#include "broker/core/sessions.h"
#include "broker/core/topic_names.h"
#include "multicast/forest.h"
#include "overlay/places.h"
#include "regions/borders.h"

namespace phyllo::broker {

/// A broker without its sockets: its overlay nodes, the forest of topic trees, and the sessions of
/// local programs, composed. Bytes in, bytes out, through the real codecs; the event loop and the
/// simulator are its two drivers. One owner; not thread-safe.
class Broker {
 public:
  /// Brokers of one thread may share the places they hear of.
  Broker(BrokerConfig config, overlay::Contact self, std::uint64_t seed,
         std::shared_ptr<overlay::Places> places = std::make_shared<overlay::Places>());
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // --- peers ---
  void start(Time now, std::vector<overlay::Endpoint> seeds, Effects& out);
  void peer_message(Time now, const overlay::Contact& from, overlay::Wire wire, Effects& out);
  void peer_disconnected(Time now, overlay::NodeId peer, Effects& out);
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found,
              Effects& out);
  void dial_failed(Time now, const overlay::Endpoint& endpoint, Effects& out);
  /// The link to `peer` had no room for `wire`, which was dropped.
  void peer_link_full(Time now, const overlay::Contact& peer, overlay::Wire wire, Effects& out);

  // --- programs ---
  void client_connected(Time now, SessionId session, Effects& out);
  void client_message(Time now, SessionId session, overlay::Wire wire, Effects& out);
  void client_gone(Time now, SessionId session, Effects& out);

  // --- time ---
  /// End of a burst of inputs: sends what was collected.
  void flush(Time now, Effects& out);
  void tick(Time now, Effects& out);
  Time next_tick() const;
  /// Tells the programs to move and serves them as before until they have, then hands its trees
  /// over, then leaves the ring; `Stopped` follows. Each step ends as soon as nothing is left to
  /// do.
  void drain(Time now, Effects& out);

  /// A driver with a calendar says which month it is: budgets of borders are for a month.
  void month_is(Time now, regions::Month month) { meter_.month_is(now, month); }

  BrokerStats stats() const;
  /// What was exchanged with other regions, and what that costs.
  std::vector<BorderStats> border_stats(Time now) { return meter_.stats(now); }
  /// Which topics went to other regions in this month: by region, the busiest ones first.
  std::vector<BorderTopicStats> border_topics();
  /// What the month has come to, and the same of an earlier life of this broker. The latter is said
  /// once, after `start` and `month_is`.
  std::vector<BorderAccount> border_accounts(Time now) { return meter_.accounts(now); }
  void resume_borders(Time now, const std::vector<BorderAccount>& accounts) {
    meter_.resume(now, accounts);
  }
  /// The node in the ring that the trees live on.
  const overlay::Node& node() const { return rings_.home(); }
  const Rings& rings() const { return rings_; }
  const multicast::Forest& forest() const { return forest_; }

 private:
  struct Draining {
    enum class Step { kProgramsMove, kTreesMove };
    Step step;
    Time hand_over_by;  ///< the programs may stay until then
    Time deadline;
    Time next_look;
  };

  /// Hands every effect to the layer it is meant for until nothing is left to hand over.
  void settle(Time now, Effects& out);
  void from_node(Time now, overlay::RingScope ring, overlay::Effect effect, Effects& out);
  /// Of the ring of all brokers, where the trees live on another one.
  void from_global(Time now, overlay::Effect effect, Effects& out);
  void peer_lost(Time now, overlay::RingScope ring, overlay::NodeId peer, Effects& out);
  void from_forest(Time now, multicast::Effect effect, Effects& out);
  void from_borders(Time now, regions::Effect effect);
  void look_at_borders(Time now, Effects& out);
  void leave_borders(Time now, Effects& out);
  /// Of topics that must not be here, said by others.
  std::uint64_t refusals() const;
  client::BordersAnswer describe_borders(Time now);
  void from_sessions(Time now, SessionEffect effect, Effects& out);
  void publish_next(Time now);
  void ask(Time now, const Asked& asked);
  void survey_done(Time now, multicast::SurveyDone survey);
  void survey_done(Time now, regions::Surveyed survey);
  void cast(Time now, CastAsked cast);
  void cast_done(Time now, const multicast::CastDone& done);
  void cast_done(Time now, regions::CastOver over);
  void answer_cast(Time now, std::uint64_t cast, client::CastDone done);
  void announce_self(Effects& out);
  void look_at_drain(Time now, Effects& out);
  void hand_over(Time now, Effects& out);
  bool trees_moved() const;
  void stop(Time now, Stopped how, Effects& out);

  BrokerConfig config_;
  std::shared_ptr<overlay::Places> places_;
  Rings rings_;
  multicast::Forest forest_;
  /// What is done between regions, where there are two or more.
  struct Abroad {
    Abroad(const BrokerConfig& config, const Rings& rings, std::uint64_t seed)
        : ring(rings.global(), rings.home()),
          borders(borders_config(config), borders_table(config), config.fence, ring, seed) {}
    static regions::BordersConfig borders_config(const BrokerConfig& config);
    static regions::RegionTable borders_table(const BrokerConfig& config);
    regions::NodeRing ring;
    regions::Borders borders;
  };
  std::optional<Abroad> abroad_;
  Sessions sessions_;
  BorderMeter meter_;
  RefusalReport refusal_report_;
  TopicNames border_topics_;
  std::uint64_t border_topics_month_ = 0;  ///< in which they were counted
  Requests surveys_{1'000, 16};
  Requests casts_{10'000, 256};
  /// The forest's numbers of what the borders asked of it, with the borders' tickets.
  std::map<std::uint64_t, std::uint64_t> survey_tickets_;
  std::map<std::uint64_t, std::uint64_t> cast_tickets_;
  multicast::Effects from_forest_;
  regions::Effects from_borders_;
  SessionEffects from_sessions_;
  /// What of them is being carried out: kept for its room.
  multicast::Effects of_forest_;
  SessionEffects of_sessions_;
  overlay::Incarnation announced_;  ///< the life that the driver knows of
  std::uint64_t malformed_peer_messages_ = 0;
  std::uint64_t altered_peer_messages_ = 0;
  std::uint64_t peer_link_drops_ = 0;
  std::uint64_t unclaimed_messages_ = 0;
  std::optional<Draining> draining_;
  bool stopped_ = false;
};

}  // namespace phyllo::broker
