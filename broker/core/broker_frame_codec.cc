#include <array>
#include <limits>
#include <string>
#include <utility>

#include "base/scratch.h"
#include "base/seal.h"
#include "broker/core/answer_codec.h"
#include "broker/core/client_codec.h"
#include "broker/core/stream_codec.h"
#include "phyllo/v1/client.pb.h"

namespace phyllo::broker::client {
namespace {

using Room = Scratch<google::protobuf::Arena, google::protobuf::ArenaOptions>;

Error malformed(const char* what) { return {ErrorCode::kMalformed, what}; }

// --- out ---

/// Writes each kind of frame into the schema; a batch's body goes to `body`.
struct Encoder {
  v1::BrokerFrame& out;
  Payload& body;

  void operator()(const Welcome& m) {
    auto& welcome = *out.mutable_welcome();
    welcome.set_version(m.version);
    welcome.set_node_id(m.node.bytes());
    welcome.set_region(m.region);
    welcome.set_cluster(m.cluster);
    welcome.set_max_message_bytes(m.max_message_bytes);
    welcome.set_publish_window_bytes(m.publish_window_bytes);
    welcome.set_heartbeat_ms(m.heartbeat_ms);
    welcome.set_session(m.session);
    welcome.set_answers_ms(m.answers_ms);
  }
  void operator()(const Refused& m) {
    out.mutable_refused()->set_code(m.code);
    out.mutable_refused()->set_message(m.message);
    out.mutable_refused()->set_request(m.request);
  }
  void operator()(const PublishAck& m) {
    auto& ack = *out.mutable_publish_ack();
    ack.set_publisher(m.publisher);
    ack.set_topic(m.topic);
    ack.set_up_to(m.up_to);
    ack.set_reach(m.reception.reach);
    write_stream(m.reception.at.stream, *ack.mutable_stream());
    ack.set_number(m.reception.at.last);
    if (!m.error) return;
    ack.set_error_code(to_string(m.error->code));
    ack.set_error_message(m.error->message);
  }
  void operator()(const SubscribeAck& m) {
    auto& ack = *out.mutable_subscribe_ack();
    ack.set_subscription(m.subscription);
    if (m.error) {
      ack.set_error_code(to_string(m.error->code));
      ack.set_error_message(m.error->message);
      return;
    }
    write_stream(m.position.stream, *ack.mutable_stream());
    ack.set_next(m.position.next);
  }
  void operator()(const Deliver& m) {
    auto& deliver = *out.mutable_deliver();
    deliver.set_subscription(m.subscription);
    write_stream(m.batch.stream, *deliver.mutable_stream());
    deliver.set_first(m.batch.first);
    deliver.set_count(m.batch.batch.count);
    deliver.set_publisher(m.batch.batch.publisher);
    deliver.set_publisher_first(m.batch.batch.publisher_first);
    for (const auto& stay : m.batch.batch.stays) write_stay(stay, *deliver.add_stays());
    body = m.batch.batch.body;
  }
  void operator()(const GapNotice& m) {
    auto& gap = *out.mutable_gap();
    gap.set_subscription(m.subscription);
    write_stream(m.gap.stream, *gap.mutable_stream());
    gap.set_publisher(m.gap.publisher);
    gap.set_first(m.gap.first);
    gap.set_last(m.gap.last);
    gap.set_where(m.gap.where.bytes());
    gap.set_region(m.gap.region);
    gap.set_why(to_string(m.gap.why));
  }
  void operator()(const Ping& m) { out.mutable_ping()->set_nonce(m.nonce); }
  void operator()(const Pong& m) { out.mutable_pong()->set_nonce(m.nonce); }
  void operator()(const Answer& m) { write_answer(m, *out.mutable_answer()); }
  void operator()(const CastDone& m) {
    auto& done = *out.mutable_cast_done();
    done.set_request(m.request);
    done.set_taken(m.taken);
    done.set_complete(m.complete);
    for (const std::string& region : m.unreached) done.add_unreached(region);
    done.set_regions_unknown(m.regions_unknown);
  }
  void operator()(const Offer& m) {
    out.mutable_offer()->set_subscription(m.subscription);
    out.mutable_offer()->set_offer(m.offer);
    body = m.body;
  }
  void operator()(const Drain& m) { out.mutable_drain()->set_reason(m.reason); }
  void operator()(const BrokerBye& m) { out.mutable_bye()->set_reason(m.reason); }
};

// --- in ---

/// The error a code and a text stand for; nothing when both are empty.
std::optional<Error> read_error(const std::string& code, const std::string& message) {
  if (code.empty()) return std::nullopt;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kClosed); ++i) {
    const auto candidate = static_cast<ErrorCode>(i);
    if (code == to_string(candidate)) return Error{candidate, message};
  }
  return Error{ErrorCode::kRefused, message};
}

Result<BrokerFrame> read_welcome(const v1::BrokerWelcome& in) {
  const auto node = overlay::NodeId::from_bytes(in.node_id());
  if (!node) return malformed("a node id is not 16 bytes");
  return BrokerFrame(Welcome{in.version(), *node, in.region(), in.cluster(), in.max_message_bytes(),
                             in.publish_window_bytes(), in.heartbeat_ms(), in.session(),
                             in.answers_ms()});
}

