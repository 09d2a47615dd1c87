#include "sdk/src/codec.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <utility>

#include <google/protobuf/stubs/logging.h>

#include "base/scratch.h"
#include "base/seal.h"
#include "phyllo/v1/client.pb.h"
#include "sdk/src/codec_text.h"
#include "sdk/src/hex.h"
#include "sdk/src/info_codec.h"

namespace phyllo::internal {
namespace {

using Room = Scratch<google::protobuf::Arena, google::protobuf::ArenaOptions>;

v1::SlowPolicy wire_policy(SlowPolicy policy) {
  switch (policy) {
    case SlowPolicy::kBrokerDefault:
      break;
    case SlowPolicy::kDropOldest:
      return v1::SLOW_POLICY_DROP_OLDEST;
    case SlowPolicy::kDropNewest:
      return v1::SLOW_POLICY_DROP_NEWEST;
    case SlowPolicy::kConflate:
      return v1::SLOW_POLICY_CONFLATE;
    case SlowPolicy::kDisconnect:
      return v1::SLOW_POLICY_DISCONNECT;
  }
  return v1::SLOW_POLICY_UNSPECIFIED;
}

Error unusable() { return {ErrorCode::kMalformed, "not a frame of the client protocol"}; }

bool read_stream(const v1::StreamRef& wire, Stream& stream) {
  if (wire.root().size() != stream.root.size()) return false;
  std::memcpy(stream.root.data(), wire.root().data(), stream.root.size());
  stream.incarnation = wire.incarnation();
  stream.generation = wire.generation();
  return true;
}

/// Numbers begin at 1, and a run of them must not overflow.
bool valid_run(std::uint64_t first, std::uint64_t count) {
  return first >= 1 && count >= 1 && first < kMaxNumber && count < kMaxNumber - first;
}

std::optional<BrokerFrame> read(const v1::BrokerWelcome& wire) {
  Welcome welcome;
  welcome.version = wire.version();
  welcome.node_id = hex(std::string_view(wire.node_id()).substr(0, 16));
  welcome.region = printable(wire.region());
  welcome.cluster = printable(wire.cluster());
  welcome.max_message_bytes = wire.max_message_bytes();
  welcome.publish_window_bytes = wire.publish_window_bytes();
  welcome.heartbeat = std::chrono::milliseconds(wire.heartbeat_ms());
  welcome.session = wire.session();
  welcome.answers_within = std::chrono::milliseconds(wire.answers_ms());
  return welcome;
}

std::optional<BrokerFrame> read(const v1::Refused& wire) {
  return Refused{wire.request(), Status(status_code(wire.code()), printable(wire.message()))};
}

std::optional<BrokerFrame> read(const v1::PublishAck& wire) {
  PublishAck ack{wire.topic(), wire.publisher(), wire.up_to(), wire.reach(), {}};
  if (wire.has_stream() && !read_stream(wire.stream(), ack.stream)) return {};
  ack.number = wire.number();
  if (!wire.error_code().empty()) {
    ack.error = Status(status_code(wire.error_code()), printable(wire.error_message()));
  }
  return ack;
}

std::optional<BrokerFrame> read(const v1::SubscribeAck& wire) {
  SubscribeAck ack;
  ack.subscription = wire.subscription();
  if (!wire.error_code().empty()) {
    ack.error = Status(status_code(wire.error_code()), printable(wire.error_message()));
  } else if (wire.has_stream()) {
    Position position;
    position.next = wire.next();
    if (position.next >= kMaxNumber || !read_stream(wire.stream(), position.stream)) return {};
    if (position.next > 0) ack.position = position;
  }
  return ack;
}

bool read(const v1::Stay& wire, Stay<Stream>& stay) {
  constexpr std::uint64_t kLongAgo = 1'000'000'000'000;  // longer ago is as good
  if (wire.first() < 1 || wire.last() < wire.first() || wire.last() >= kMaxNumber) return false;
  if (wire.has_stream() && !read_stream(wire.stream(), stay.stream)) return false;
  stay.first = wire.first();
  stay.last = wire.last();
  stay.number = std::min(wire.number(), kMaxNumber);
  stay.ago = std::chrono::microseconds(std::min(wire.ago_microseconds(), kLongAgo));
  return true;
}

std::optional<BrokerFrame> read(const v1::Deliver& wire) {
  Deliver deliver{wire.subscription(),   {}, wire.first(), wire.count(), wire.publisher(),
                  wire.publisher_first()};
  if (wire.stays_size() > static_cast<int>(kMaxStays)) return {};
  for (const auto& stay : wire.stays()) {
    if (!read(stay, deliver.stays.emplace_back())) return {};
  }
  if (!read_stream(wire.stream(), deliver.stream)) return {};
  if (!valid_run(deliver.first, deliver.count)) return {};
  if (!valid_run(deliver.publisher_first, deliver.count)) return {};
  return deliver;
}

std::optional<BrokerFrame> read(const v1::Gap& wire) {
  GapNotice notice{wire.subscription(), {}};
  Gap& gap = notice.gap;
  // A gap of a publisher may come without a stream: the root took its numbering with it.
  if (!read_stream(wire.stream(), gap.stream) && wire.publisher() == 0) return {};
  gap.scope = wire.publisher() == 0 ? Gap::Scope::kStream : Gap::Scope::kPublisher;
  gap.publisher = wire.publisher();
  gap.from = wire.first();
  gap.to = wire.last();
  if (gap.from < 1 || gap.to < gap.from || gap.to >= kMaxNumber) return {};
  gap.where = hex(std::string_view(wire.where()).substr(0, 16));
  gap.region = printable(wire.region());
  gap.why = printable(wire.why());
  return notice;
}

std::optional<BrokerFrame> read(const v1::Answer& wire) {
  switch (wire.what_case()) {
    case v1::Answer::kTree:
      return Answer{wire.request(), read_tree(wire.tree())};
    case v1::Answer::kPeers:
      return Answer{wire.request(), read_peers(wire.peers())};
    case v1::Answer::kBorders:
      return Answer{wire.request(), read_borders(wire.borders())};
    case v1::Answer::WHAT_NOT_SET:
      break;
  }
  return {};
}

std::string encoded(const v1::ClientFrame& frame, const Payload& body = {}) {
  std::string header = frame.SerializeAsString();
  seal(header, body);
  return header;
}

CastDone read(const v1::CastDone& wire) {
  CastDone done{wire.request(), {wire.taken(), wire.complete()}};
  for (const auto& region : wire.unreached()) done.outcome.unreached.push_back(printable(region));
  done.outcome.regions_unknown = wire.regions_unknown();
  return done;
}

std::optional<BrokerFrame> read(const v1::BrokerFrame& frame) {
  switch (frame.kind_case()) {
    case v1::BrokerFrame::kWelcome:
      return read(frame.welcome());
    case v1::BrokerFrame::kRefused:
      return read(frame.refused());
    case v1::BrokerFrame::kPublishAck:
      return read(frame.publish_ack());
    case v1::BrokerFrame::kSubscribeAck:
      return read(frame.subscribe_ack());
    case v1::BrokerFrame::kDeliver:
      return read(frame.deliver());
    case v1::BrokerFrame::kGap:
      return read(frame.gap());
    case v1::BrokerFrame::kPing:
      return Ping{frame.ping().nonce()};
    case v1::BrokerFrame::kPong:
      return Pong{frame.pong().nonce()};
    case v1::BrokerFrame::kAnswer:
      return read(frame.answer());
    case v1::BrokerFrame::kCastDone:
      return read(frame.cast_done());
    case v1::BrokerFrame::kOffer:
      return Offer{frame.offer().subscription(), frame.offer().offer()};
    case v1::BrokerFrame::kDrain:
      return Drain{printable(frame.drain().reason())};
    case v1::BrokerFrame::kBye:
      return BrokerBye{printable(frame.bye().reason())};
    case v1::BrokerFrame::KIND_NOT_SET:
      break;
  }
  return {};
}

/// A broker of version 1 knew no seals; why it will not talk is heard all the same.
bool refuses(const v1::BrokerFrame& frame) {
  return frame.has_refused() && frame.refused().request() == 0;
}

}  // namespace

std::string encode_hello(std::string_view name) {
  v1::ClientFrame frame;
  auto* hello = frame.mutable_hello();
  hello->set_magic("PHYLLO");
  hello->set_min_version(kProtocolVersion);
  hello->set_max_version(kProtocolVersion);
  hello->set_name(std::string(name));
  return encoded(frame);
}

namespace {

void write(const Stay<Stream>& stay, v1::Stay& wire) {
  wire.set_first(stay.first);
  wire.set_last(stay.last);
  if (stay.stream != Stream{}) {
    wire.mutable_stream()->set_root(stay.stream.root.data(), stay.stream.root.size());
    wire.mutable_stream()->set_incarnation(stay.stream.incarnation);
    wire.mutable_stream()->set_generation(stay.stream.generation);
  }
  wire.set_number(stay.number);
  wire.set_ago_microseconds(static_cast<std::uint64_t>(stay.ago / std::chrono::microseconds(1)));
}

}  // namespace

std::string encode_publish(const Publication& publication) {
  Room room;
  auto& frame = room.make<v1::ClientFrame>();
  auto* publish = frame.mutable_publish();
  publish->set_topic(publication.topic);
  publish->set_publisher(publication.publisher);
  publish->set_first(publication.first);
  publish->set_count(publication.count);
  for (const auto& stay : publication.stays) write(stay, *publish->add_stays());
  return encoded(frame, publication.body);
}

std::string encode_subscribe(const Subscribe& subscribe) {
  Room room;
  auto& frame = room.make<v1::ClientFrame>();
  auto* wire = frame.mutable_subscribe();
  wire->set_subscription(subscribe.subscription);
  wire->set_topic(subscribe.topic);
  wire->set_policy(wire_policy(subscribe.policy));
  wire->set_credit_bytes(subscribe.credit_bytes);
  wire->set_queue_bytes(subscribe.queue_bytes);
  wire->set_takes_casts(subscribe.casts == Casts::kTake);
  return encoded(frame);
}

std::string encode_unsubscribe(std::uint32_t subscription) {
  Room room;
  auto& frame = room.make<v1::ClientFrame>();
  frame.mutable_unsubscribe()->set_subscription(subscription);
  return encoded(frame);
}

std::string encode_credit(std::uint32_t subscription, std::uint64_t bytes) {
  Room room;
  auto& frame = room.make<v1::ClientFrame>();
  frame.mutable_credit()->set_subscription(subscription);
  frame.mutable_credit()->set_bytes(bytes);
  return encoded(frame);
}

std::string encode_ping(std::uint64_t nonce) {
  v1::ClientFrame frame;
  frame.mutable_ping()->set_nonce(nonce);
  return encoded(frame);
}

std::string encode_pong(std::uint64_t nonce) {
  v1::ClientFrame frame;
  frame.mutable_pong()->set_nonce(nonce);
  return encoded(frame);
}

std::string encode_tree_query(std::uint32_t request, std::string_view topic) {
  v1::ClientFrame frame;
  frame.mutable_query()->set_request(request);
  frame.mutable_query()->mutable_tree()->set_topic(std::string(topic));
  return encoded(frame);
}

std::string encode_peers_query(std::uint32_t request) {
  v1::ClientFrame frame;
  frame.mutable_query()->set_request(request);
  frame.mutable_query()->mutable_peers();
  return encoded(frame);
}

std::string encode_borders_query(std::uint32_t request) {
  v1::ClientFrame frame;
  frame.mutable_query()->set_request(request);
  frame.mutable_query()->mutable_borders();
  return encoded(frame);
}

std::string encode_cast(std::uint32_t request, const CastQuestion& cast) {
  v1::ClientFrame frame;
  frame.mutable_cast()->set_request(request);
  frame.mutable_cast()->set_topic(cast.topic);
  frame.mutable_cast()->set_wanted(cast.wanted);
  return encoded(frame, cast.body);
}

std::string encode_offer_answer(const Offer& offer, Taking taking) {
  v1::ClientFrame frame;
  frame.mutable_offer_answer()->set_offer(offer.offer);
  frame.mutable_offer_answer()->set_subscription(offer.subscription);
  frame.mutable_offer_answer()->set_taken(taking == Taking::kTaken);
  return encoded(frame);
}

std::string encode_bye() {
  v1::ClientFrame frame;
  frame.mutable_bye();
  return encoded(frame);
}

Result<BrokerFrame> decode_broker_frame(std::string_view header, Payload body) {
  if (header.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return unusable();
  const bool sealed = has_seal(header);
  if (sealed) {
    if (auto opened = unseal(header, body); !opened) return opened.error();
  }
  // Malformed text is ours to count, not protobuf's to print on the program's terminal.
  const google::protobuf::LogSilencer silence;
  Room room;
  auto& frame = room.make<v1::BrokerFrame>();
  if (!frame.ParseFromArray(header.data(), static_cast<int>(header.size()))) return unusable();
  if (!sealed && !refuses(frame)) return unusable();
  auto read_frame = read(frame);
  if (!read_frame) return unusable();
  return *std::move(read_frame);
}

}  // namespace phyllo::internal
