#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "multicast/codec.h"
#include "multicast/forest.h"
#include "multicast/tree.h"

namespace phyllo::multicast {

using namespace std::chrono_literals;
using overlay::Contact;
using overlay::NodeId;
using overlay::Uint128;
using ::testing::SizeIs;

inline const TopicName kNews = TopicName::parse("news").value();
inline const TopicId kTopic = TopicId::of(kNews);

inline Contact contact_at(Uint128 position, const std::string& host) {
  const auto endpoint = overlay::Endpoint::parse("tcp://" + host + ":1").value();
  return Contact(NodeId(position), 0, {"", endpoint, endpoint});
}

/// One forest whose world is this test: its node has two neighbours, of whom one is the root.
class ForestTest : public ::testing::Test {
 protected:
  explicit ForestTest(ForestConfig config = ForestConfig::lan(), Admission admits = {})
      : forest_(config, node_, 1, std::move(admits)) {
    overlay::Effects unseen;
    node_.start(now_, {}, unseen);
    for (const Contact& neighbour : {root_, other_}) {
      node_.receive(now_, neighbour, overlay::Probe{1, {true, {node_.self()}, {}}}, unseen);
    }
    forest_.leaf_set_changed(now_, out_);
    out_.clear();
  }

  void receive(const Contact& from, const Message& message) {
    forest_.received(now_, from, encode(message), out_);
  }
  /// A graft of this node on its way to the key.
  void pass_by(const Contact& from, const Graft& graft) {
    forest_.arrived(now_, {kTopic.key(), from, from, 1, false, encode(graft), {}}, out_);
  }
  void pass(Duration duration) {
    const Time end = now_ + duration;
    while (forest_.next_tick() <= end) {
      now_ = std::max(now_, forest_.next_tick());
      forest_.tick(now_, out_);
    }
    now_ = end;
  }
  template <class E>
  std::vector<E> taken() {
    std::vector<E> found;
    for (const Effect& effect : out_) {
      if (const auto* e = std::get_if<E>(&effect)) found.push_back(*e);
    }
    return found;
  }
  /// Messages of this kind sent to peers since the effects were cleared.
  template <class M>
  std::vector<std::pair<NodeId, M>> sent() {
    std::vector<std::pair<NodeId, M>> found;
    for (const SendDirect& send : taken<SendDirect>()) {
      const auto message = decode(send.message);
      if (const auto* m = std::get_if<M>(&*message)) found.emplace_back(send.to.id(), *m);
    }
    return found;
  }
  /// The attempts of the grafts sent toward the key.
  std::vector<Attempt> grafts() {
    std::vector<Attempt> attempts;
    for (const SendToward& send : taken<SendToward>()) {
      const auto message = decode(send.message);
      if (const auto* graft = std::get_if<Graft>(&*message)) attempts.push_back(graft->attempt);
    }
    return attempts;
  }
  Attempt subscribe() {
    EXPECT_TRUE(forest_.set_local_subscribers(now_, kNews, 1, out_));
    const auto attempts = grafts();
    EXPECT_THAT(attempts, SizeIs(1));
    out_.clear();
    return attempts.empty() ? 0 : attempts.back();
  }
  void unsubscribe() {
    EXPECT_TRUE(forest_.set_local_subscribers(now_, kNews, 0, out_));
    out_.clear();
  }
  Standing word(Attempt attempt, std::vector<NodeId> path, Sequence next = 1) {
    return {kTopic, attempt, true, std::move(path), StreamHead{{stream_, next}, {}}};
  }
  /// Subscribes and is adopted by `other_`, a child of the root.
  Attempt attach() {
    const Attempt attempt = subscribe();
    receive(other_, word(attempt, {root_.id(), other_.id()}));
    EXPECT_THAT(taken<SubscriptionLive>(), SizeIs(1));
    out_.clear();
    return attempt;
  }
  Data data(Sequence first, std::uint32_t count = 1, PublisherId publisher = 1) {
    BatchBodyWriter body;
    for (std::uint32_t i = 0; i < count; ++i) body.append("x");
    return {kTopic, {stream_, first, {publisher, first, count, body.take()}}};
  }

  Time now_ = Time{} + 1h;
  const Contact root_ = contact_at(kTopic.key().value(), "root");
  const Contact other_ = contact_at(kTopic.key().value() + (Uint128{1} << 120), "other");
  const Contact stranger_ = contact_at(kTopic.key().value() + (Uint128{1} << 121), "stranger");
  const NodeId self_{kTopic.key().value() + (Uint128{1} << 126)};
  const StreamId stream_{root_.id(), 0, 1};
  overlay::Node node_{overlay::NodeConfig{}, contact_at(self_.value(), "self"), 1};
  Forest forest_;
  Effects out_;
};

}  // namespace phyllo::multicast
