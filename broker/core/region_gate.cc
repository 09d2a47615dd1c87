#include "broker/core/region_gate.h"

#include <utility>
#include <variant>
#include <vector>

namespace phyllo::broker {
namespace {

using namespace overlay;  // the kinds of messages

/// Calls `take` with each list of contacts that the message brings, and the lists that say
/// something of each of them.
struct Lists {
  template <class Kind, class Take>
  static void visit(Kind&, Take&&) {}
  template <class Take>
  static void visit(Hop& hop, Take&& take) {
    if (auto* join = std::get_if<JoinRequest>(&hop.cargo)) take(join->rows, join->coordinates);
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
    take(answer.contacts, answer.round_trips, answer.coordinates);
  }
  template <class Take>
  static void visit(JoinAccepted& accepted, Take&& take) {
    take(accepted.leaves);
    take(accepted.rows, accepted.coordinates);
  }
  template <class Take>
  static void visit(Leaving& leaving, Take&& take) {
    take(leaving.leaves);
  }
};

/// Of what is said of each of these contacts, what is said of those that are admitted.
template <class Said>
void keep_admitted(const RegionGate& gate, const std::vector<Contact>& contacts,
                   std::vector<Said>& said) {
  if (said.size() != contacts.size()) return said.clear();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    if (gate.admits(contacts[i])) said[kept++] = said[i];
  }
  said.resize(kept);
}

}  // namespace

bool RegionGate::admits(const Contact& from, Message& message) {
  const auto* hop = std::get_if<Hop>(&message);
  if (!admits(from) || (hop && !admits(hop->origin))) {
    ++refused_;
    return false;
  }
  const auto sift = [this](std::vector<Contact>& contacts, auto&... beside) {
    const std::vector<Contact> all = std::exchange(contacts, {});
    (keep_admitted(*this, all, beside), ...);
    for (const Contact& one : all) {
      if (admits(one)) contacts.push_back(one);
    }
    refused_ += all.size() - contacts.size();
  };
  std::visit([&](auto& kind) { Lists::visit(kind, sift); }, message);
  return true;
}

}  // namespace phyllo::broker
