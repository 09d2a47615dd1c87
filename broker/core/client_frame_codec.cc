#include <limits>
#include <string>
#include <utility>

#include "base/scratch.h"
#include "base/seal.h"
#include "broker/core/client_codec.h"
#include "broker/core/stream_codec.h"
#include "phyllo/v1/client.pb.h"

namespace phyllo::broker::client {
namespace {

using Room = Scratch<google::protobuf::Arena, google::protobuf::ArenaOptions>;

constexpr char kMagic[] = "PHYLLO";

Error malformed(const char* what) { return {ErrorCode::kMalformed, what}; }

// --- out ---

v1::SlowPolicy wire_policy(const std::optional<SlowPolicy>& policy) {
  if (!policy) return v1::SLOW_POLICY_UNSPECIFIED;
  switch (*policy) {
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

/// Writes each kind of frame into the schema; a batch's body goes to `body`.
struct Encoder {
  v1::ClientFrame& out;
  Payload& body;

  void operator()(const Hello& m) {
    auto& hello = *out.mutable_hello();
    hello.set_magic(kMagic);
    hello.set_min_version(m.min_version);
    hello.set_max_version(m.max_version);
    hello.set_name(m.name);
  }
  void operator()(const Publish& m) {
    auto& publish = *out.mutable_publish();
    publish.set_topic(m.topic);
    publish.set_publisher(m.batch.publisher);
    publish.set_first(m.batch.publisher_first);
    publish.set_count(m.batch.count);
    for (const auto& stay : m.batch.stays) write_stay(stay, *publish.add_stays());
    body = m.batch.body;
  }
  void operator()(const Subscribe& m) {
    auto& subscribe = *out.mutable_subscribe();
    subscribe.set_subscription(m.subscription);
    subscribe.set_topic(m.topic);
    subscribe.set_policy(wire_policy(m.policy));
    subscribe.set_credit_bytes(m.credit_bytes);
    subscribe.set_queue_bytes(m.queue_bytes);
    subscribe.set_takes_casts(m.takes_casts);
  }
  void operator()(const Unsubscribe& m) {
    out.mutable_unsubscribe()->set_subscription(m.subscription);
  }
  void operator()(const Credit& m) {
    out.mutable_credit()->set_subscription(m.subscription);
    out.mutable_credit()->set_bytes(m.bytes);
  }
  void operator()(const Ping& m) { out.mutable_ping()->set_nonce(m.nonce); }
  void operator()(const Pong& m) { out.mutable_pong()->set_nonce(m.nonce); }
  void operator()(const Query& m) {
    auto& query = *out.mutable_query();
    query.set_request(m.request);
    if (const auto* tree = std::get_if<TreeQuery>(&m.what)) {
      query.mutable_tree()->set_topic(tree->topic);
    } else if (std::holds_alternative<BordersQuery>(m.what)) {
      query.mutable_borders();
    } else {
      query.mutable_peers();
    }
  }
  void operator()(const Cast& m) {
    auto& cast = *out.mutable_cast();
    cast.set_request(m.request);
    cast.set_topic(m.topic);
    cast.set_wanted(m.wanted);
    body = m.body;
  }
  void operator()(const OfferAnswer& m) {
    auto& answer = *out.mutable_offer_answer();
    answer.set_offer(m.offer);
    answer.set_subscription(m.subscription);
    answer.set_taken(m.taken);
  }
  void operator()(const ClientBye&) { out.mutable_bye(); }
};

// --- in ---

Result<ClientFrame> read_hello(v1::ClientHello& in) {
  if (in.magic() != kMagic) return malformed("the hello is not Phyllo's: wrong magic");
  return ClientFrame(Hello{in.min_version(), in.max_version(), std::move(*in.mutable_name())});
}

/// Version 1 knew no seals; its hello is read so that it can be told which version is spoken here.
bool speaks(const v1::ClientHello& hello, std::uint32_t version) {
  return hello.min_version() <= version && version <= hello.max_version();
}

Result<ClientFrame> read_publish(v1::Publish& in, const Payload& body) {
  if (in.first() == 0 || in.count() == 0) {
    return malformed("a publication needs a first number and a count of 1 or more");
  }
  if (in.first() > std::numeric_limits<multicast::Sequence>::max() - in.count()) {
    return malformed("a publication's numbers are out of range");
  }
  std::vector<multicast::Stay> stays;
  if (in.stays_size() > static_cast<int>(kMaxStays)) {
    return malformed("a list of stays is too long");
  }
  for (const auto& stay : in.stays()) {
    if (!read_stay(stay, stays.emplace_back())) return malformed("a stay that cannot be");
  }
  return ClientFrame(Publish{std::move(*in.mutable_topic()),
                             {in.publisher(), in.first(), in.count(), body, std::move(stays)}});
}

Result<ClientFrame> read_subscribe(v1::Subscribe& in) {
  Subscribe subscribe{in.subscription(), std::move(*in.mutable_topic()),
                      std::nullopt,      in.credit_bytes(),
                      in.queue_bytes(),  in.takes_casts()};
  switch (in.policy()) {
    case v1::SLOW_POLICY_UNSPECIFIED:
      break;
    case v1::SLOW_POLICY_DROP_OLDEST:
      subscribe.policy = SlowPolicy::kDropOldest;
      break;
    case v1::SLOW_POLICY_DROP_NEWEST:
      subscribe.policy = SlowPolicy::kDropNewest;
      break;
    case v1::SLOW_POLICY_CONFLATE:
      subscribe.policy = SlowPolicy::kConflate;
      break;
    case v1::SLOW_POLICY_DISCONNECT:
      subscribe.policy = SlowPolicy::kDisconnect;
      break;
    default:
      return malformed("an unknown policy for slow subscribers");
  }
  return ClientFrame(std::move(subscribe));
}

Result<ClientFrame> read_query(v1::Query& in) {
  if (in.request() == 0) return malformed("a query's number must not be 0");
  if (in.has_tree()) {
    return ClientFrame(
        Query{in.request(), TreeQuery{std::move(*in.mutable_tree()->mutable_topic())}});
  }
  if (in.has_peers()) return ClientFrame(Query{in.request(), PeersQuery{}});
  if (in.has_borders()) return ClientFrame(Query{in.request(), BordersQuery{}});
  return malformed("a query that asks nothing");
}

Result<ClientFrame> read_cast(v1::Cast& in, const Payload& body) {
  if (in.request() == 0) return malformed("a cast's number must not be 0");
  return ClientFrame(Cast{in.request(), std::move(*in.mutable_topic()), in.wanted(), body});
}

}  // namespace

overlay::Wire encode_client_frame(const ClientFrame& frame) {
  v1::ClientFrame out;
  overlay::Wire wire;
  std::visit(Encoder{out, wire.body}, frame);
  wire.header = out.SerializeAsString();
  seal(wire.header, wire.body);
  return wire;
}

Result<ClientFrame> decode_client_frame(overlay::Wire wire) {
  const bool sealed = has_seal(wire.header);
  if (sealed) {
    if (auto opened = unseal(wire.header, wire.body); !opened) return opened.error();
  }
  Room room;
  auto& in = room.make<v1::ClientFrame>();
  if (!in.ParseFromString(wire.header)) return malformed("not a frame of the client protocol");
  if (!sealed && (!in.has_hello() || speaks(in.hello(), kVersion))) {
    return malformed("a frame without a checksum at its end");
  }
  if (!wire.body.empty() && !in.has_publish() && !in.has_cast())
    return malformed("a body where none belongs");
  switch (in.kind_case()) {
    case v1::ClientFrame::kHello:
      return read_hello(*in.mutable_hello());
    case v1::ClientFrame::kPublish:
      return read_publish(*in.mutable_publish(), wire.body);
    case v1::ClientFrame::kSubscribe:
      return read_subscribe(*in.mutable_subscribe());
    case v1::ClientFrame::kUnsubscribe:
      return ClientFrame(Unsubscribe{in.unsubscribe().subscription()});
    case v1::ClientFrame::kCredit:
      return ClientFrame(Credit{in.credit().subscription(), in.credit().bytes()});
    case v1::ClientFrame::kPing:
      return ClientFrame(Ping{in.ping().nonce()});
    case v1::ClientFrame::kPong:
      return ClientFrame(Pong{in.pong().nonce()});
    case v1::ClientFrame::kQuery:
      return read_query(*in.mutable_query());
    case v1::ClientFrame::kCast:
      return read_cast(*in.mutable_cast(), wire.body);
    case v1::ClientFrame::kOfferAnswer:
      return ClientFrame(OfferAnswer{in.offer_answer().offer(), in.offer_answer().subscription(),
                                     in.offer_answer().taken()});
    case v1::ClientFrame::kBye:
      return ClientFrame(ClientBye{});
    case v1::ClientFrame::KIND_NOT_SET:
      break;
  }
  return malformed("an empty frame, or one of a later version");
}

}  // namespace phyllo::broker::client