Result<BrokerFrame> read_publish_ack(const v1::PublishAck& in) {
  PublishAck ack{in.publisher(),
                 in.topic(),
                 in.up_to(),
                 {in.reach(), {}},
                 read_error(in.error_code(), in.error_message())};
  if (in.has_stream() && !read_stream(in.stream(), ack.reception.at.stream)) {
    return malformed("a stream without root");
  }
  ack.reception.at.last = in.number();
  return BrokerFrame(std::move(ack));
}

Result<BrokerFrame> read_subscribe_ack(const v1::SubscribeAck& in) {
  SubscribeAck ack{in.subscription(), {}, read_error(in.error_code(), in.error_message())};
  if (!ack.error) {
    if (!read_stream(in.stream(), ack.position.stream)) return malformed("a stream without root");
    ack.position.next = in.next();
  }
  return BrokerFrame(std::move(ack));
}

Result<BrokerFrame> read_deliver(const v1::Deliver& in, const Payload& body) {
  Deliver deliver{in.subscription(), {}};
  if (!read_stream(in.stream(), deliver.batch.stream)) return malformed("a stream without root");
  if (in.first() == 0 || in.count() == 0) return malformed("a delivery without numbers");
  deliver.batch.first = in.first();
  deliver.batch.batch = {in.publisher(), in.publisher_first(), in.count(), body, {}};
  if (in.stays_size() > static_cast<int>(kMaxStays)) {
    return malformed("a list of stays is too long");
  }
  for (const auto& stay : in.stays()) {
    if (!read_stay(stay, deliver.batch.batch.stays.emplace_back())) {
      return malformed("a stay that cannot be");
    }
  }
  return BrokerFrame(std::move(deliver));
}

Result<BrokerFrame> read_cast_done(const v1::CastDone& in) {
  return BrokerFrame(CastDone{in.request(),
                              in.taken(),
                              in.complete(),
                              {in.unreached().begin(), in.unreached().end()},
                              in.regions_unknown()});
}

Result<BrokerFrame> read_gap(const v1::Gap& in) {
  GapNotice notice{in.subscription(), {}};
  multicast::Gap& gap = notice.gap;
  const auto where = overlay::NodeId::from_bytes(in.where());
  if (!where) return malformed("a node id is not 16 bytes");
  if (!read_stream(in.stream(), gap.stream)) return malformed("a stream without root");
  if (in.first() == 0 || in.last() < in.first()) return malformed("a gap without numbers");
  gap.where = *where;
  gap.region = in.region();
  gap.publisher = in.publisher();
  gap.first = in.first();
  gap.last = in.last();
  for (int i = 0; i <= static_cast<int>(multicast::Gap::Why::kMissed); ++i) {
    const auto why = static_cast<multicast::Gap::Why>(i);
    if (in.why() == to_string(why)) gap.why = why;
  }
  return BrokerFrame(std::move(notice));
}

Result<BrokerFrame> read_answer_frame(const v1::Answer& in) {
  auto answer = read_answer(in);
  if (!answer) return answer.error();
  return BrokerFrame(*std::move(answer));
}

}  // namespace

overlay::Wire encode_broker_frame(const BrokerFrame& frame) {
  Room room;
  auto& out = room.make<v1::BrokerFrame>();
  overlay::Wire wire;
  std::visit(Encoder{out, wire.body}, frame);
  wire.header = out.SerializeAsString();
  seal(wire.header, wire.body);
  return wire;
}

Result<BrokerFrame> decode_broker_frame(overlay::Wire wire) {
  if (auto opened = unseal(wire.header, wire.body); !opened) return opened.error();
  v1::BrokerFrame in;
  if (!in.ParseFromString(wire.header)) return malformed("not a frame of the client protocol");
  if (!wire.body.empty() && !in.has_deliver() && !in.has_offer())
    return malformed("a body where none belongs");
  switch (in.kind_case()) {
    case v1::BrokerFrame::kWelcome:
      return read_welcome(in.welcome());
    case v1::BrokerFrame::kRefused:
      return BrokerFrame(
          Refused{in.refused().code(), in.refused().message(), in.refused().request()});
    case v1::BrokerFrame::kPublishAck:
      return read_publish_ack(in.publish_ack());
    case v1::BrokerFrame::kSubscribeAck:
      return read_subscribe_ack(in.subscribe_ack());
    case v1::BrokerFrame::kDeliver:
      return read_deliver(in.deliver(), wire.body);
    case v1::BrokerFrame::kGap:
      return read_gap(in.gap());
    case v1::BrokerFrame::kPing:
      return BrokerFrame(Ping{in.ping().nonce()});
    case v1::BrokerFrame::kPong:
      return BrokerFrame(Pong{in.pong().nonce()});
    case v1::BrokerFrame::kAnswer:
      return read_answer_frame(in.answer());
    case v1::BrokerFrame::kCastDone:
      return read_cast_done(in.cast_done());
    case v1::BrokerFrame::kOffer:
      return BrokerFrame(Offer{in.offer().subscription(), in.offer().offer(), wire.body});
    case v1::BrokerFrame::kDrain:
      return BrokerFrame(Drain{in.drain().reason()});
    case v1::BrokerFrame::kBye:
      return BrokerFrame(BrokerBye{in.bye().reason()});
    case v1::BrokerFrame::KIND_NOT_SET:
      break;
  }
  return malformed("an empty frame, or one of a later version");
}

}  // namespace phyllo::broker::client
