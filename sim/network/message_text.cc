#include "sim/network/message_text.h"

#include <vector>

#include "overlay/codec.h"
#include "sim/network/multicast_text.h"
#include "sim/network/regions_text.h"

namespace phyllo::sim {
namespace {

using namespace overlay;

std::string ids(const std::vector<Contact>& contacts) {
  std::string text = "[";
  for (const Contact& contact : contacts) {
    if (text.size() > 1) text += ' ';
    text += contact.id().short_hex();
    if (contact.incarnation() > 0) text += "/" + std::to_string(contact.incarnation());
  }
  return text + "]";
}

std::string text_of(const LeafSetState& state) {
  std::string text = (state.active ? " active leaves " : " waiting leaves ") + ids(state.leaves);
  for (const Departed& gone : state.failed) text += " -" + gone.id.short_hex();
  return text;
}

struct Describe {
  std::string (*text_of_cargo)(const AppMessage&) = describe_app;

  std::string operator()(const Direct& m) const { return "Direct " + text_of_cargo(m.message); }
  std::string operator()(const Hop& m) const {
    const bool joins = std::holds_alternative<JoinRequest>(m.cargo);
    return "Hop " + std::to_string(m.hop) + (joins ? " join of " : " from ") +
           m.origin.id().short_hex() + " to key " + m.key.short_hex() + " hops " +
           std::to_string(m.hops) +
           (joins ? "" : " " + text_of_cargo(std::get<AppMessage>(m.cargo)));
  }
  std::string operator()(const HopAck& m) const { return "HopAck " + std::to_string(m.hop); }
  std::string operator()(const Probe& m) const { return "Probe" + text_of(m.state); }
  std::string operator()(const ProbeReply& m) const { return "ProbeReply" + text_of(m.state); }
  std::string operator()(const Heartbeat& m) const {
    return m.active ? "Heartbeat active" : "Heartbeat";
  }
  std::string operator()(const Ping&) const { return "Ping"; }
  std::string operator()(const Pong& m) const { return m.member ? "Pong member" : "Pong"; }
  std::string operator()(const Measured&) const { return "Measured"; }
  std::string operator()(const Ask& m) const {
    if (const auto* closest = std::get_if<AskClosest>(&m.what)) {
      return "Ask closest to " + closest->to.short_hex();
    }
    return std::holds_alternative<AskLeaves>(m.what) ? "Ask leaves" : "Ask row";
  }
  std::string operator()(const Answer& m) const { return "Answer " + ids(m.contacts); }
  std::string operator()(const JoinAccepted& m) const { return "JoinAccepted " + ids(m.leaves); }
  std::string operator()(const JoinRefused& m) const {
    return "JoinRefused, last life " + std::to_string(m.incarnation);
  }
  std::string operator()(const Leaving& m) const { return "Leaving " + ids(m.leaves); }
  std::string operator()(const Superseded& m) const {
    return "Superseded by life " + std::to_string(m.holder.incarnation());
  }
};

}  // namespace

std::string describe(const Message& message) { return std::visit(Describe{}, message); }

std::string describe_wire(const Wire& wire) {
  const auto message = decode(wire);
  return message.ok() ? describe(message.value()) : message.error().message;
}

std::string describe_wire_of_regions(const Wire& wire) {
  Places places;
  const auto read = decode_of_any_ring(wire, places);
  if (!read.ok()) return read.error().message;
  const auto& [ring, message] = read.value();
  if (ring == RingScope::kHome) return "home " + describe(message);
  return std::visit(Describe{describe_between_regions}, message);
}

std::string describe(const Node& node) {
  return node.self().id().short_hex() + "/" + std::to_string(node.self().incarnation()) + " " +
         std::string(to_string(node.state())) + " left " + ids(node.left_leaves()) + " right " +
         ids(node.right_leaves());
}

}  // namespace phyllo::sim
