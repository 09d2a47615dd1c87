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

/// Numbers of the batch's publisher that will not come.
void tell_publisher(const StreamBatch& batch, const std::vector<NumberRange>& ranges, Gap::Why why,
                    Tracker::Reading& reading) {
  for (const auto& [first, last] : ranges) {
    Gap gap = stream_gap(batch.stream, first, last, why);
    gap.publisher = batch.batch.publisher;
    reading.publisher_gaps.push_back(std::move(gap));
  }
}

}  // namespace

Tracker::Reading Tracker::read(Time now, const StreamBatch& batch) {
  Reading reading;
  if (position() == nullptr) begin(now, {{batch.stream, batch.first}, {}});
  if (position_.stream != batch.stream) {
    // The parent says so beforehand; here its word was lost.
    change_stream({{batch.stream, batch.first}, {}}, reading.stream_gaps);
  }
  const Sequence end = batch.first + batch.batch.count;
  if (end <= position_.next) {
    reading.duplicates = batch.batch.count;
    return reading;
  }
  skip_to(batch.first, Gap::Why::kMissed, reading.stream_gaps);
  StreamBatch fresh = batch;
  if (batch.first < position_.next) {
    const auto old = static_cast<std::uint32_t>(position_.next - batch.first);
    auto rest = without_first(batch.batch, old);
    reading.duplicates = old;
    if (!rest) {
      skip_to(end, Gap::Why::kMissed, reading.stream_gaps);
      return reading;
    }
    fresh = {batch.stream, position_.next, *std::move(rest)};
  }
  position_.next = end;
  judge_publisher(now, fresh, reading);
  reading.forward = std::move(fresh);
  return reading;
}

PublisherLog::Mark Tracker::mark(const Story& story) {
  return {story.told.tag, story.told.lost, story.unlinked};
}

/// Until there is one, the reader is in the stream that it began with.
Tracker::Story& Tracker::story() {
  if (!story_) story_.emplace().first_stream = position_.stream;
  return *story_;
}

/// Nothing of what was before is missed, nor of the stream that this one continues.
void Tracker::begin(Time now, const StreamHead& head) {
  position_ = head.position;
  since_ = now;
  if (head.previous) remember({{head.previous->stream, head.previous->last + 1}, {}});
}

