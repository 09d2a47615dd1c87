#include "multicast/tracker.h"

#include <algorithm>
#include <utility>

#include "base/batch_body.h"

namespace phyllo::multicast {
namespace {

Gap stream_gap(const StreamId& stream, Sequence first, Sequence last, Gap::Why why) {
  Gap gap;
  gap.why = why;
  gap.stream = stream;
  gap.first = first;
  gap.last = last;
  return gap;
}

}  // namespace

Tracker::Reading Tracker::read(Time now, const StreamBatch& batch) {
  Reading reading;
  if (!position_) position_ = StreamPosition{batch.stream, batch.first};
  if (position_->stream != batch.stream) {
    // The parent says so beforehand; here its word was lost.
    change_stream({{batch.stream, batch.first}, {}}, reading.stream_gaps);
  }
  const Sequence end = batch.first + batch.batch.count;
  if (end <= position_->next) {
    reading.duplicates = batch.batch.count;
    return reading;
  }
  skip_to(batch.first, Gap::Why::kMissed, reading.stream_gaps);
  StreamBatch fresh = batch;
  if (batch.first < position_->next) {
    const auto old = static_cast<std::uint32_t>(position_->next - batch.first);
    auto rest = without_first(batch.batch, old);
    reading.duplicates = old;
    if (!rest) {
      skip_to(end, Gap::Why::kMissed, reading.stream_gaps);
      return reading;
    }
    fresh = {batch.stream, position_->next, *std::move(rest)};
  }
  position_->next = end;
  judge_publisher(now, fresh, reading);
  reading.forward = std::move(fresh);
  return reading;
}

/// Passed on whole in any case: a child may have missed what this reader saw before.
void Tracker::judge_publisher(Time now, const StreamBatch& batch, Reading& reading) {
  const Batch& numbers = batch.batch;
  const auto entry =
      publishers_.note(now, numbers.publisher, numbers.publisher_first, numbers.count, mark());
  if (entry.missing) {
    // A stream gap since then may be the same loss seen from the other side, or another one: which
    // publishers' messages its numbers were, nobody knows. Twice said is better than not at all.
    const bool root_lost = (entry.mark >> 32) != unlinked_;
    const auto why = root_lost              ? Gap::Why::kRootLost
                     : entry.mark != mark() ? Gap::Why::kMissed
                                            : Gap::Why::kIngressLimit;
    Gap gap = stream_gap(batch.stream, entry.missing->first, entry.missing->second, why);
    gap.publisher = numbers.publisher;
    reading.publisher_gaps.push_back(std::move(gap));
  }
  reading.duplicates += entry.seen;
  if (entry.seen == 0) {
    reading.deliver = batch;
  } else if (entry.seen < numbers.count) {
    if (auto rest = without_first(numbers, entry.seen)) {
      reading.deliver = StreamBatch{batch.stream, batch.first + entry.seen, *std::move(rest)};
    }
  }
}

std::vector<Gap> Tracker::lose(const Gap& gap) {
  std::vector<Gap> gaps;
  if (!position_) return gaps;
  if (position_->stream != gap.stream) change_stream({{gap.stream, gap.first}, {}}, gaps);
  if (gap.last < position_->next) return gaps;
  skip_to(gap.first, Gap::Why::kMissed, gaps);
  Gap rest = gap;
  rest.first = position_->next;
  position_->next = gap.last + 1;
  ++stream_gaps_;
  gaps.push_back(std::move(rest));
  return gaps;
}

std::vector<Gap> Tracker::follow(const StreamHead& head, Gap::Why why) {
  std::vector<Gap> gaps;
  if (!position_) {
    position_ = head.position;
  } else if (position_->stream == head.position.stream) {
    skip_to(head.position.next, why, gaps);
  } else {
    change_stream(head, gaps);
  }
  return gaps;
}

void Tracker::skip_to(Sequence next, Gap::Why why, std::vector<Gap>& gaps) {
  if (next <= position_->next) return;
  gaps.push_back(stream_gap(position_->stream, position_->next, next - 1, why));
  position_->next = next;
  ++stream_gaps_;
}

void Tracker::change_stream(const StreamHead& head, std::vector<Gap>& gaps) {
  const auto seen_before = recall(head.position.stream);
  if (!seen_before) {
    if (head.previous) {
      miss_tail_of(*head.previous, gaps);
    } else {
      ++unlinked_;
    }
  }
  past_.push_back(*position_);
  if (past_.size() > kRemembered) past_.erase(past_.begin());
  position_ = StreamPosition{head.position.stream, seen_before.value_or(1)};
  skip_to(head.position.next, Gap::Why::kRootLost, gaps);
}

void Tracker::miss_tail_of(const StreamEnd& end, std::vector<Gap>& gaps) {
  Sequence next = 1;
  if (end.stream == position_->stream) {
    next = position_->next;
    position_->next = std::max(next, end.last + 1);
  } else if (const auto recalled = recall(end.stream)) {
    next = *recalled;
  } else {
    // A whole stream went by unseen, and how the one before it ended is unknown.
    ++unlinked_;
  }
  if (next > end.last) return;
  gaps.push_back(stream_gap(end.stream, next, end.last, Gap::Why::kParentLost));
  ++stream_gaps_;
}

std::optional<Sequence> Tracker::recall(const StreamId& stream) {
  const auto found = std::ranges::find(past_, stream, &StreamPosition::stream);
  if (found == past_.end()) return std::nullopt;
  const Sequence next = found->next;
  past_.erase(found);
  return next;
}

std::optional<Batch> without_first(const Batch& batch, std::uint32_t count) {
  if (count >= batch.count) return std::nullopt;
  BatchBodyReader reader(batch.body.view());
  std::string_view message;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!reader.next(message)) return std::nullopt;
  }
  const auto skipped =
      count == 0 ? std::size_t{0}
                 : static_cast<std::size_t>(message.data() + message.size() - batch.body.data());
  Batch rest = batch;
  rest.publisher_first += count;
  rest.count -= count;
  rest.body = batch.body.slice(skipped, batch.body.size() - skipped);
  return rest;
}

}  // namespace phyllo::multicast
