#include <utility>

#include "multicast/codec.h"
#include "overlay/contact_codec.h"
#include "phyllo/v1/multicast.pb.h"

// The way out; decode_codec.cc is the way in.

namespace phyllo::multicast {
namespace {

using Schema = v1::MulticastMessage;
using Ids = google::protobuf::RepeatedPtrField<std::string>;

void put(const StreamId& stream, Schema::Stream& out) {
  out.set_root(stream.root.bytes());
  out.set_incarnation(stream.incarnation);
  out.set_generation(stream.generation);
}

void put(const StreamEnd& end, Schema::Ended& out) {
  put(end.stream, *out.mutable_stream());
  out.set_last(end.last);
}

void put(const StreamHead& head, Schema::Head& out) {
  put(head.position.stream, *out.mutable_stream());
  out.set_next(head.position.next);
  if (head.previous) put(*head.previous, *out.mutable_previous());
}

/// Lists are cut to what the other side accepts; whoever fills them keeps to that.
void put(const std::vector<overlay::NodeId>& ids, std::size_t limit, Ids& out) {
  for (const auto& id : ids) {
    if (static_cast<std::size_t>(out.size()) == limit) return;
    *out.Add() = id.bytes();
  }
}

Schema::Cause cause(Gap::Why why) {
  switch (why) {
    case Gap::Why::kParentLost:
      return Schema::PARENT_LOST;
    case Gap::Why::kRootLost:
      return Schema::ROOT_LOST;
    case Gap::Why::kQueueLimit:
      return Schema::QUEUE_LIMIT;
    case Gap::Why::kIngressLimit:
      return Schema::INGRESS_LIMIT;
    case Gap::Why::kMissed:
      return Schema::MISSED;
  }
  return Schema::MISSED;
}

Schema::Why reason(Dismiss::Why why) {
  switch (why) {
    case Dismiss::Why::kFull:
      return Schema::FULL;
    case Dismiss::Why::kCycle:
      return Schema::CYCLE;
    case Dismiss::Why::kLeaving:
      return Schema::LEAVING;
    case Dismiss::Why::kUnknown:
      return Schema::UNKNOWN;
    case Dismiss::Why::kUnready:
      return Schema::UNREADY;
  }
  return Schema::UNKNOWN;
}

Schema::NackReason reason(PublishNack::Reason why) {
  switch (why) {
    case PublishNack::Reason::kNotRoot:
      return Schema::NOT_ROOT;
    case PublishNack::Reason::kOutOfOrder:
      return Schema::OUT_OF_ORDER;
    case PublishNack::Reason::kUnsettled:
      return Schema::UNSETTLED;
    case PublishNack::Reason::kUnwanted:
      return Schema::UNWANTED;
  }
  return Schema::NOT_ROOT;
}

template <class Out>
void put_numbers(const Batch& batch, Out& out) {
  for (const Stay& stay : batch.stays) {
    if (static_cast<std::size_t>(out.stays_size()) == kMaxStays) break;
    auto& entry = *out.add_stays();
    entry.set_first(stay.first);
    entry.set_last(stay.last);
    if (stay.stream != StreamId{}) put(stay.stream, *entry.mutable_stream());
    entry.set_number(stay.number);
    entry.set_ago_microseconds(static_cast<std::uint64_t>(stay.ago / std::chrono::microseconds(1)));
  }
  out.set_publisher(batch.publisher);
  out.set_publisher_first(batch.publisher_first);
  out.set_count(batch.count);
}

template <class Out>
void put_ack(const PublishAck& ack, Out& out) {
  out.set_topic(ack.topic.bytes());
  out.set_attempt(ack.attempt);
  out.set_taken(ack.taken);
  out.set_reach(ack.reception.reach);
  put(ack.reception.at, *out.mutable_at());
}

/// Writes each kind of message into the schema; a body goes to `body`.
struct Encoder {
  Schema& schema;
  Payload& body;

