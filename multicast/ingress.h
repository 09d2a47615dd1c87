#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/boxed.h"
#include "base/fifo.h"
#include "base/hash_index.h"
#include "base/recent.h"
#include "base/result.h"
#include "multicast/forest_state.h"
#include "multicast/intake.h"
#include "multicast/messages.h"
#include "multicast/stay_log.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// What local programs published, kept until the topic's root has it. Whatever happens to the root,
/// batches of a topic reach it in the order in which they came here.
class Ingress {
 public:
  Ingress(ForestState& state, Intake& intake);
  ~Ingress();
  Ingress(const Ingress&) = delete;
  Ingress& operator=(const Ingress&) = delete;

  /// `topic` is that of the name.
  Outcome publish(Turn& turn, const TopicName& name, const TopicId& topic, Batch batch);
  void on_root_is(Turn& turn, const overlay::Contact& from, const RootIs& root_is);
  void on_ack(Turn& turn, const overlay::Contact& from, const PublishAck& ack);
  void on_nack(Turn& turn, const overlay::Contact& from, const PublishNack& nack);
  void on_dropped(Turn& turn, const Publish& publish);
  void peer_lost(Turn& turn, overlay::NodeId peer);
  /// This node may have become the root of some topics.
  void leaf_set_changed(Turn& turn);
  void flush(Turn& turn);
  void tick(Turn& turn);
  Time next() const { return looks_.empty() ? kNever : looks_.begin()->first; }
  std::size_t recent_bytes() const { return recent_.bytes(); }

 private:
  struct Entry {
    Batch batch;
    Time since;          ///< here
    bool again = false;  ///< an earlier root had taken it, and died
  };
  struct Queue {
    explicit Queue(const TopicId& of) : topic(of) {}

    TopicId topic;
    std::uint32_t failures = 0;
    enum class Phase : std::uint8_t {
      kIdle,  ///< nobody was asked where the root is
      kLocating,
      kSending,  ///< to `root`
      kWaiting,  ///< for a moment, before anything else is tried
    };
    Phase phase = Phase::kIdle;
    Fifo<Entry> batches;  ///< not taken yet, oldest first
    std::size_t bytes = 0;
    std::size_t sent = 0;  ///< so many of them went to the root in this attempt
    std::size_t sent_bytes = 0;
    std::uint64_t base = 0;  ///< index of the oldest in this attempt
    Attempt attempt = 0;
    Time due = kNever;        ///< when something has to be done if nothing happens
    Time next_look = kNever;  ///< its place in `looks_`, not later than that
    PublisherStays stays;     ///< of the first that published here
    Boxed<overlay::Contact> root;
    Boxed<TopicName> name;                    ///< where roots need it
    std::optional<overlay::NodeId> taken_by;  ///< the root that has what `recent_` keeps
  };
  struct ByTopic {
    static const TopicId& key(const Queue& queue) { return queue.topic; }
    static std::uint64_t number(const TopicId& topic) { return topic.number(); }
  };

  Queue& add(const TopicId& topic);
  void remove(Turn& turn, Queue& queue);
  void pump(Turn& turn, Queue& queue);
  void pump_locally(Turn& turn, Queue& queue);
  void locate(Turn& turn, Queue& queue);
  void begin_attempt(Queue& queue);
  void pause(Turn& turn, Queue& queue);
  void resume(Turn& turn, Queue& queue);
  /// The root has every batch below index `taken` of the attempt.
  void taken(Turn& turn, Queue& queue, std::uint64_t taken, const Reception& reception);
  /// The root that took the latest batches is gone without a word.
  void take_back_recent(Turn& turn, Queue& queue);
  /// As it goes to a root now.
  Publish publication(Turn& turn, const Queue& queue) const;
  void expect_progress(Turn& turn, Queue& queue);
  /// A deadline that is put off with every batch is only looked at again when its time comes.
  void set_due(Queue& queue, Time when);
  void look_at(Queue& queue, Time when);
  /// For what is done to several of them, in order.
  std::vector<Queue*> in_order() const;
  Queue* current(const TopicId& topic, Attempt attempt);

  ForestState& state_;
  Intake& intake_;
  HashIndex<Queue, ByTopic> queues_;  ///< its own
  /// What roots took lately: one that dies may have taken some with it that nobody else saw.
  Recent<TopicId, Batch> recent_;
  StayLog stays_;                             ///< of publishers that no queue keeps
  std::set<std::pair<Time, TopicId>> looks_;  ///< each queue once
  /// What publishers have to be told: of each, what each stream took, in order.
  struct Report {
    Sequence up_to = 0;
    Reception reception;
  };
  std::map<std::pair<TopicId, PublisherId>, std::vector<Report>> reports_;
};

}  // namespace phyllo::multicast
