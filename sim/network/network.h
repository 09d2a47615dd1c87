#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random.h"
#include "overlay/contact.h"
#include "overlay/places.h"
#include "overlay/wire.h"
#include "sim/network/event_queue.h"
#include "sim/network/host.h"
#include "sim/network/latency_model.h"
#include "sim/network/links.h"
#include "sim/network/network_trace.h"
#include "sim/network/plain.h"
#include "sim/network/slab.h"
#include "sim/network/weather.h"

namespace phyllo::sim {

/// How a process ends, as its peers see it: its connections break at once; nothing is ever heard of
/// it again (power cut, cable pulled); or its connections end with a goodbye, of which nodes are
/// not told.
enum class Death { kReported, kSilent, kGoodbye };

/// What is lost at the border of a group that is cut off: everything, what its members say to
/// others, or what others say to them.
enum class Cut { kBothWays, kMute, kDeaf };

/// Machines that exchange `overlay::Wire`s in virtual time, with everything that can go wrong
/// between them. Behaves as the transport does: messages between two processes arrive in the order
/// they were sent, at the endpoint that fits the sender's region; who answers there must be who was
/// meant. A run is a function of the seed and of the calls.
class Network final : private EventQueue::Target {
 public:
  Network(EventQueue& queue, std::uint64_t seed, std::unique_ptr<LatencyModel> latency);
  Network(EventQueue& queue, std::uint64_t seed, Plain plain = {})
      : Network(queue, seed, std::make_unique<PlainModel>(plain)) {}
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // --- machines ---

  /// A machine whose clock reads `clock` more than the queue's.
  StationId add_station(Duration clock = Duration::zero()) { return add_station_at({}, clock); }
  StationId add_station_at(const StationPlace& place, Duration clock = Duration::zero());
  std::size_t size() const { return stations_.size(); }
  /// The process listens at `host.self().place()`; it must live until it is killed.
  void boot(StationId station, Host& host);
  /// Messages on their way to it are lost; those it has sent still arrive.
  void kill(StationId station, Death death);
  /// The process is stopped: what arrives waits, no tick comes.
  void pause(StationId station);
  void resume(StationId station);
  bool running(StationId station) const { return stations_[station].host != nullptr; }
  bool paused(StationId station) const { return stations_[station].paused; }
  /// One way, when nothing disturbs it.
  Duration latency(StationId from, StationId to) const { return latency_->delay(from, to); }
  LatencyModel& latency_model() { return *latency_; }
  const LatencyModel& latency_model() const { return *latency_; }
  /// What the clock of this machine shows.
  Time clock(StationId station) const { return queue_.now() + stations_[station].clock; }

  /// Somebody at a place, which shares it with whatever these processes decode: who is meant is
  /// found the sooner.
  overlay::Contact contact(overlay::NodeId id, const overlay::Place& place);

  // --- what processes do ---

  enum class Sent { kOnItsWay, kFull };
  /// Takes the wire, unless the up-link has no room for it.
  Sent send(StationId from, const overlay::Contact& to, overlay::Wire&& wire);
  void dial(StationId from, const overlay::Endpoint& endpoint);
  /// Calls into the process from outside (a test, a program), so that its deadline is seen.
  template <class What>
  void call(StationId station, What&& what) {
    run(station, [&](Host&, Time now) { what(now); });
  }

  // --- faults ---

  void set_weather(Weather weather) { weather_ = weather; }
  /// Of every station, or of this one.
  void set_up_link(UpLink up_link);
  void set_up_link(StationId station, UpLink up_link) { stations_[station].up_link = up_link; }
  /// Nothing passes from one to the other any more; the other direction is not touched.
  void cut(StationId from, StationId to) { cuts_.insert({from, to}); }
  void mend(StationId from, StationId to) { cuts_.erase({from, to}); }
  void cut_both_ways(StationId a, StationId b);
  /// Only stations of the same side hear each other; every station starts on side 0.
  void put_on_side(StationId station, int side) { stations_[station].side = side; }
  /// Cuts a group off from everybody who is not in it; among themselves its members hear each
  /// other. Up to 64 groups at a time, which may overlap; nullopt when there are more.
  using Group = std::uint64_t;
  std::optional<Group> cut_off(const std::vector<StationId>& members, Cut cut);
  void rejoin(Group group);
  void mend_all();
  /// What arrives from one at the other waits, in its order, until it is let through.
  void clog(StationId from, StationId to) { clogs_.try_emplace({from, to}); }
  void unclog(StationId from, StationId to);
  /// Breaks the connections between two live processes: both are told, messages under way are lost.
  void break_link(StationId a, StationId b);

  // --- what happened ---

