#include "sdk/src/outbox.h"

#include <algorithm>
#include <utility>

namespace phyllo::internal {
namespace {

/// Idle channels nobody holds are forgotten from this many on.
constexpr std::size_t kManyChannels = 1024;
/// A broker takes at most one batch per so many bytes of its window (client.proto).
constexpr std::size_t kWindowBytesPerBatch = 16;
/// So many of the largest batches fit into a window, at least.
constexpr std::size_t kBatchesPerWindow = 8;
/// A topic that takes no more than this part of the queue is small: when others have filled it,
/// there is still this part more for the small ones.
constexpr std::size_t kSmallPart = 64;
constexpr std::size_t kReservedPart = 8;

}  // namespace

Outbox::Outbox(Limits limits, std::uint64_t seed, std::shared_ptr<Waker> waker)
    : waker_(std::move(waker)),
      limits_(limits),
      random_(seed),
      publisher_(random_.next() | 1),
      forget_at_(kManyChannels) {}

void Outbox::send_through(std::shared_ptr<Sender> sender) {
  const Lock lock(mutex_);
  sender_ = std::move(sender);
}

StatusOr<std::shared_ptr<Channel>> Outbox::channel(const std::string& topic) {
  const Lock lock(mutex_);
  if (!accepting_) return closed_why_;
  if (const auto found = channels_.find(topic); found != channels_.end()) return found->second;
  if (channels_.size() >= forget_at_) forget_idle();
  return channels_.emplace(topic, std::make_shared<Channel>(topic, publisher_)).first->second;
}

/// Their numbers are forgotten with them, so channels made from now on get another publisher id:
/// a number is never used twice.
void Outbox::forget_idle() {
  const auto forgotten = std::erase_if(channels_, [](const auto& entry) {
    return entry.second.use_count() == 1 && entry.second->idle() && !entry.second->in_ring;
  });
  if (forgotten > 0) publisher_ = random_.next() | 1;
  forget_at_ = std::max(kManyChannels, 2 * channels_.size());
}

Status Outbox::publish(Channel& channel, std::string_view payload, std::chrono::milliseconds wait) {
  Lock lock(mutex_);
  if (!accepting_) return closed_why_;
  if (Status status = too_large(payload.size()); !status.ok()) return status;
  const std::size_t cost = channel.cost_of(payload, batch_bytes(channel));
  if (!has_room(channel, cost)) {
    const Instant deadline = deadline_after(Clock::now(), wait);
    Status status = wait_for_room(lock, channel, payload.size(), deadline);
    if (!status.ok()) return status;
  }
  queued_bytes_ += channel.append(payload, batch_bytes(channel));
  ++counted_.published;
  if (sending_ && !channel.in_ring && channel.due()) {
    enter_ring(channel);
    // A message on its own goes from here. While others are under way, threads are awake anyway.
    const std::shared_ptr<Sender> sender = flying_batches_ == 0 ? sender_ : nullptr;
    lock.unlock();
    if (sender) {
      sender->send_due();
    } else {
      waker_->wake();
    }
  } else if (channel.begins_to_collect()) {
    const Instant until = collect(channel);
    lock.unlock();
    waker_->wake_by(until);
  }
  return {};
}

/// Several batches are to fit into the window: else nothing is under way while one is acknowledged.
std::size_t Outbox::batch_bytes(const Channel& channel) const {
  const std::size_t wanted = std::max(pace_.batch_bytes(), channel.backlog_batch());
  const std::size_t most = std::min(Pace::kLargestBatch, window_ / kBatchesPerWindow);
  return std::max(Pace::kLeastBatch, std::min(wanted, most));
}

bool Outbox::has_room(const Channel& channel, std::size_t cost) const {
  if (queued_bytes_ == 0) return true;
  const bool small = channel.queued_bytes() + cost <= limits_.queue_bytes / kSmallPart;
  const std::size_t reserve = small ? limits_.queue_bytes / kReservedPart : 0;
  return queued_bytes_ + cost <= limits_.queue_bytes + reserve;
}

Status Outbox::wait_for_room(Lock& lock, const Channel& channel, std::size_t size,
                             Instant deadline) {
  const std::size_t cost = BatchBodyWriter::encoded_size(size) + Channel::kBatchCost;
  const auto room = [&] { return !accepting_ || has_room(channel, cost); };
  ++waiters_;
  const bool found = deadline == kNoDeadline ? (changed_.wait(lock, room), true)
                                             : changed_.wait_until(lock, deadline, room);
  --waiters_;
  if (!accepting_) return closed_why_;
  if (found) return {};
  return {StatusCode::kQueueFull, std::to_string(queued_bytes_) +
                                      " bytes wait to be acknowledged, the limit is " +
                                      std::to_string(limits_.queue_bytes)};
}

Status Outbox::too_large(std::size_t size) const {
  std::size_t limit = limits_.message_bytes;
  if (broker_message_bytes_ != 0) limit = std::min(limit, broker_message_bytes_);
  if (size <= limit) return {};
  return {StatusCode::kTooLarge, "the message has " + std::to_string(size) +
                                     " bytes, the limit is " + std::to_string(limit)};
}

Status Outbox::flush(const std::shared_ptr<Channel>& channel, std::chrono::milliseconds timeout) {
  Lock lock(mutex_);
  const Targets targets{{channel, channel->published()}};
  Status status = wait_for(lock, targets, deadline_after(Clock::now(), timeout));
  if (!status.ok()) return status;
  return channel->take_refusal();
}

Status Outbox::flush_all(std::chrono::milliseconds timeout) {
  Lock lock(mutex_);
  Targets targets;
  for (const auto& [topic, channel] : channels_) {
    if (!channel->idle()) targets.emplace_back(channel, channel->published());
  }
  Status status = wait_for(lock, targets, deadline_after(Clock::now(), timeout));
  if (!status.ok()) return status;
  for (const auto& [topic, channel] : channels_) {
    Status refusal = channel->take_refusal();
    if (status.ok()) status = std::move(refusal);
  }
  return status;
}

Status Outbox::wait_for(Lock& lock, const Targets& targets, Instant deadline) {
  std::size_t done = 0;
  const auto all = [&] {
    while (done < targets.size() && targets[done].first->acknowledged() >= targets[done].second) {
      ++done;
    }
    return closed_ || done == targets.size();
  };
  ++waiters_;
  const bool ended = deadline == kNoDeadline ? (changed_.wait(lock, all), true)
                                             : changed_.wait_until(lock, deadline, all);
  --waiters_;
  if (done == targets.size()) return {};
  if (ended) return closed_why_;
  return {StatusCode::kTimeout, std::to_string(targets.size() - done) +
                                    " topics have messages that were not acknowledged in time" +
                                    (sending_ ? "" : "; there is no connection to a broker")};
}

void Outbox::refuse_more() {
  const Lock lock(mutex_);
  accepting_ = false;
  changed_.notify_all();
}

void Outbox::close() {
  std::shared_ptr<Sender> last;
  const Lock lock(mutex_);
  last = std::exchange(sender_, nullptr);
  accepting_ = false;
  closed_ = true;
  sending_ = false;
  changed_.notify_all();
}

void Outbox::never_open(Status why) {
  close();
  const Lock lock(mutex_);
  closed_why_ = std::move(why);
}

Status Outbox::status() const {
  const Lock lock(mutex_);
  return accepting_ ? Status() : closed_why_;
}

std::uint64_t Outbox::reach(const Channel& channel) const {
  const Lock lock(mutex_);
  return channel.reach();
}

std::uint64_t Outbox::published(const Channel& channel) const {
  const Lock lock(mutex_);
  return channel.published();
}

std::uint64_t Outbox::acknowledged(const Channel& channel) const {
  const Lock lock(mutex_);
  return channel.acknowledged();
}

void Outbox::count(ClientStats& stats) const {
  const Lock lock(mutex_);
  stats.published = counted_.published;
  stats.acknowledged = counted_.acknowledged;
  stats.refused = counted_.refused;
  stats.resent = counted_.resent;
  stats.batches_sent = counted_.batches_sent;
  stats.queued_bytes = queued_bytes_;
}

void Outbox::connected(std::size_t window, std::size_t max_message_bytes) {
  const Lock lock(mutex_);
  if (closed_) return;
  sending_ = true;
  window_ = window;
  pace_ = Pace();
  broker_message_bytes_ = max_message_bytes;
  std::vector<Channel*> due;
  for (const auto& [topic, channel] : channels_) {
    if (!channel->in_ring && channel->due()) due.push_back(channel.get());
  }
  // In an order that no table decides.
  std::ranges::sort(due, {}, &Channel::topic);
  for (Channel* channel : due) enter_ring(*channel);
}

void Outbox::disconnected() {
  const Lock lock(mutex_);
  sending_ = false;
  for (Channel* channel : ring_) channel->in_ring = false;
  ring_.clear();
  for (const auto& [topic, channel] : channels_) counted_.resent += channel->rewind();
  flying_bytes_ = 0;
  flying_batches_ = 0;
}

void Outbox::hold() {
  const Lock lock(mutex_);
  sending_ = false;
}

bool Outbox::nothing_flies() const {
  const Lock lock(mutex_);
  return flying_batches_ == 0;
}

std::optional<Publication> Outbox::take(Instant now) {
  const Lock lock(mutex_);
  if (!sending_) return {};
  while (!ring_.empty()) {
    Channel& channel = *ring_.front();
    if (!channel.due()) {
      channel.in_ring = false;
      ring_.pop_front();
      continue;
    }
    if (!admits(channel.due_bytes())) return {};
    ring_.pop_front();
    Publication publication = channel.take(now);
    if (channel.collects()) collect(channel);
    ++flying_batches_;
    flying_bytes_ += publication.body.size();
    ++counted_.batches_sent;
    ring_.push_back(&channel);
    return publication;
  }
  return {};
}

/// One batch may always be under way, so that one larger than the window gets through.
bool Outbox::admits(std::size_t bytes) const {
  if (flying_batches_ == 0) return true;
  return flying_bytes_ + bytes <= window_ && flying_batches_ < window_ / kWindowBytesPerBatch;
}

void Outbox::tick(Instant now) {
  const Lock lock(mutex_);
  for (; !collecting_.empty() && collecting_.top().until <= now; collecting_.pop()) {
    Channel& channel = *collecting_.top().channel;
    if (collecting_.top().is_void()) continue;
    channel.stop_collecting();
    if (!channel.in_ring && sending_ && channel.due()) enter_ring(channel);
  }
}

Instant Outbox::next_tick() {
  const Lock lock(mutex_);
  while (!collecting_.empty() && collecting_.top().is_void()) collecting_.pop();
  return collecting_.empty() ? kNoDeadline : collecting_.top().until;
}

/// Returns for how long.
Instant Outbox::collect(Channel& channel) {
  collecting_.push({channel.collects_until(), channel.shared_from_this()});
  return channel.collects_until();
}

void Outbox::enter_ring(Channel& channel) {
  channel.in_ring = true;
  ring_.push_back(&channel);
}

std::optional<PublishRefused> Outbox::acknowledge(Instant now, const PublishAck& ack) {
  const Lock lock(mutex_);
  const auto found = channels_.find(ack.topic);
  if (found == channels_.end() || found->second->publisher() != ack.publisher) return {};
  Channel& channel = *found->second;
  const Channel::Ended ended = channel.acknowledge(ack.up_to);
  flying_batches_ -= ended.flying_batches;
  flying_bytes_ -= ended.flying_bytes;
  queued_bytes_ -= ended.queue_bytes;
  pace_.acknowledged(now, ended.flying_bytes);
  std::optional<PublishRefused> refused;
  if (ack.error.ok()) {
    counted_.acknowledged += ended.messages;
    channel.note_reach(ack.reach);
    channel.stays().acknowledged(now, std::min(ack.up_to, channel.acknowledged()), ack.stream,
                                 ack.number);
  } else if (ended.messages > 0) {
    counted_.refused += ended.messages;
    channel.note_refusal(ack.error);
    refused = PublishRefused{channel.topic(), ended.first, ended.last, ack.error};
  }
  if (!channel.in_ring && sending_ && channel.due()) enter_ring(channel);
  if (waiters_ > 0 && ended.messages > 0) changed_.notify_all();
  return refused;
}

}  // namespace phyllo::internal
