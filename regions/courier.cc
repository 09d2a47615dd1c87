#include "regions/courier.h"

#include <algorithm>

namespace phyllo::regions {

using overlay::Contact;

namespace {

constexpr std::size_t kMostParcels = 16'384;
constexpr std::uint32_t kTries = 8;  ///< about ten times `retry`
constexpr std::size_t kSeen = 4096;

}  // namespace

Courier::Key Courier::key_of(const Parcel& parcel) {
  const auto* registered = std::get_if<Register>(&parcel.what);
  return {parcel.topic, registered == nullptr ? overlay::NodeId() : registered->root.id()};
}

void Courier::send(Turn& turn, Parcel parcel, const std::optional<Contact>& to) {
  const Key key = key_of(parcel);
  const auto older = parcels_.find(key);
  if (older != parcels_.end()) {
    hops_.erase(older->second.first);
    deadlines_.cancel(older->second.first);
    parcels_.erase(older);
  }
  const bool kept = parcel.tries < kTries && parcels_.size() < kMostParcels;
  const std::uint64_t hop = kept ? state_.next_attempt() : 0;
  std::visit([&](auto& what) { what.hop = hop; }, parcel.what);
  if (to) std::visit([&](const auto& what) { turn.send(*to, what); }, parcel.what);
  if (!kept) return;
  const Duration wait = state_.config.retry / 4 * (1 << std::min(parcel.tries, 3U));
  deadlines_.set(hop, turn.now() + state_.random.around(wait, 0.25));
  hops_.emplace(hop, key);
  parcel.sent = turn.now();
  ++parcel.tries;
  parcels_.emplace(key, std::pair(hop, std::move(parcel)));
}

void Courier::taken(const HopTaken& taken) {
  const auto found = hops_.find(taken.hop);
  if (found == hops_.end()) return;
  parcels_.erase(found->second);
  hops_.erase(found);
  deadlines_.cancel(taken.hop);
}

std::vector<Courier::Parcel> Courier::take_due(Time now) {
  std::vector<Parcel> due;
  for (const std::uint64_t hop : deadlines_.take_due(now)) {
    const auto found = parcels_.find(hops_.at(hop));
    Parcel parcel = std::move(found->second.second);
    parcels_.erase(found);
    hops_.erase(hop);
    ++parcel.failures;
    if (auto* book = std::get_if<Book>(&parcel.what)) {
      const Duration waited = now - parcel.sent;
      for (Book::Entry& entry : book->entries) entry.silent += waited;
      book->settles_in = std::max(Duration::zero(), book->settles_in - waited);
    }
    due.push_back(std::move(parcel));
  }
  return due;
}

bool Courier::accept(Turn& turn, const Contact& from, std::uint64_t hop) {
  if (hop == 0) return true;
  turn.send(from, HopTaken{hop});
  if (!seen_.emplace(from.id(), hop).second) return false;
  seen_order_.emplace_back(from.id(), hop);
  if (seen_order_.size() > kSeen) {
    seen_.erase(seen_order_.front());
    seen_order_.pop_front();
  }
  return true;
}

}  // namespace phyllo::regions