  void operator()(const Graft& m) const {
    auto& out = *schema.mutable_graft();
    out.set_topic(m.topic.text());
    out.set_attempt(m.attempt);
    out.set_subscribers(m.subscribers);
  }
  void operator()(const Standing& m) const {
    auto& out = *schema.mutable_standing();
    out.set_topic(m.topic.bytes());
    out.set_attempt(m.attempt);
    out.set_live(m.live);
    put(m.path, kMaxPath, *out.mutable_path());
    if (m.head) put(*m.head, *out.mutable_head());
    out.set_closed(m.gate == Gate::kClosed);
  }
  void operator()(const Dismiss& m) const {
    auto& out = *schema.mutable_dismiss();
    out.set_topic(m.topic.bytes());
    out.set_attempt(m.attempt);
    out.set_why(reason(m.why));
    for (const auto& alternative : m.alternatives) {
      if (static_cast<std::size_t>(out.alternatives_size()) == kMaxAlternatives) return;
      auto& entry = *out.add_alternatives();
      overlay::encode(alternative.node, *entry.mutable_node());
      entry.set_distance_nanoseconds(static_cast<std::uint64_t>(alternative.distance.count()));
    }
  }
  void operator()(const Prune& m) const {
    schema.mutable_prune()->set_topic(m.topic.bytes());
    schema.mutable_prune()->set_attempt(m.attempt);
  }
  void operator()(const HandOver& m) const {
    auto& out = *schema.mutable_hand_over();
    out.set_topic(m.topic.text());
    out.set_attempt(m.attempt);
    put(m.ended, *out.mutable_ended());
    out.set_subscribers(m.subscribers);
    out.set_leaving(m.stage != HandOver::Stage::kCloserRoot);
    out.set_announced(m.stage == HandOver::Stage::kWillLeave);
  }
  void operator()(const Pulse& m) const {
    auto& out = *schema.mutable_pulse();
    for (const auto& down : m.down) {
      auto& entry = *out.add_down();
      entry.set_topic(down.topic.bytes());
      entry.set_digest(down.digest);
      entry.set_next(down.next);
    }
    for (const auto& up : m.up) {
      auto& entry = *out.add_up();
      entry.set_topic(up.topic.bytes());
      entry.set_subscribers(up.subscribers);
      entry.set_wants_standing(up.wants_standing);
    }
  }
  void operator()(const Data& m) const {
    auto& out = *schema.mutable_data();
    out.set_topic(m.topic.bytes());
    put(m.batch.stream, *out.mutable_stream());
    out.set_first(m.batch.first);
    put_numbers(m.batch.batch, out);
    body = m.batch.batch.body;
  }
  void operator()(const Loss& m) const {
    auto& out = *schema.mutable_loss();
    out.set_topic(m.topic.bytes());
    put(m.gap.stream, *out.mutable_stream());
    out.set_first(m.gap.first);
    out.set_last(m.gap.last);
    out.set_cause(cause(m.gap.why));
    out.set_where(m.gap.where.bytes());
    out.set_region(m.gap.region);
  }
  void operator()(const Hold& m) const { schema.mutable_hold()->set_topic(m.topic.bytes()); }
  void operator()(const Locate& m) const {
    schema.mutable_locate()->set_topic(m.topic.bytes());
    schema.mutable_locate()->set_attempt(m.attempt);
    if (m.name) schema.mutable_locate()->set_name(m.name->text());
  }
  void operator()(const RootIs& m) const {
    schema.mutable_root_is()->set_topic(m.topic.bytes());
    schema.mutable_root_is()->set_attempt(m.attempt);
    if (m.successor) overlay::encode(*m.successor, *schema.mutable_root_is()->mutable_successor());
  }
  void operator()(const Publish& m) const {
    auto& out = *schema.mutable_publish();
    out.set_topic(m.topic.bytes());
    out.set_attempt(m.attempt);
    out.set_index(m.index);
    put_numbers(m.batch, out);
    body = m.batch.body;
  }
  void operator()(const PublishAck& m) const { put_ack(m, *schema.mutable_publish_ack()); }
  void operator()(const PublishNack& m) const {
    put_ack(m.upto, *schema.mutable_publish_nack());
    schema.mutable_publish_nack()->set_reason(reason(m.reason));
  }
  void operator()(const Cast& m) const {
    auto& out = *schema.mutable_cast();
    out.set_topic(m.topic.bytes());
    out.set_cast(m.cast);
    overlay::encode(m.asker, *out.mutable_asker());
    out.set_wanted(m.wanted);
    put(m.accepted, kMaxVisited, *out.mutable_accepted());
    put(m.visited, kMaxVisited, *out.mutable_visited());
    for (const auto& contact : m.to_visit) overlay::encode(contact, *out.add_to_visit());
    body = m.payload;
  }
  void operator()(const CastResult& m) const {
    auto& out = *schema.mutable_cast_result();
    out.set_cast(m.cast);
    put(m.accepted, kMaxVisited, *out.mutable_accepted());
    out.set_done(m.done);
  }
  void operator()(const Survey& m) const {
    auto& out = *schema.mutable_survey();
    out.set_topic(m.topic.bytes());
    out.set_survey(m.survey);
    overlay::encode(m.asker, *out.mutable_asker());
  }
  void operator()(const SurveyReply& m) const {
    auto& out = *schema.mutable_survey_reply();
    out.set_survey(m.survey);
    out.set_root(m.root);
    if (m.parent) out.set_parent(m.parent->bytes());
    put(m.children, kMaxSurveyedChildren, *out.mutable_children());
    out.set_local_subscribers(m.local_subscribers);
    out.set_subtree_subscribers(m.subtree_subscribers);
  }
};

}  // namespace

overlay::AppMessage encode(const Message& message) {
  Schema schema;
  overlay::AppMessage wire;
  std::visit(Encoder{schema, wire.body}, message);
  schema.SerializeToString(&wire.header);
  return wire;
}

}  // namespace phyllo::multicast
