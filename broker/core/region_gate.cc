#include "broker/core/region_gate.h"

#include <variant>
#include <vector>

namespace phyllo::broker {
namespace {

using namespace overlay;  // the kinds of messages

/// Calls `take` with each list of contacts that the message brings.
struct Lists {
  template <class Kind, class Take>
  static void visit(Kind&, Take&&) {}
  template <class Take>
  static void visit(Hop& hop, Take&& take) {
    if (auto* join = std::get_if<JoinRequest>(&hop.cargo)) take(join->rows);
  }
  template <class Take>
  static void visit(Probe& probe, Take&& take) {
    take(probe.state.leaves);
  }
  template <class Take>
  static void visit(ProbeReply& reply, Take&& take) {
    take(reply.state.leaves);
  }
  template <class Take>
  static void visit(Answer& answer, Take&& take) {
    take(answer.contacts);
  }
  template <class Take>
  static void visit(JoinAccepted& accepted, Take&& take) {
    take(accepted.leaves);
    take(accepted.rows);
  }
  template <class Take>
  static void visit(Leaving& leaving, Take&& take) {
    take(leaving.leaves);
  }
};

}  // namespace

bool RegionGate::admits(const Contact& from, Message& message) {
  const auto* hop = std::get_if<Hop>(&message);
  if (!admits(from) || (hop && !admits(hop->origin))) {
    ++refused_;
    return false;
  }
  const auto sift = [this](std::vector<Contact>& contacts) {
    refused_ += std::erase_if(contacts, [this](const Contact& one) { return !admits(one); });
  };
  std::visit([&](auto& kind) { Lists::visit(kind, sift); }, message);
  return true;
}

}  // namespace phyllo::broker
