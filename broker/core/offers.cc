#include "broker/core/offers.h"

#include <utility>
#include <vector>

namespace phyllo::broker {

void Offers::open(const multicast::Offer& offer, Outbox& out) {
  const auto [at, added] = open_.try_emplace(offer.offer, Open{offer, 0, {}, {}});
  if (!added) return;
  deadlines_.emplace(offer.answer_by, offer.offer);
  at->second.to_ask = subscribers_.takers(offer.topic, offer.wanted);
  go_on(at, out);
}

void Offers::answer(const Session& session, const client::OfferAnswer& answer, Outbox& out) {
  const auto at = open_.find(answer.offer);
  if (at == open_.end() || at->second.asked.erase({session.id(), answer.subscription}) == 0) {
    ++out.stats().stray_frames;  // too late: the deadline has spoken
    return;
  }
  if (answer.taken) {
    ++at->second.taken;
    ++out.stats().casts_taken;
  }
  go_on(at, out);
}

void Offers::leave(SessionId session, Outbox& out) {
  std::vector<std::uint64_t> concerned;
  for (auto& [number, open] : open_) {
    const auto own = [session](const Taker& taker) { return taker.first == session; };
    if (std::erase_if(open.asked, own) > 0) concerned.push_back(number);
  }
  for (const std::uint64_t number : concerned) go_on(open_.find(number), out);
}

void Offers::tick(Outbox& out) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= out.now()) {
    close(open_.find(deadlines_.begin()->second), out);
  }
}

/// Asks as many as may still take it; done when nobody is left who could answer.
void Offers::go_on(Entries::iterator at, Outbox& out) {
  Open& open = at->second;
  while (open.taken + open.asked.size() < open.offer.wanted && !open.to_ask.empty()) {
    const Taker taker = open.to_ask.front();
    open.to_ask.pop_front();
    if (subscribers_.offer(open.offer, taker, out)) open.asked.insert(taker);
  }
  if (open.asked.empty()) close(at, out);
}

void Offers::close(Entries::iterator at, Outbox& out) {
  out.ask_below(OfferAnswered{at->first, at->second.taken});
  deadlines_.erase({at->second.offer.answer_by, at->first});
  open_.erase(at);
}

}  // namespace phyllo::broker
