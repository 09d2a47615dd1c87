#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/fifo.h"
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
    Fifo<Entry> batches;                      ///< not taken yet, oldest first
    std::optional<overlay::NodeId> taken_by;  ///< the root that has what `recent_` keeps
    std::size_t bytes = 0;
    std::size_t sent = 0;  ///< so many of them went to the root in this attempt
    std::size_t sent_bytes = 0;
    std::uint64_t base = 0;  ///< index of the oldest in this attempt
    Attempt attempt = 0;
    enum class Phase {
      kIdle,  ///< nobody was asked where the root is
      kLocating,
      kSending,  ///< to `root`
      kWaiting,  ///< for a moment, before anything else is tried
    };
    Phase phase = Phase::kIdle;
    std::optional<overlay::Contact> root;
    std::optional<TopicName> name;  ///< where roots need it
    std::uint32_t failures = 0;
    Time due = kNever;        ///< when something has to be done if nothing happens
    Time next_look = kNever;  ///< its place in `looks_`, not later than that
  };

  void pump(Turn& turn, const TopicId& topic, Queue& queue);
  void pump_locally(Turn& turn, const TopicId& topic, Queue& queue);
  void locate(Turn& turn, const TopicId& topic, Queue& queue);
  void begin_attempt(Queue& queue);
  void pause(Turn& turn, const TopicId& topic, Queue& queue);
  void resume(Turn& turn, const TopicId& topic, Queue& queue);
  /// The root has every batch below index `taken` of the attempt.
  void taken(Turn& turn, const TopicId& topic, Queue& queue, std::uint64_t taken,
             const Reception& reception);
  /// The root that took the latest batches is gone without a word.
  void take_back_recent(Turn& turn, const TopicId& topic, Queue& queue);
  /// As it goes to a root now.
  Publish publication(Turn& turn, const TopicId& topic, const Queue& queue) const;
  void expect_progress(Turn& turn, const TopicId& topic, Queue& queue);
  /// A deadline that is put off with every batch is only looked at again when its time comes.
  void set_due(const TopicId& topic, Queue& queue, Time when);
  void look_at(const TopicId& topic, Queue& queue, Time when);
  /// For what is done to several of them, in order.
  std::vector<TopicId> topics() const;
  Queue* current(const TopicId& topic, Attempt attempt);

  ForestState& state_;
  Intake& intake_;
  std::unordered_map<TopicId, Queue> queues_;
  /// What roots took lately: one that dies may have taken some with it that nobody else saw.
  Recent<TopicId, Batch> recent_;
  StayLog stays_;
  std::set<std::pair<Time, TopicId>> looks_;  ///< each queue once
  /// What publishers have to be told: of each, what each stream took, in order.
  struct Report {
    Sequence up_to = 0;
    Reception reception;
  };
  std::map<std::pair<TopicId, PublisherId>, std::vector<Report>> reports_;
};

}  // namespace phyllo::multicast
