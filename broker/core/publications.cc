#include "broker/core/publications.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/batch_body.h"

namespace phyllo::broker {

using multicast::Batch;
using multicast::TopicId;

void Publications::publish(Session& session, client::Publish publication, Outbox& out) {
  Batch& batch = publication.batch;
  if (!session.window().admits(batch.body.size())) {
    const Error why{ErrorCode::kLimit, "published more than the window of " +
                                           std::to_string(limits_.publish_window_bytes) +
                                           " bytes that the welcome allowed"};
    return out.condemn(session, why);
  }
  auto topic = gate_.admit(publication.topic);
  if (!topic) {
    out.count_refusal(topic.error());
    const multicast::Sequence last = batch.publisher_first + batch.count - 1;
    return out.tell(
        session,
        client::PublishAck{batch.publisher, std::move(publication.topic), last, {}, topic.error()});
  }
  const PublisherTopic key(TopicId::of(*topic), batch.publisher);
  session.window().add(key, *topic, batch);
  unacknowledged_bytes_ += batch.body.size();
  publishers_[key].insert(session.id());
  if (const Outcome checked = check(batch); !checked) {
    return refuse(session, key, batch.publisher_first, checked.error(), out);
  }
  ++out.stats().published_batches;
  out.stats().published_messages += batch.count;
  out.stats().published_bytes += batch.body.size();
  ingress_.add({session.id(), std::move(*topic), key.first, std::move(batch)});
}

Outcome Publications::check(const Batch& batch) const {
  if (batch.publisher == 0) {
    return Error{ErrorCode::kInvalidArgument, "a publisher's id must not be 0"};
  }
  const std::size_t largest = BatchBodyWriter::encoded_size(limits_.message_bytes);
  if (batch.body.size() > std::max(limits_.publish_window_bytes, largest)) {
    return Error{ErrorCode::kTooLarge, "a batch of " + std::to_string(batch.body.size()) +
                                           " bytes is over what this broker takes"};
  }
  return check_batch_body(batch.body.view(), batch.count, limits_.message_bytes);
}

void Publications::leave(Session& session) {
  ingress_.drop_session(session.id());
  unacknowledged_bytes_ -= session.window().bytes();
  for (const PublisherTopic& key : session.window().keys()) {
    const auto found = publishers_.find(key);
    found->second.erase(session.id());
    if (found->second.empty()) publishers_.erase(found);
  }
}

void Publications::handed_in(Session& publisher, const Outcome& outcome, Outbox& out) {
  const Ingress::Waiting* waiting = ingress_.next();
  PHYLLO_CHECK(waiting != nullptr && waiting->session == publisher.id());
  if (!outcome && outcome.error().code == ErrorCode::kQueueFull) {
    ++out.stats().deferred_batches;
    return ingress_.set_aside();
  }
  if (!outcome) {
    const PublisherTopic key(waiting->id, waiting->batch.publisher);
    refuse(publisher, key, waiting->batch.publisher_first, outcome.error(), out);
  }
  ingress_.pop();
}

std::vector<SessionId> Publications::waiting_for(const PublisherTopic& key) const {
  const auto found = publishers_.find(key);
  if (found == publishers_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void Publications::taken(Session& session, const PublisherTopic& key, multicast::Sequence up_to,
                         const multicast::Reception& reception, Outbox& out) {
  const std::size_t before = session.window().bytes();
  std::vector<client::PublishAck> due;
  session.window().taken(key, up_to, reception, due);
  acknowledge(session, key, before, std::move(due), out);
}

void Publications::refuse(Session& session, const PublisherTopic& key, multicast::Sequence first,
                          Error why, Outbox& out) {
  out.count_refusal(why);
  const std::size_t before = session.window().bytes();
  std::vector<client::PublishAck> due;
  session.window().refuse(key, first, std::move(why), due);
  acknowledge(session, key, before, std::move(due), out);
}

/// Says what became due, and keeps the index and the sum in step with the session's window.
void Publications::acknowledge(Session& session, const PublisherTopic& key,
                               std::size_t bytes_before, std::vector<client::PublishAck> due,
                               Outbox& out) {
  unacknowledged_bytes_ -= bytes_before - session.window().bytes();
  for (auto& ack : due) out.tell(session, std::move(ack));
  if (session.window().waits_for(key)) return;
  const auto found = publishers_.find(key);
  if (found == publishers_.end()) return;
  found->second.erase(session.id());
  if (found->second.empty()) publishers_.erase(found);
}

}  // namespace phyllo::broker
