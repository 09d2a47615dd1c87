#include "regions/codec.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "multicast/codec.h"
#include "overlay/contact_codec.h"
#include "phyllo/v1/regions.pb.h"
#include "regions/codec_reader.h"
#include "regions/question_codec.h"

namespace phyllo::regions {
namespace {

using Schema = v1::RegionsMessage;
using Reader = CodecReader;

/// Silent for longer is as good as this.
constexpr std::uint64_t kMaxSilence = 1'000'000'000'000;

std::uint64_t microseconds(Duration time) {
  return static_cast<std::uint64_t>(std::max(Duration::zero(), time) /
                                    std::chrono::microseconds(1));
}

void put(const Register& m, Schema::Register& out) {
  out.set_topic(m.topic.bytes());
  overlay::encode(m.root, *out.mutable_root());
  out.set_version(m.version);
  out.set_subscribers(m.subscribers);
  out.set_publishes(m.publishes);
  out.set_passing(m.passing);
  if (m.name) out.set_name(m.name->text());
  if (m.free) out.set_free(m.free->text());
  out.set_hop(m.hop);
}

/// Writes each kind of message into the schema; a body goes to `body`.
struct Encoder {
  Schema& schema;
  Payload& body;

  void operator()(const Register& m) const { put(m, *schema.mutable_register_()); }
  void operator()(const Refresh& m) const {
    schema.mutable_refresh()->set_number(m.number);
    for (const auto& entry : m.entries) {
      auto& out = *schema.mutable_refresh()->add_entries();
      out.set_topic(entry.topic.bytes());
      out.set_version(entry.version);
    }
  }
  void operator()(const Refreshed& m) const {
    schema.mutable_refreshed()->set_number(m.number);
    for (const TopicId& topic : m.topics) schema.mutable_refreshed()->add_topics(topic.bytes());
  }
  void operator()(const Interest& m) const {
    auto& out = *schema.mutable_interest();
    out.set_topic(m.topic.bytes());
    out.set_version(m.version);
    out.set_life(m.life);
    out.set_edition(m.edition);
    out.set_settled(m.settled);
    out.set_opened(m.opened);
    for (const auto& root : m.roots) overlay::encode(root, *out.add_roots());
    for (const auto& id : m.passed) out.add_passed(id.bytes());
  }
  void operator()(const InterestTaken& m) const {
    auto& out = *schema.mutable_interest_taken();
    out.set_topic(m.topic.bytes());
    out.set_life(m.life);
    out.set_edition(m.edition);
  }
  void operator()(const Book& m) const {
    auto& out = *schema.mutable_book();
    out.set_topic(m.topic.bytes());
    out.set_settled(m.settled);
    if (m.name) out.set_name(m.name->text());
    if (m.free) out.set_free(m.free->text());
    out.set_hop(m.hop);
    out.set_settles_microseconds(microseconds(m.settles_in));
    for (const auto& entry : m.entries) {
      auto& line = *out.add_entries();
      put(entry.registered, *line.mutable_registered());
      line.set_opened(entry.opened);
      line.set_silent_microseconds(microseconds(entry.silent));
    }
  }
  void operator()(const HopTaken& m) const { schema.mutable_hop_taken()->set_hop(m.hop); }
  void operator()(const Seek& m) const { schema.mutable_seek()->set_region(m.region); }
  void operator()(const Sought& m) const {
    auto& out = *schema.mutable_sought();
    out.set_region(m.region);
    for (const auto& broker : m.brokers) overlay::encode(broker, *out.add_brokers());
  }
  void operator()(const RollCall& m) const {
    auto& out = *schema.mutable_roll_call();
    overlay::encode(m.rendezvous, *out.mutable_rendezvous());
    out.set_region(m.region);
    for (const auto& topic : m.topics) {
      auto& line = *out.add_topics();
      line.set_topic(topic.id.bytes());
      if (topic.name) line.set_name(topic.name->text());
    }
  }
  void operator()(const Present& m) const {
    auto& out = *schema.mutable_present();  // one without anything to say is one, too
    for (const Register& each : m.registered) put(each, *out.add_registered());
  }
  void operator()(const multicast::Missing& m) const {
    auto& out = *schema.mutable_missing();
    out.set_topic(m.topic.bytes());
    out.set_attempt(m.attempt);
    out.set_index(m.index);
    out.set_count(m.count);
    out.set_where(m.where.bytes());
    out.set_region(m.region);
  }
  void operator()(const Relayed& m) const {
    auto& out = *schema.mutable_relayed();
    overlay::encode(m.origin, *out.mutable_origin());
    if (m.here) out.set_here(publish(*m.here));
    for (const auto& leg : m.onward) put_leg(leg, *out.add_onward());
    if (m.name) out.set_name(m.name->text());
  }
  void operator()(const multicast::Publish& m) const { cross(m); }
  void operator()(const multicast::PublishAck& m) const { cross(m); }
  void operator()(const multicast::PublishNack& m) const { cross(m); }
  void operator()(const CastInto& m) const {
    put_question(m, schema);
    body = m.body;
  }
  template <class Question>
  void operator()(const Question& m) const {
    put_question(m, schema);
  }

