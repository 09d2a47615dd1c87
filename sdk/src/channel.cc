#include "sdk/src/channel.h"

#include <algorithm>
#include <chrono>

namespace phyllo::internal {
namespace {

/// So many batches may be under way before an open one has to grow.
constexpr std::size_t kFreeFlights = 16;
/// Each further one asks so many bytes more of the next.
constexpr std::size_t kBytesPerFlight = 256;
/// But one of this size goes, however many there are; while it collects, when more waits, a larger
/// one.
constexpr std::size_t kAlwaysDue = 64 * 1024;
/// After a batch the next one collects for so long: what comes faster shares a batch, which wakes a
/// dozen threads on its way however many messages it has.
constexpr std::chrono::microseconds kCollect{300};

}  // namespace

bool Channel::fits(std::string_view payload, std::size_t batch_bytes) const {
  return open_.size() + BatchBodyWriter::encoded_size(payload.size()) <= batch_bytes;
}

std::size_t Channel::cost_of(std::string_view payload, std::size_t batch_bytes) const {
  const std::size_t body = BatchBodyWriter::encoded_size(payload.size());
  return open_.empty() || !fits(payload, batch_bytes) ? body + kBatchCost : body;
}

std::size_t Channel::append(std::string_view payload, std::size_t batch_bytes) {
  const std::size_t cost = cost_of(payload, batch_bytes);
  if (!open_.empty() && !fits(payload, batch_bytes)) seal();
  open_.append(payload);
  ++published_;
  queued_bytes_ += cost;
  return cost;
}

/// Closes the open batch, which holds the messages up to `published_`.
void Channel::seal() {
  const std::uint32_t count = open_.count();
  sealed_.push_back({published_ - count + 1, count, open_.take()});
}

bool Channel::due() const {
  if (!sealed_.empty()) return true;
  if (open_.empty()) return false;
  if (collecting()) return open_.size() >= std::max(kAlwaysDue, backlog_batch());
  if (flying_.size() <= kFreeFlights) return true;
  return open_.size() >= std::min(kAlwaysDue, (flying_.size() - kFreeFlights) * kBytesPerFlight);
}

std::size_t Channel::due_bytes() const {
  return sealed_.empty() ? open_.size() : sealed_.front().body.size();
}

Publication Channel::take(Instant now) {
  if (sealed_.empty()) seal();
  flying_.push_back(sealed_.take_front());
  const Batch& batch = flying_.back();
  sent_ = std::max(sent_, batch.last());
  collects_until_ = now + kCollect;
  return {topic_, publisher_, batch.first, batch.count, batch.body, stays_.as_of(now)};
}

Channel::Ended Channel::acknowledge(std::uint64_t up_to) {
  up_to = std::min(up_to, sent_);
  Ended ended;
  const auto end_front = [&](Fifo<Batch>& batches) {
    const Batch batch = batches.take_front();
    if (ended.first == 0) ended.first = batch.first;
    ended.last = batch.last();
    ended.messages += batch.count;
    ended.queue_bytes += batch.body.size() + kBatchCost;
  };
  while (!flying_.empty() && flying_.front().last() <= up_to) {
    ++ended.flying_batches;
    ended.flying_bytes += flying_.front().body.size();
    end_front(flying_);
  }
  // After a reconnect the new broker's root may know more than was sent again so far.
  while (flying_.empty() && !sealed_.empty() && sealed_.front().last() <= up_to) {
    end_front(sealed_);
  }
  acknowledged_ = std::max(acknowledged_, ended.last);
  queued_bytes_ -= ended.queue_bytes;
  if (flying_.empty() && open_.empty()) stop_collecting();
  return ended;
}

std::uint64_t Channel::rewind() {
  std::uint64_t messages = 0;
  stop_collecting();
  for (; !flying_.empty(); flying_.pop_back()) {
    messages += flying_.back().count;
    sealed_.push_front(flying_.back());
  }
  return messages;
}

void Channel::note_refusal(Status why) {
  if (refusal_.ok()) refusal_ = std::move(why);
}

}  // namespace phyllo::internal
