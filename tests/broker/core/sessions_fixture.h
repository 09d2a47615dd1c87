#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "broker/core/client_codec.h"
#include "broker/core/sessions.h"
#include "tests/broker/core/batches.h"

namespace phyllo::broker {

/// A Sessions whose effects become readable lines, with programs numbered from 1.
class SessionsTest : public testing::Test {
 protected:
  using Lines = std::vector<std::string>;

  static ClientLimits limits() {
    ClientLimits limits;
    limits.clients = 3;
    limits.subscriptions_per_client = 3;
    limits.subscriptions = 5;
    limits.message_bytes = 1'000;
    limits.publish_window_bytes = 4'000;
    limits.queue_bytes = 1'000;
    limits.queue_bytes_maximum = 2'000;
    limits.heartbeat = std::chrono::seconds(1);
    limits.silence = std::chrono::seconds(5);
    return limits;
  }

  /// Connects and introduces a program; its welcome is taken away.
  void welcome(SessionId session) {
    sessions_.connected(now_, session, effects_);
    say(session, client::Hello{client::kVersion, client::kVersion, "test"});
    effects_.clear();
  }
  void say(SessionId session, const client::ClientFrame& frame) {
    sessions_.message(now_, session, client::encode_client_frame(frame), effects_);
  }
  void publish(SessionId session, const std::string& topic, multicast::Sequence first,
               std::size_t size = 8) {
    say(session, client::Publish{topic, make_batch(100 + session, first, 1, size)});
  }
  /// Subscribes and lets the forest say that it is live.
  void subscribe_live(SessionId session, client::SubscriptionNumber number,
                      const std::string& topic, std::uint64_t credit,
                      std::optional<SlowPolicy> policy = std::nullopt) {
    say(session, client::Subscribe{number, topic, policy, credit, 0});
    live(topic);
    effects_.clear();
  }
  void live(const std::string& topic, multicast::Sequence next = 1) {
    sessions_.subscription_live(now_, id(topic), {make_stream(), next}, effects_);
  }
  void deliver(const std::string& topic, multicast::Sequence first, std::size_t size = 8) {
    sessions_.deliver(now_, id(topic), make_stream_batch(first, 1, size), effects_);
  }
  void taken(SessionId session, const std::string& topic, multicast::Sequence up_to) {
    sessions_.publish_taken(now_, {id(topic), 100 + session}, up_to, {4, {}}, effects_);
  }
  /// Lets time pass in small steps, ticking when asked to.
  void pass(Duration duration) {
    const Time end = now_ + duration;
    while (sessions_.next_tick() <= end) {
      now_ = std::max(now_, sessions_.next_tick());
      sessions_.tick(now_, effects_);
    }
    now_ = end;
  }

  static multicast::TopicId id(const std::string& topic) {
    return multicast::TopicId::of(*TopicName::parse(topic));
  }
  static std::string name_of(const multicast::TopicId& topic) {
    for (const char* name : {"a", "b", "c"}) {
      if (id(name) == topic) return name;
    }
    return topic.hex();
  }
  /// What happened since the last call.
  Lines heard() {
    Lines lines;
    for (const auto& effect : std::exchange(effects_, {})) lines.push_back(text_of(effect));
    return lines;
  }

  static std::string text_of(const SessionEffect& effect) {
    if (const auto* tell = std::get_if<Tell>(&effect)) {
      // Through the codec, as a program would see it.
      auto frame = client::decode_broker_frame(client::encode_broker_frame(tell->frame));
      EXPECT_TRUE(frame.ok());
      return std::to_string(tell->session) + ": " + std::visit(FrameText{}, *frame);
    }
    if (const auto* hangup = std::get_if<Hangup>(&effect)) {
      return std::to_string(hangup->session) + " closed";
    }
    if (const auto* added = std::get_if<SubscriberAdded>(&effect)) {
      return "subscribers of " + added->topic.text() + ": " + std::to_string(added->count);
    }
    if (const auto* removed = std::get_if<SubscriberRemoved>(&effect)) {
      return "subscribers of " + name_of(removed->topic) + ": " + std::to_string(removed->left);
    }
    if (const auto* cast = std::get_if<CastAsked>(&effect)) {
      return std::to_string(cast->session) + " casts " + cast->topic.text() + " to " +
             std::to_string(cast->wanted);
    }
    if (const auto* answered = std::get_if<OfferAnswered>(&effect)) {
      return "offer " + std::to_string(answered->offer) + " taken by " +
             std::to_string(answered->taken);
    }
    if (const auto* held = std::get_if<PublishersHeld>(&effect)) {
      return "publishers of " + name_of(held->topic) + " wait";
    }
    return std::to_string(std::get<Asked>(effect).session) + " asks";
  }

  struct FrameText {
    static std::string number(std::uint64_t value) { return " " + std::to_string(value); }
    static std::string outcome(const std::optional<Error>& error) {
      return error ? std::string(" ") + to_string(error->code) : "";
    }
    std::string operator()(const client::Welcome& m) { return "welcome" + number(m.version); }
    std::string operator()(const client::Refused& m) {
      return "refused " + m.code + number(m.request);
    }
    std::string operator()(const client::PublishAck& m) {
      return "taken " + m.topic + number(m.up_to) + outcome(m.error);
    }
    std::string operator()(const client::SubscribeAck& m) {
      return "subscribed" + number(m.subscription) +
             (m.error ? outcome(m.error) : " from" + number(m.position.next));
    }
    std::string operator()(const client::Deliver& m) {
      return "deliver" + number(m.subscription) + " no." + number(m.batch.first);
    }
    std::string operator()(const client::GapNotice& m) {
      return "gap" + number(m.subscription) + " no." + number(m.gap.first) + number(m.gap.last);
    }
    std::string operator()(const client::Ping&) { return "ping"; }
    std::string operator()(const client::Pong& m) { return "pong" + number(m.nonce); }
    std::string operator()(const client::Answer& m) { return "answer" + number(m.request); }
    std::string operator()(const client::CastDone& m) {
      return "cast" + number(m.request) + " taken by" + number(m.taken);
    }
    std::string operator()(const client::Offer& m) {
      return "offer" + number(m.offer) + " to" + number(m.subscription);
    }
    std::string operator()(const client::Drain&) { return "drain"; }
    std::string operator()(const client::BrokerBye&) { return "bye"; }
  };

  Time now_{std::chrono::seconds(1)};
  /// Topics below "south" are for another region.
  static regions::Fence fence() {
    return regions::Fence({{regions::TopicPattern::parse("south/#").value(), {"south"}}});
  }

  Sessions sessions_{limits(),
                     Host{"test", overlay::NodeId(9), "north", std::chrono::milliseconds(2'500)}, 1,
                     fence()};
  SessionEffects effects_;
};

}  // namespace phyllo::broker