  std::uint64_t messages_sent() const { return messages_sent_; }
  std::uint64_t bytes_sent() const { return bytes_sent_; }
  /// Messages that found no room in their sender's up-link.
  std::uint64_t refused_by_up_links() const { return refused_by_up_links_; }
  /// Messages that a process addressed to itself: always a mistake.
  std::uint64_t sent_to_self() const { return sent_to_self_; }
  /// What processes decode contacts with: they all hear of the same places.
  const std::shared_ptr<overlay::Places>& places() const { return places_; }
  NetworkTrace& trace() { return trace_; }
  const NetworkTrace& trace() const { return trace_; }

 private:
  static constexpr std::size_t kPlaces = 4'000'000;

  struct Station {
    // What every message looks at comes first.
    Host* host = nullptr;
    Duration clock{};
    Time wake = kNever;      // the earliest tick that is in the queue
    std::uint32_t life = 0;  // counts processes
    int side = 0;
    std::uint64_t muted = 0;  // one bit for each group that it is in
    std::uint64_t deafened = 0;
    /// The place at both of whose endpoints it listens and nobody else does, or nullptr.
    const overlay::KnownPlace* place = nullptr;
    Links links;
    bool paused = false;
    UpLink up_link;
    Time line_free{};                         // when the up-link has sent what waits for it
    std::vector<EventQueue::Action> waiting;  // while paused
    std::optional<overlay::Contact> listening;
  };
  /// A message on its way.
  struct Flight {
    StationId from;
    StationId to;
    std::uint32_t life;          // of the receiver
    std::uint32_t link_changes;  // of the sender until then
    std::uint64_t link;
    overlay::Contact sender;
    overlay::Wire wire;
  };
  /// Who was found to listen at a place.
  struct Listener {
    const overlay::KnownPlace* place = nullptr;
    StationId station = 0;
  };

  void due(std::uint64_t event) override;
  void foresee(std::uint64_t event, int step) const override;
  void foresee(const Station& receiver, overlay::NodeId from, int step) const;
  /// Who listens where `sender` reaches `to`.
  std::optional<StationId> listener(const Host& sender, const overlay::Contact& to);
  Listener& remembered_listener(const overlay::KnownPlace* place);
  bool blocked(StationId from, StationId to) const;
  bool lost();
  overlay::Wire garbled(overlay::Wire wire);
  void garble(std::string& bytes);
  void send_to(StationId from, StationId there, overlay::NodeId meant, overlay::Wire wire,
               Time departs);
  /// When a message of this size has left the station; nullopt when it finds no room.
  std::optional<Time> departure(Station& sender, std::size_t bytes);
  Duration travel(StationId from, StationId to);
  Link& link(StationId from, StationId to);
  void transmit(const Link& link, StationId from, overlay::Wire wire, Time arrival);
  /// At the other end of the wire, and when nothing holds it up there.
  void deliver(Flight&& flight);
  void arrive(Flight&& flight);
  void hand_over(Flight&& flight);
  bool still_wanted(const Flight& flight);
  void stop_listening(StationId station);
  void report_disconnected(StationId to, overlay::NodeId peer, StationId cause);
  /// Runs `what` in the present process of the station, at once or when it is resumed.
  void enter(StationId station, std::function<void(Host&, Time)> what);
  template <class What>
  void run(StationId station, What&& what) {
    Host* host = stations_[station].host;
    if (host == nullptr) return;
    what(*host, clock(station));
    plan_tick(station);
  }
  void plan_tick(StationId station);
  void tick(StationId station);

  EventQueue& queue_;
  Random random_;
  std::unique_ptr<LatencyModel> latency_;
  Weather weather_;
  UpLink up_link_;
  std::vector<Station> stations_;
  struct EndpointHash {
    std::size_t operator()(const overlay::Endpoint& endpoint) const {
      return std::hash<std::string>()(endpoint.text());
    }
  };
  std::unordered_map<overlay::Endpoint, StationId, EndpointHash> listeners_;
  std::vector<Listener> remembered_;  // a power of two, more than stations
  Slab<Flight> flights_;
  std::set<std::pair<StationId, StationId>> cuts_;
  Group groups_ = 0;  // bits in use
  std::map<std::pair<StationId, StationId>, std::vector<Flight>> clogs_;
  std::uint64_t last_link_ = 0;
  std::uint64_t messages_sent_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t sent_to_self_ = 0;
  std::uint64_t refused_by_up_links_ = 0;
  NetworkTrace trace_;
  std::shared_ptr<overlay::Places> places_ = std::make_shared<overlay::Places>(kPlaces);
};

}  // namespace phyllo::sim