/// Passed on whole in any case: a child may have missed what this reader saw before.
void Tracker::judge_publisher(Time now, const StreamBatch& batch, Reading& reading) {
  const Batch& numbers = batch.batch;
  const auto entry = story().publishers.note(now, numbers.publisher, numbers.publisher_first,
                                             numbers.count, mark(story()));
  if (!entry.known && numbers.publisher_first > 1) {
    judge_stranger(now, batch, {1, numbers.publisher_first - 1}, reading);
  } else if (entry.missing && entry.heard < since_) {
    judge_stranger(now, batch, *entry.missing, reading);
  } else if (entry.missing) {
    judge_absence(batch, entry, reading);
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

/// A hole in the numbers of a publisher that was heard before. What went to a stream that this
/// reader reads, that stream's numbers have told of; each message is told of once.
void Tracker::judge_absence(const StreamBatch& batch, const PublisherLog::Entry& entry,
                            Reading& reading) {
  const Absence absent = absence({*entry.missing}, batch.batch.stays, [&](const Stay& stay) {
    return untold_here(stay).value_or(kAllUntold);
  });
  tell_publisher(batch, absent.lost, Gap::Why::kRootLost, reading);
  const std::uint64_t before = entry.mark.tag == story().told.tag ? entry.mark.lost : 0;
  if (absent.count_unplaced() <= story().told.lost - before) return;
  const auto why = entry.mark.unlinked != story().unlinked ? Gap::Why::kRootLost
                   : entry.mark != mark(story())           ? Gap::Why::kMissed
                                                           : Gap::Why::kIngressLimit;
  tell_publisher(batch, absent.unplaced, why, reading);
}

/// A publisher not heard before in the reader's time, and these are not its first messages.
void Tracker::judge_stranger(Time now, const StreamBatch& batch, NumberRange hole,
                             Reading& reading) {
  const Duration listening = std::min<Duration>(now - since_, PublisherLog::kIdle);
  const Absence absent = absence({hole}, batch.batch.stays, [&](const Stay& stay) {
    return untold_here(stay).value_or(
        was_before(stay, story().first_stream, listening) ? 0 : kAllUntold);
  });
  tell_publisher(batch, absent.lost, Gap::Why::kRootLost, reading);
}

/// Of messages that went to a stream this reader knows: so many it has not told of. Nullopt: the
/// stream is a stranger, too.
std::optional<std::uint64_t> Tracker::untold_here(const Stay& stay) {
  if (stay.stream == position_.stream) return 0;
  const auto read = std::ranges::find_if(
      story().past, [&](const Past& past) { return past.position.stream == stay.stream; });
  if (read == story().past.end()) return std::nullopt;
  const Sequence next = read->position.next;
  return stay.number < next ? 0 : stay.number - next + 1;
}

/// Numbers of a stream that will not come.
void Tracker::tell(std::vector<Gap>& gaps, Told& told, Gap gap) {
  told.lost += gap.last - gap.first + 1;
  gaps.push_back(std::move(gap));
}

void Tracker::remember(Past past) {
  story().past.push_back(past);
  if (story().past.size() > kRemembered) story().past.erase(story().past.begin());
}

std::vector<Gap> Tracker::lose(const Gap& gap) {
  std::vector<Gap> gaps;
  if (position() == nullptr) return gaps;
  if (position_.stream != gap.stream) change_stream({{gap.stream, gap.first}, {}}, gaps);
  if (gap.last < position_.next) return gaps;
  skip_to(gap.first, Gap::Why::kMissed, gaps);
  Gap rest = gap;
  rest.first = position_.next;
  position_.next = gap.last + 1;
  tell(gaps, story().told, std::move(rest));
  return gaps;
}

std::vector<Gap> Tracker::follow(Time now, const StreamHead& head, Gap::Why why) {
  std::vector<Gap> gaps;
  if (position() == nullptr) {
    begin(now, head);
  } else if (position_.stream == head.position.stream) {
    skip_to(head.position.next, why, gaps);
  } else {
    change_stream(head, gaps);
  }
  return gaps;
}

void Tracker::skip_to(Sequence next, Gap::Why why, std::vector<Gap>& gaps) {
  if (next <= position_.next) return;
  tell(gaps, story().told, stream_gap(position_.stream, position_.next, next - 1, why));
  position_.next = next;
}

void Tracker::change_stream(const StreamHead& head, std::vector<Gap>& gaps) {
  const auto seen_before = recall(head.position.stream);
  if (!seen_before) {
    if (head.previous) {
      miss_tail_of(*head.previous, gaps);
    } else {
      ++story().unlinked;
    }
  }
  remember({position_, story().told});
  position_ = StreamPosition{head.position.stream, 1};
  story().told = {++story().tags, 0};
  if (seen_before) {
    position_ = seen_before->position;
    story().told = seen_before->told;
  }
  skip_to(head.position.next, Gap::Why::kRootLost, gaps);
}

void Tracker::miss_tail_of(const StreamEnd& end, std::vector<Gap>& gaps) {
  Sequence next = position_.next;
  if (end.stream == position_.stream) {
    position_.next = std::max(next, end.last + 1);
  } else {
    // Or a whole stream went by unseen, and how the one before it ended is unknown.
    auto ended = recall(end.stream);
    if (!ended) {
      ++story().unlinked;
      ended = Past{{end.stream, 1}, {++story().tags, 0}};
    }
    next = ended->position.next;
    ended->position.next = std::max(next, end.last + 1);
    remember(*ended);
  }
  if (next > end.last) return;
  Told& told = end.stream == position_.stream ? story().told : story().past.back().told;
  tell(gaps, told, stream_gap(end.stream, next, end.last, Gap::Why::kParentLost));
}

std::optional<Tracker::Past> Tracker::recall(const StreamId& stream) {
  const auto found = std::ranges::find_if(
      story().past, [&](const Past& past) { return past.position.stream == stream; });
  if (found == story().past.end()) return std::nullopt;
  const Past past = *found;
  story().past.erase(found);
  return past;
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
