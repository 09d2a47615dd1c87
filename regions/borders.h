#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.h"
#include "multicast/forest.h"
#include "overlay/effects.h"
#include "regions/borders_config.h"
#include "regions/borders_stats.h"
#include "regions/effects.h"
#include "regions/fence.h"
#include "regions/global_ring.h"
#include "regions/region_table.h"
#include "regions/topic_traffic.h"

namespace phyllo::regions {

/// What one broker does between its region and the others: as regional root of some topics it tells
/// their rendezvous who is here, sends on what is published here to the regions that want it, each
/// batch once to each, and hands what they send to the forest; and it is the rendezvous of others.
/// Does no I/O: calls take the time and append effects. One owner; not thread-safe.
class Borders {
 public:
  /// `ring` must outlive it.
  Borders(BordersConfig config, RegionTable table, Fence fence, const GlobalRing& ring,
          std::uint64_t seed);
  ~Borders();

  // --- what the region's forest tells it ---

  void numbered(Time now, const multicast::Numbered& numbered, Effects& out);
  void root_changed(Time now, const multicast::RootChanged& changed, Effects& out);
  void imported(Time now, const Import& import, const multicast::Imported& answer, Effects& out);

  // --- questions of programs here that concern all regions ---

  /// Asks what the topic's trees look like, in this region and in the others that have to do with
  /// it; `Surveyed` follows, with the number returned here.
  std::uint64_t survey(Time now, const TopicName& topic, Effects& out);
  /// Offers `payload` to subscribers of this region, then of others, until `wanted` have taken it;
  /// `CastOver` follows, with the number returned here.
  std::uint64_t cast(Time now, const TopicName& topic, Payload payload, std::uint32_t wanted,
                     Effects& out);
  /// What the forest says to `SurveyHere` and `CastHere`.
  void surveyed(Time now, std::uint64_t ticket, multicast::SurveyDone done, Effects& out);
  void cast_done(Time now, std::uint64_t ticket, const multicast::CastDone& done, Effects& out);

  // --- what the node of the global ring and the driver tell it ---

  void arrived(Time now, overlay::Arrived arrival, Effects& out);
  void received(Time now, const overlay::Contact& from, overlay::AppMessage message, Effects& out);
  // These two also of the home ring: the rendezvous of fenced topics are in it.
  void peer_lost(Time now, const overlay::PeerLost& lost, Effects& out);
  void leaf_set_changed(Time now, Effects& out);
  /// This node has become a member of the global ring through others: rolls are on their way to it.
  void joined(Time now);
  /// The link to `peer` had no room for `message`.
  void edge_full(Time now, const overlay::Contact& peer, const overlay::AppMessage& message,
                 Effects& out);
  /// End of a burst of inputs: sends what was collected.
  void flush(Time now, Effects& out);
  /// Before the global node leaves: gives what it knows as a rendezvous to the next one.
  void leave(Time now, Effects& out);
  void tick(Time now, Effects& out);
  Time next_tick() const;

  BordersStats stats() const;
  /// Bytes of topics that were sent to other regions since it was made or told to forget them,
  /// without what the overlay adds: of each region the busiest topics.
  std::vector<TopicTraffic::Entry> topic_traffic() const;
  void forget_topic_traffic();
  /// Nothing waits here for another region.
  bool idle() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace phyllo::regions
