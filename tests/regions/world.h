#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "multicast/forest.h"
#include "overlay/node.h"
#include "regions/borders.h"

namespace phyllo::regions {

using multicast::PublisherId;
using multicast::Sequence;

/// Regions of one broker each, whose global ring is taken for granted: borders and forests as they
/// ship, in virtual time, with a network between them that can lose, delay and cut.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  /// A region's broker boots; its number.
  std::size_t add(const std::string& region);
  /// The next rendezvous of the topic.
  std::size_t add_closest_to(const std::string& topic, const std::string& region);
  /// It leaves in good order.
  void remove(std::size_t region);
  /// It is gone without a word, and the others' rings notice after `noticed`.
  void kill(std::size_t region, Duration noticed = std::chrono::seconds(1));
  /// A new life of it, with nothing remembered.
  void revive(std::size_t region);
  /// It stops without a word, as in `kill`, and what is said to it meanwhile is lost.
  void sleep(std::size_t region, Duration noticed = std::chrono::seconds(1));
  /// It goes on where it stopped, and hears that it is in the ring again: not whom the ring lost
  /// meanwhile.
  void wake(std::size_t region);
  /// Nothing passes between them any more, and the rings notice.
  void cut_off(std::size_t region, Duration noticed = std::chrono::seconds(1));
  void rejoin(std::size_t region);

  void subscribe(std::size_t region, const std::string& topic);
  void unsubscribe(std::size_t region, const std::string& topic);
  bool live(std::size_t region, const std::string& topic) const;
  /// The publisher's next message, of at least so many bytes.
  Sequence publish(std::size_t region, const std::string& topic, PublisherId publisher,
                   std::size_t bytes = 0);
  /// The answer is in `surveys` when it comes.
  void survey(std::size_t region, const std::string& topic);
  /// The outcome is in `casts` when it comes.
  void cast(std::size_t region, const std::string& topic, std::uint32_t wanted,
            const std::string& text);
  void run_for(Duration time);
  /// Until it holds; false when it does not within this time.
  bool run_until(const std::function<bool()>& done, Duration time);

  const overlay::Contact& contact(std::size_t region) const { return regions_[region]->contact; }
  /// One region's broker says something to another's that no broker would.
  void say(std::size_t from, std::size_t to, const Message& message);
  /// What was asked of its broker, in order.
  const std::vector<Surveyed>& surveys(std::size_t region) const {
    return regions_[region]->surveys;
  }
  const std::vector<CastOver>& casts(std::size_t region) const { return regions_[region]->casts; }
  /// The casts that its programs took.
  const std::vector<std::string>& taken(std::size_t region) const { return regions_[region]->took; }
  /// So many of its programs take each cast.
  void employ(std::size_t region, std::uint32_t takers) { regions_[region]->takers = takers; }

  struct Heard {
    std::set<Sequence> numbers;
    std::uint64_t twice = 0;
  };
  const Heard& heard(std::size_t region, const std::string& topic, PublisherId publisher) const;
  /// Of messages: numbers of streams, and of publishers.
  std::uint64_t lost(std::size_t region) const;
  /// Batches that the network carried from one to the other.
  std::uint64_t batches(std::size_t from, std::size_t to) const { return way(from, to).batches; }
  std::uint64_t messages(std::size_t from, std::size_t to) const { return way(from, to).messages; }
  /// Of the batches: those for others, that say what the topic is called.
  std::uint64_t named(std::size_t from, std::size_t to) const { return way(from, to).named; }
  /// Of those: about topics.
  std::uint64_t about_topics(std::size_t from, std::size_t to) const {
    return way(from, to).about_topics;
  }
  /// Of their bodies.
  std::uint64_t bytes(std::size_t from, std::size_t to) const { return way(from, to).bytes; }
  /// No batch passes from one to the other, and nobody notices; everything else does.
  void cut(std::size_t from, std::size_t to) { cuts_.emplace(from, to); }
  void mend() { cuts_.clear(); }
  BordersStats stats(std::size_t region) const { return at(region).borders->stats(); }
  /// Whose id is closest to the topic's key, of those alive.
  std::size_t rendezvous(const std::string& topic) const;
  bool taken(std::size_t region, PublisherId publisher, Sequence number) const;
  Time now() const { return now_; }

