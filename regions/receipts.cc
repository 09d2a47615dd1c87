#include "regions/receipts.h"

#include <utility>

namespace phyllo::regions {
namespace {

constexpr std::size_t kBytes = 1 << 20;

}  // namespace

void Receipts::add(Time now, Kept kept) {
  const std::size_t bytes = multicast::cost(kept.batch);
  while (!entries_.empty() &&
         (bytes_ + bytes > kBytes || now - entries_.front().acknowledged > state_.config.lease)) {
    drop_oldest();
  }
  const bool room =
      bytes <= kBytes && state_.stats.receipt_bytes + bytes <= state_.config.receipt_bytes;
  // With a hole in them the later ones are of no use: what is missing would be passed over.
  if (!room) return clear();
  bytes_ += bytes;
  state_.stats.receipt_bytes += bytes;
  entries_.push_back({std::move(kept), now});
}

void Receipts::drop_oldest() {
  const std::size_t bytes = multicast::cost(entries_.front().kept.batch);
  bytes_ -= bytes;
  state_.stats.receipt_bytes -= bytes;
  entries_.pop_front();
}

std::vector<Receipts::Kept> Receipts::take(Time now) {
  std::vector<Kept> young;
  for (Entry& entry : entries_) {
    if (now - entry.acknowledged <= state_.config.lease) young.push_back(entry.kept);
  }
  clear();
  return young;
}

void Receipts::clear() {
  while (!entries_.empty()) drop_oldest();
}

}  // namespace phyllo::regions
