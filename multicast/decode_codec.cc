#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "multicast/codec.h"
#include "multicast/wire_reader.h"
#include "overlay/contact_codec.h"
#include "phyllo/v1/multicast.pb.h"

// The way in; encode_codec.cc is the way out.

namespace phyllo::multicast {
namespace {

using Schema = v1::MulticastMessage;
using Ids = google::protobuf::RepeatedPtrField<std::string>;

/// Longer ago is as good as this.
constexpr std::uint64_t kMaxAgo = 1'000'000'000'000;

/// What only messages of trees have.
class Reader : public WireReader {
 public:
  std::vector<overlay::NodeId> ids(const Ids& in, std::size_t limit) {
    std::vector<overlay::NodeId> all;
    if (!list(in.size(), limit)) return all;
    all.reserve(static_cast<std::size_t>(in.size()));
    for (const auto& bytes : in) all.push_back(node(bytes));
    return all;
  }
  /// The first of a range of numbers, which start at 1.
  Sequence first(std::uint64_t value) {
    require(value > 0, "numbers start at 1");
    return number(value);
  }
  StreamId stream(const Schema::Stream& in) {
    return {node(in.root()), in.incarnation(), in.generation()};
  }
  StreamEnd end(const Schema::Ended& in) { return {stream(in.stream()), number(in.last())}; }
  StreamHead head(const Schema::Head& in) {
    StreamHead head{{stream(in.stream()), first(in.next())}, {}};
    if (in.has_previous()) head.previous = end(in.previous());
    return head;
  }
  template <class In>
  Batch batch(const In& in, Payload body) {
    require(in.count() > 0, "a batch without messages");
    return {in.publisher(), first(in.publisher_first()), in.count(), std::move(body),
            stays(in.stays())};
  }
  std::vector<Stay> stays(const google::protobuf::RepeatedPtrField<Schema::Stay>& in) {
    std::vector<Stay> list;
    require(static_cast<std::size_t>(in.size()) <= kMaxStays, "a list of stays is too long");
    if (!ok()) return list;
    for (const auto& entry : in) {
      require(entry.last() >= entry.first(), "a stay without messages");
      const auto ago = std::chrono::microseconds(std::min(entry.ago_microseconds(), kMaxAgo));
      list.push_back({first(entry.first()), number(entry.last()),
                      entry.has_stream() ? stream(entry.stream()) : StreamId{},
                      number(entry.number()), ago});
    }
    return list;
  }
};

Gap::Why cause(Schema::Cause cause, Reader& read) {
  switch (cause) {
    case Schema::PARENT_LOST:
      return Gap::Why::kParentLost;
    case Schema::ROOT_LOST:
      return Gap::Why::kRootLost;
    case Schema::QUEUE_LIMIT:
      return Gap::Why::kQueueLimit;
    case Schema::INGRESS_LIMIT:
      return Gap::Why::kIngressLimit;
    case Schema::MISSED:
      return Gap::Why::kMissed;
    default:
      break;
  }
  read.require(false, "a loss without a cause");
  return Gap::Why::kMissed;
}

Dismiss::Why reason(Schema::Why why, Reader& read) {
  switch (why) {
    case Schema::FULL:
      return Dismiss::Why::kFull;
    case Schema::CYCLE:
      return Dismiss::Why::kCycle;
    case Schema::LEAVING:
      return Dismiss::Why::kLeaving;
    case Schema::UNKNOWN:
      return Dismiss::Why::kUnknown;
    case Schema::UNREADY:
      return Dismiss::Why::kUnready;
    default:
      break;
  }
  read.require(false, "a dismissal without a reason");
  return Dismiss::Why::kUnknown;
}

PublishNack::Reason reason(Schema::NackReason why, Reader& read) {
  switch (why) {
    case Schema::NOT_ROOT:
      return PublishNack::Reason::kNotRoot;
    case Schema::OUT_OF_ORDER:
      return PublishNack::Reason::kOutOfOrder;
    case Schema::UNSETTLED:
      return PublishNack::Reason::kUnsettled;
    case Schema::UNWANTED:
      return PublishNack::Reason::kUnwanted;
    default:
      break;
  }
  read.require(false, "a refused publication without a reason");
  return PublishNack::Reason::kNotRoot;
}

Message get(const Schema::Graft& in, Reader& read) {
  return Graft{read.name(in.topic()), in.attempt(), read.number(in.subscribers())};
}

Message get(const Schema::Standing& in, Reader& read) {
  Standing out{read.topic(in.topic()), in.attempt(), in.live(), read.ids(in.path(), kMaxPath), {}};
  if (in.has_head()) out.head = read.head(in.head());
  if (in.closed()) out.gate = Gate::kClosed;
  return out;
}

Message get(const Schema::Dismiss& in, Reader& read) {
  Dismiss out{read.topic(in.topic()), in.attempt(), reason(in.why(), read), {}};
  const auto count = static_cast<std::size_t>(in.alternatives_size());
  read.require(count <= kMaxAlternatives, "a list of alternatives is too long");
  if (!read.ok()) return out;
  for (const auto& entry : in.alternatives()) {
    const auto distance = static_cast<Duration::rep>(read.number(entry.distance_nanoseconds()));
    out.alternatives.push_back({read.contact(entry.node()), Duration(distance)});
  }
  return out;
}

Message get(const Schema::Prune& in, Reader& read) {
  return Prune{read.topic(in.topic()), in.attempt()};
}

Message get(const Schema::HandOver& in, Reader& read) {
  using Stage = HandOver::Stage;
  const Stage leaving = in.announced() ? Stage::kWillLeave : Stage::kLeaves;
  return HandOver{read.name(in.topic()), in.attempt(), read.end(in.ended()),
                  read.number(in.subscribers()), in.leaving() ? leaving : Stage::kCloserRoot};
}

Message get(const Schema::Pulse& in, Reader& read) {
  Pulse out;
  const auto entries =
      static_cast<std::size_t>(in.down_size()) + static_cast<std::size_t>(in.up_size());
  read.require(entries <= kMaxPulseEntries, "a pulse is too long");
  if (!read.ok()) return out;
  out.down.reserve(static_cast<std::size_t>(in.down_size()));
  for (const auto& entry : in.down()) {
    out.down.push_back({read.topic(entry.topic()), entry.digest(), read.number(entry.next())});
  }
  out.up.reserve(static_cast<std::size_t>(in.up_size()));
  for (const auto& entry : in.up()) {
    out.up.push_back(
        {read.topic(entry.topic()), read.number(entry.subscribers()), entry.wants_standing()});
  }
  return out;
}

Message get(const Schema::Data& in, Payload body, Reader& read) {
  return Data{read.topic(in.topic()),
              {read.stream(in.stream()), read.first(in.first()), read.batch(in, std::move(body))}};
}

Message get(const Schema::Loss& in, Reader& read) {
  Gap gap;
  gap.why = cause(in.cause(), read);
  gap.where = read.node(in.where());
  gap.region = read.region(in.region());
  gap.stream = read.stream(in.stream());
  gap.first = read.first(in.first());
  gap.last = read.number(in.last());
  read.require(gap.first <= gap.last, "a loss of nothing");
  return Loss{read.topic(in.topic()), std::move(gap)};
}

Message get(const Schema::Locate& in, Reader& read) {
  Locate out{read.topic(in.topic()), in.attempt(), {}};
  if (!in.name().empty()) out.name = read.name(in.name());
  return out;
}

Message get(const Schema::RootIs& in, Reader& read) {
  RootIs out{read.topic(in.topic()), in.attempt(), {}};
  if (in.has_successor()) out.successor = read.contact(in.successor());
  return out;
}

Message get(const Schema::Publish& in, Payload body, Reader& read) {
  return Publish{read.topic(in.topic()), in.attempt(), read.number(in.index()),
                 read.batch(in, std::move(body))};
}

template <class In>
PublishAck get_ack(const In& in, Reader& read) {
  return {read.topic(in.topic()),
          in.attempt(),
          read.number(in.taken()),
          {read.number(in.reach()), in.has_at() ? read.end(in.at()) : StreamEnd{}}};
}

Message get(const Schema::Cast& in, Payload body, Reader& read) {
  Cast out{
      read.topic(in.topic()), in.cast(), read.contact(in.asker()), in.wanted(), {}, {}, {}, {}};
  out.accepted = read.ids(in.accepted(), kMaxVisited);
  out.visited = read.ids(in.visited(), kMaxVisited);
  const auto count = static_cast<std::size_t>(in.to_visit_size());
  read.require(count <= kMaxVisited, "a list of contacts is too long");
  if (!read.ok()) return out;
  for (const auto& info : in.to_visit()) out.to_visit.push_back(read.contact(info));
  out.payload = std::move(body);
  return out;
}

Message get(const Schema::SurveyReply& in, Reader& read) {
  SurveyReply out{in.survey(),
                  in.root(),
                  {},
                  read.ids(in.children(), kMaxSurveyedChildren),
                  read.number(in.local_subscribers()),
                  read.number(in.subtree_subscribers())};
  if (!in.parent().empty()) out.parent = read.node(in.parent());
  return out;
}

Message get(const Schema& m, Payload body, Reader& read) {
  switch (m.kind_case()) {
    case Schema::kGraft:
      return get(m.graft(), read);
    case Schema::kStanding:
      return get(m.standing(), read);
    case Schema::kDismiss:
      return get(m.dismiss(), read);
    case Schema::kPrune:
      return get(m.prune(), read);
    case Schema::kHandOver:
      return get(m.hand_over(), read);
    case Schema::kPulse:
      return get(m.pulse(), read);
    case Schema::kData:
      return get(m.data(), std::move(body), read);
    case Schema::kLoss:
      return get(m.loss(), read);
    case Schema::kHold:
      return Hold{read.topic(m.hold().topic())};
    case Schema::kLocate:
      return get(m.locate(), read);
    case Schema::kRootIs:
      return get(m.root_is(), read);
    case Schema::kPublish:
      return get(m.publish(), std::move(body), read);
    case Schema::kPublishAck:
      return get_ack(m.publish_ack(), read);
    case Schema::kPublishNack:
      return PublishNack{get_ack(m.publish_nack(), read), reason(m.publish_nack().reason(), read)};
    case Schema::kCast:
      return get(m.cast(), std::move(body), read);
    case Schema::kCastResult:
      return CastResult{m.cast_result().cast(), read.ids(m.cast_result().accepted(), kMaxVisited),
                        m.cast_result().done()};
    case Schema::kSurvey:
      return Survey{read.topic(m.survey().topic()), m.survey().survey(),
                    read.contact(m.survey().asker())};
    case Schema::kSurveyReply:
      return get(m.survey_reply(), read);
    case Schema::KIND_NOT_SET:
      break;
  }
  read.require(false, "a message of no kind");
  return Pulse{};
}

}  // namespace

Result<Message> decode(overlay::AppMessage wire) {
  Schema schema;
  if (!schema.ParseFromString(wire.header)) {
    return Error{ErrorCode::kMalformed, "the bytes are no multicast message"};
  }
  const bool carries_body = schema.has_data() || schema.has_publish() || schema.has_cast();
  Reader read;
  read.require(carries_body || wire.body.empty(), "a body where none belongs");
  Message message = get(schema, std::move(wire.body), read);
  return read.finish(std::move(message));
}

}  // namespace phyllo::multicast
