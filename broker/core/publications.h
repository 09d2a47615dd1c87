#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "base/result.h"
#include "broker/core/broker_config.h"
#include "broker/core/ingress.h"
#include "broker/core/outbox.h"
#include "broker/core/publish_window.h"
#include "broker/core/session.h"
#include "broker/core/topic_gate.h"

namespace phyllo::broker {

/// What all sessions publish: checked at this edge, queued for the forest, and acknowledged to
/// whoever published it when the forest says so. Not thread-safe.
class Publications {
 public:
  Publications(const ClientLimits& limits, const TopicGate& gate) : limits_(limits), gate_(gate) {}

  void publish(Session& session, client::Publish publication, Outbox& out);
  /// Forgets what a session that is over published and the forest has not taken: nobody was told
  /// that it was safe.
  void leave(Session& session);

  /// See `Ingress::next`.
  const Ingress::Waiting* next() const { return ingress_.next(); }
  /// What the forest said to `next`; `publisher` is its session.
  void handed_in(Session& publisher, const Outcome& outcome, Outbox& out);
  /// The sessions that wait for an acknowledgement of this publisher on this topic.
  std::vector<SessionId> waiting_for(const PublisherTopic& key) const;
  void taken(Session& session, const PublisherTopic& key, multicast::Sequence up_to,
             const multicast::Reception& reception, Outbox& out);
  /// There may be room in the forest again for this topic, or for any.
  void retry(const multicast::TopicId& topic) { ingress_.retry(topic); }
  void retry_all() { ingress_.retry_all(); }

  bool anything_aside() const { return ingress_.anything_aside(); }
  std::size_t waiting() const { return ingress_.size(); }
  std::size_t unacknowledged_bytes() const { return unacknowledged_bytes_; }

 private:
  Outcome check(const multicast::Batch& batch) const;
  void refuse(Session& session, const PublisherTopic& key, multicast::Sequence first, Error why,
              Outbox& out);
  void acknowledge(Session& session, const PublisherTopic& key, std::size_t bytes_before,
                   std::vector<client::PublishAck> due, Outbox& out);

  const ClientLimits& limits_;
  const TopicGate& gate_;
  Ingress ingress_;
  std::map<PublisherTopic, std::set<SessionId>> publishers_;
  std::size_t unacknowledged_bytes_ = 0;
};

}  // namespace phyllo::broker