  double loss = 0;                                      ///< of what is not routed
  double doubled = 0;                                   ///< the same: it arrives twice
  bool routes = true;                                   ///< what is routed arrives
  bool small = true;                                    ///< each broker knows all of its ring
  std::set<std::pair<std::size_t, std::string>> unmet;  ///< who knows nobody of a region
  Duration jitter{};     ///< of messages between different pairs; each pair keeps its order
  std::size_t room = 0;  ///< of links, in messages of one burst; 0: no bound
  BordersConfig config = BordersConfig::lan();
  Fence fence;
  RegionTable table;

 private:
  class Ring;
  struct Life {
    std::unique_ptr<overlay::Node> home;
    std::unique_ptr<multicast::Forest> forest;
    std::unique_ptr<GlobalRing> ring;
    std::unique_ptr<Borders> borders;
    std::map<std::string, std::uint64_t> subscribers;
    std::set<multicast::TopicId> live;
    std::map<std::uint64_t, std::uint64_t> tickets;  ///< of the forest's surveys
    std::map<std::uint64_t, std::uint64_t> cast_tickets;
  };
  struct Region {
    overlay::Contact contact;
    int side = 0;  ///< what it can reach
    // What the rings believe:
    int counted = 0;  ///< the side, as of the last time that they noticed
    bool there = false;
    std::optional<Life> life;
    std::optional<Life> asleep;
    std::map<std::pair<multicast::TopicId, PublisherId>, Heard> heard;
    std::uint64_t lost = 0;
    std::map<PublisherId, Sequence> taken;
    std::vector<Surveyed> surveys = {};
    std::vector<CastOver> casts = {};
    std::vector<std::string> took = {};
    std::uint32_t takers = 0;
  };
  struct Way {
    Time last;
    std::uint64_t batches = 0;
    std::uint64_t messages = 0;
    std::uint64_t about_topics = 0;
    std::uint64_t named = 0;
    std::uint64_t bytes = 0;
  };

  static TopicName name_of(const std::string& topic);
  static multicast::TopicId id_of(const std::string& topic);
  const Way& way(std::size_t from, std::size_t to) const;
  const Life& at(std::size_t region) const { return *regions_[region]->life; }
  std::size_t add(overlay::NodeId id, const std::string& region);
  void boot(std::size_t region);
  /// Nothing comes from it any more: the others' rings notice after `noticed`.
  void fall_silent(std::size_t region, Duration noticed);
  std::optional<std::size_t> rendezvous_for(std::size_t asker, overlay::Key key) const;
  void after(Duration delay, std::function<void()> what);
  void settle(std::size_t region, multicast::Effects forest, Effects borders);
  void carry(std::size_t from, Effect effect, multicast::Effects& forest, Effects& borders);
  void tell(std::size_t region, multicast::Effect effect, multicast::Effects& forest,
            Effects& borders);
  /// Questions; whether it was one.
  bool ask(std::size_t region, Effect& effect, multicast::Effects& forest);
  bool answer(std::size_t region, multicast::Effect& effect, multicast::Effects& forest,
              Effects& borders);
  void send(std::size_t from, std::size_t to, overlay::AppMessage message, bool routed);
  void arrive(Duration delay, std::size_t from, std::size_t to, overlay::AppMessage message,
              bool routed);
  /// Everybody on the side hears that the ring has changed.
  void ring_changed(int side, std::optional<overlay::Contact> lost,
                    overlay::PeerLost::Reason why = overlay::PeerLost::Reason::kSilent);
  void step();

  Random random_;
  Time now_{};
  std::uint64_t events_ = 0;
  int sides_ = 0;
  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> queue_;
  std::vector<std::unique_ptr<Region>> regions_;
  std::map<std::pair<std::size_t, std::size_t>, Way> ways_;
  std::map<PublisherId, Sequence> published_;
  std::set<std::pair<std::size_t, std::size_t>> cuts_;
};

}  // namespace phyllo::regions
