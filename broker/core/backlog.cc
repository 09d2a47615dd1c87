#include "broker/core/backlog.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace phyllo::broker {
namespace {

using multicast::Gap;
using multicast::StreamBatch;

std::size_t cost_of(const StreamBatch& batch) {
  return batch.batch.body.size() + Backlog::kItemBytes;
}

bool is_gap(const Backlog::Item& item) { return std::holds_alternative<Gap>(item); }

/// Whether `next` goes on where `gap` ends, in the same numbering.
bool continues(const Gap& gap, const Gap& next) {
  return gap.publisher == next.publisher && gap.stream == next.stream && next.first >= gap.first &&
         (next.first <= gap.last || next.first == gap.last + 1);
}

bool same_cause(const Gap& a, const Gap& b) {
  return a.why == b.why && a.where == b.where && a.region == b.region;
}

void extend(Gap& gap, const Gap& next) { gap.last = std::max(gap.last, next.last); }

}  // namespace

bool Backlog::push(StreamBatch batch, const LossPlace& here) {
  const bool fits = bytes_ + cost_of(batch) <= limit_;
  if (policy_ == SlowPolicy::kDisconnect && !fits && batches_ > 0) return false;
  if (policy_ == SlowPolicy::kDropNewest && !fits && batches_ > 0) {
    append_gap(lost(batch, here));
    return gaps_fit();
  }
  append(std::move(batch));
  const bool only_newest = policy_ == SlowPolicy::kConflate;
  const bool drops = only_newest || policy_ == SlowPolicy::kDropOldest;
  while (drops && batches_ > 1 && (only_newest || over_limit())) drop_oldest(here);
  return gaps_fit();
}

bool Backlog::push_gap(Gap gap) {
  append_gap(std::move(gap));
  return gaps_fit();
}

Backlog::Item Backlog::pop() {
  PHYLLO_CHECK(!items_.empty());
  Item item = std::move(items_.front());
  items_.pop_front();
  if (const auto* batch = std::get_if<StreamBatch>(&item)) {
    bytes_ -= cost_of(*batch);
    --batches_;
  } else {
    bytes_ -= kItemBytes;
  }
  return item;
}

void Backlog::append(StreamBatch batch) {
  bytes_ += cost_of(batch);
  ++batches_;
  items_.emplace_back(std::move(batch));
}

void Backlog::append_gap(Gap gap) {
  if (!items_.empty()) {
    auto* tail = std::get_if<Gap>(&items_.back());
    if (tail != nullptr && same_cause(*tail, gap) && continues(*tail, gap)) {
      return extend(*tail, gap);
    }
  }
  bytes_ += kItemBytes;
  items_.emplace_back(std::move(gap));
}

void Backlog::drop_oldest(const LossPlace& here) {
  auto oldest = std::find_if_not(items_.begin(), items_.end(), is_gap);
  const auto& batch = std::get<StreamBatch>(*oldest);
  bytes_ -= cost_of(batch);
  --batches_;
  bytes_ += kItemBytes;
  *oldest = lost(batch, here);
  const auto merge = [this](auto into, auto from) {
    if (!is_gap(*from) || !is_gap(*into)) return false;
    auto& gap = std::get<Gap>(*into);
    const auto& next = std::get<Gap>(*from);
    if (!same_cause(gap, next) || !continues(gap, next)) return false;
    extend(gap, next);
    bytes_ -= kItemBytes;
    return true;
  };
  if (const auto after = std::next(oldest); after != items_.end() && merge(oldest, after)) {
    oldest = std::prev(items_.erase(after));
  }
  if (oldest != items_.begin() && merge(std::prev(oldest), oldest)) items_.erase(oldest);
}

multicast::Gap Backlog::lost(const StreamBatch& batch, const LossPlace& here) {
  dropped_ += batch.batch.count;
  Gap gap;
  gap.why = Gap::Why::kQueueLimit;
  gap.where = here.node;
  gap.region = here.region;
  gap.stream = batch.stream;
  gap.first = batch.first;
  gap.last = batch.first + batch.batch.count - 1;
  return gap;
}

bool Backlog::gaps_fit() {
  const auto fit = [this] {
    return (items_.size() - batches_) * kItemBytes <= std::max(limit_, kGapBytes);
  };
  if (!fit()) merge_any_cause();
  return fit();
}

/// The last resort: neighbours in one numbering become one gap under the cause of the first.
void Backlog::merge_any_cause() {
  std::deque<Item> merged;
  for (auto& item : items_) {
    auto* gap = std::get_if<Gap>(&item);
    auto* tail = merged.empty() ? nullptr : std::get_if<Gap>(&merged.back());
    if (gap != nullptr && tail != nullptr && continues(*tail, *gap)) {
      extend(*tail, *gap);
      bytes_ -= kItemBytes;
    } else {
      merged.push_back(std::move(item));
    }
  }
  items_ = std::move(merged);
}

}  // namespace phyllo::broker