 private:
  void put_leg(const Relayed::Leg& leg, Schema::Relayed::Leg& out) const {
    overlay::encode(leg.to, *out.mutable_to());
    if (leg.publish) out.set_publish(publish(*leg.publish));
    for (const auto& next : leg.onward) put_leg(next, *out.add_onward());
  }
  /// All of one message have the same body.
  std::string publish(const multicast::Publish& m) const {
    overlay::AppMessage wire = multicast::encode(m);
    body = std::move(wire.body);
    return std::move(wire.header);
  }
  void cross(const multicast::Message& m) const {
    overlay::AppMessage wire = multicast::encode(m);
    schema.set_crossing(std::move(wire.header));
    body = std::move(wire.body);
  }
};

Register registered(const Schema::Register& in, Reader& read) {
  const TopicId id = read.topic(in.topic());
  return {id,
          read.contact(in.root()),
          in.version(),
          read.number(in.subscribers()),
          in.publishes(),
          in.passing(),
          read.name(id, in.name()),
          read.name(id, in.free()),
          in.hop()};
}

Message get(const Schema::Refresh& in, Reader& read) {
  Refresh out{in.number(), {}};
  if (!read.list(in.entries_size(), kMaxRefreshed)) return out;
  for (const auto& entry : in.entries()) {
    out.entries.push_back({read.topic(entry.topic()), entry.version()});
  }
  return out;
}

Message get(const Schema::Refreshed& in, Reader& read) {
  Refreshed out{in.number(), {}};
  if (!read.list(in.topics_size(), kMaxRefreshed)) return out;
  for (const auto& topic : in.topics()) out.topics.push_back(read.topic(topic));
  return out;
}

Message get(const Schema::Interest& in, Reader& read) {
  Interest out{read.topic(in.topic()), in.version(), in.life(), read.number(in.edition()),
               in.settled(),           in.opened(),  {}};
  if (!read.list(in.roots_size(), kMaxRoots)) return out;
  for (const auto& root : in.roots()) out.roots.push_back(read.contact(root));
  if (!read.list(in.passed_size(), kMaxPassed)) return out;
  for (const auto& id : in.passed()) out.passed.push_back(read.node(id));
  return out;
}

Message get(const Schema::InterestTaken& in, Reader& read) {
  return InterestTaken{read.topic(in.topic()), in.life(), read.number(in.edition())};
}

Message get(const Schema::Book& in, Reader& read) {
  Book out{read.topic(in.topic()), in.settled(), {}};
  out.name = read.name(out.topic, in.name());
  out.free = read.name(out.topic, in.free());
  out.hop = in.hop();
  out.settles_in = std::chrono::microseconds(std::min(in.settles_microseconds(), kMaxSilence));
  if (!read.list(in.entries_size(), kMaxRoots)) return out;
  for (const auto& entry : in.entries()) {
    const auto silent = std::min(entry.silent_microseconds(), kMaxSilence);
    out.entries.push_back(
        {registered(entry.registered(), read), entry.opened(), std::chrono::microseconds(silent)});
    read.require(out.entries.back().registered.topic == out.topic, "a page of another book");
  }
  return out;
}

Message get(const Schema::Missing& in, Reader& read) {
  read.require(in.count() > 0, "nothing is missing");
  return multicast::Missing{read.topic(in.topic()),  in.attempt(),
                            read.number(in.index()), std::min(in.count(), Reader::kMaxNumber),
                            read.node(in.where()),   read.region(in.region())};
}

Message get(const Schema::Sought& in, Reader& read) {
  Sought out{read.region(in.region()), {}};
  if (!read.list(in.brokers_size(), kMaxSought)) return out;
  for (const auto& broker : in.brokers()) out.brokers.push_back(read.contact(broker));
  return out;
}

Message get(const Schema::RollCall& in, Reader& read) {
  RollCall out{read.contact(in.rendezvous()), read.region(in.region()), {}};
  if (!read.list(in.topics_size(), kMaxCalled)) return out;
  for (const auto& line : in.topics()) {
    const TopicId topic = read.topic(line.topic());
    out.topics.push_back({topic, read.name(topic, line.name())});
  }
  return out;
}

Message get(const Schema::Present& in, Reader& read) {
  Present out;
  if (!read.list(in.registered_size(), kMaxCalled)) return out;
  for (const auto& each : in.registered()) out.registered.push_back(registered(each, read));
  return out;
}

Result<Message> get_crossing(const std::string& header, Payload body) {
  auto inner = multicast::decode({header, std::move(body)});
  if (!inner.ok()) return inner.error();
  if (auto* publish = std::get_if<multicast::Publish>(&*inner)) return Message(*publish);
  if (auto* ack = std::get_if<multicast::PublishAck>(&*inner)) return Message(*ack);
  if (auto* nack = std::get_if<multicast::PublishNack>(&*inner)) return Message(*nack);
  return Error{ErrorCode::kMalformed, "a message that does not cross borders"};
}

/// Reads the way of one batch; every leg of it leads to somebody who gets the batch.
class RelayedReader {
 public:
  RelayedReader(Payload body, Reader& read) : body_(std::move(body)), read_(read) {}

