#pragma once

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "overlay/node.h"
#include "tests/overlay/samples.h"

namespace phyllo::overlay {

/// One node whose world is this test.
class LoneNode : public ::testing::Test {
 protected:
  Node make(NodeConfig config = {}) { return Node(config, contact_at(0x80), 1); }
  /// Founds a ring of one.
  void found() { node_.start(now_, {}, out_); }
  void receive(const Contact& from, Message message) {
    node_.receive(now_, from, std::move(message), out_);
  }
  void pass(Duration duration) {
    const Time end = now_ + duration;
    while (node_.next_tick() <= end) {
      now_ = node_.next_tick();
      node_.tick(now_, out_);
    }
    now_ = end;
  }
  template <class E>
  std::vector<E> taken() {
    std::vector<E> found;
    for (const Effect& effect : out_) {
      if (const auto* e = std::get_if<E>(&effect)) found.push_back(*e);
    }
    out_.clear();
    return found;
  }
  /// The messages of this kind sent since the last look, with their receivers.
  template <class M>
  std::vector<std::pair<Contact, M>> sent() {
    std::vector<std::pair<Contact, M>> found;
    for (const Effect& effect : out_) {
      const auto* send = std::get_if<Send>(&effect);
      if (!send) continue;
      if (const auto* m = std::get_if<M>(&send->message)) found.emplace_back(send->to, *m);
    }
    out_.clear();
    return found;
  }
  /// A neighbour that is in the ring and has us in its leaf set.
  void meet(const Contact& peer) {
    receive(peer, Probe{1, {true, {node_.self()}, {}}});
    for (const auto& [to, probe] : sent<Probe>()) {
      if (to == peer) receive(peer, ProbeReply{probe.nonce, {true, {node_.self()}, {}}});
    }
    out_.clear();
  }

  Time now_{};
  Effects out_;
  Node node_ = make();
};

}  // namespace phyllo::overlay