  Message get(const Schema::Relayed& in) {
    Relayed out{read_.contact(in.origin()), publish(in.here()), {}};
    read_.require(out.here || in.onward_size() > 0, "a batch for nobody");
    for (const auto& leg : in.onward()) out.onward.push_back(get(leg));
    if (first_) out.name = read_.name(first_->topic, in.name());
    return out;
  }

 private:
  Relayed::Leg get(const Schema::Relayed::Leg& in) {
    read_.require(++legs_ <= kMaxLegs, "a way has too many legs");
    Relayed::Leg out{read_.contact(in.to()), publish(in.publish()), {}};
    read_.require(out.publish || in.onward_size() > 0, "a leg to nobody");
    if (!read_.ok()) return out;
    for (const auto& leg : in.onward()) out.onward.push_back(get(leg));
    return out;
  }
  std::optional<multicast::Publish> publish(const std::string& header) {
    if (header.empty() || !read_.ok()) return std::nullopt;
    auto message = multicast::decode({header, body_});
    auto* publish = message.ok() ? std::get_if<multicast::Publish>(&*message) : nullptr;
    read_.require(publish != nullptr, "what goes to others is no publication");
    if (publish == nullptr) return std::nullopt;
    if (!first_) first_ = *publish;
    const multicast::Batch& batch = publish->batch;
    read_.require(publish->topic == first_->topic && batch.publisher == first_->batch.publisher &&
                      batch.publisher_first == first_->batch.publisher_first &&
                      batch.count == first_->batch.count,
                  "several batches in one");
    return *std::move(publish);
  }

  const Payload body_;
  Reader& read_;
  std::size_t legs_ = 0;
  std::optional<multicast::Publish> first_;
};

std::optional<Message> get(const Schema& m, Reader& read) {
  switch (m.kind_case()) {
    case Schema::kRegister:
      return registered(m.register_(), read);
    case Schema::kRefresh:
      return get(m.refresh(), read);
    case Schema::kRefreshed:
      return get(m.refreshed(), read);
    case Schema::kInterest:
      return get(m.interest(), read);
    case Schema::kInterestTaken:
      return get(m.interest_taken(), read);
    case Schema::kBook:
      return get(m.book(), read);
    case Schema::kHopTaken:
      return HopTaken{m.hop_taken().hop()};
    case Schema::kSeek:
      return Seek{read.region(m.seek().region())};
    case Schema::kSought:
      return get(m.sought(), read);
    case Schema::kMissing:
      return get(m.missing(), read);
    case Schema::kRollCall:
      return get(m.roll_call(), read);
    case Schema::kPresent:
      return get(m.present(), read);
    default:
      return std::nullopt;
  }
}

}  // namespace

overlay::AppMessage encode(const Message& message) {
  Schema schema;
  overlay::AppMessage wire;
  std::visit(Encoder{schema, wire.body}, message);
  wire.header = schema.SerializeAsString();
  return wire;
}

Result<Message> decode(overlay::AppMessage wire) {
  Schema schema;
  if (!schema.ParseFromString(wire.header)) {
    return Error{ErrorCode::kMalformed, "the bytes are no message between regions"};
  }
  if (schema.has_crossing()) return get_crossing(schema.crossing(), std::move(wire.body));
  Reader read;
  if (schema.has_relayed()) {
    return read.finish(RelayedReader(std::move(wire.body), read).get(schema.relayed()));
  }
  auto message = get(schema, read);
  if (message) {
    read.require(wire.body.empty(), "a body where none belongs");
  } else {
    message = get_question(schema, std::move(wire.body), read);
  }
  if (!message) return Error{ErrorCode::kMalformed, "a message of no kind"};
  return read.finish(*std::move(message));
}

}  // namespace phyllo::regions
