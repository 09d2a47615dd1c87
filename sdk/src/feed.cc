#include "sdk/src/feed.h"

#include <algorithm>
#include <utility>

namespace phyllo::internal {
namespace {

/// One turn of the dispatcher.
constexpr std::size_t kTurnItems = 64;
constexpr std::uint64_t kTurnBytes = 64 * 1024;
constexpr std::uint64_t kLeastCredit = 4096;

}  // namespace

Feed::Feed(Setup setup, std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Dispatcher> dispatcher,
           std::shared_ptr<Events> events)
    : id_(setup.id),
      topic_(std::make_shared<const std::string>(std::move(setup.topic))),
      pulls_(!setup.on_message),
      policy_(setup.options.policy),
      casts_(setup.options.casts),
      queue_bytes_(setup.options.queue_bytes),
      credit_bytes_(std::max<std::uint64_t>(setup.options.credit_bytes, kLeastCredit)),
      deadline_(setup.deadline),
      patience_(setup.patience),
      mailbox_(std::move(mailbox)),
      dispatcher_(std::move(dispatcher)),
      events_(std::move(events)),
      handlers_(std::make_shared<Handlers>(Handlers{std::move(setup.on_message),
                                                    std::move(setup.options.on_gap),
                                                    std::move(setup.on_done)})) {}

// --- the reactor ---

Subscribe Feed::begin_session() {
  const Lock lock(mutex_);
  ahead_.reset();
  // What still waits here counts: the bound holds across reconnects.
  credit_left_ = 0;
  credit_left_ = static_cast<std::int64_t>(credit_due());
  return {id_, *topic_, policy_, static_cast<std::uint64_t>(credit_left_), queue_bytes_, casts_};
}

void Feed::live(Instant now, const std::optional<Position>& position) {
  Lock lock(mutex_);
  if (phase_ == Phase::kEnded) return;
  tracker_.live(now);
  if (ahead_) {
    ahead_->position = position;
    return;
  }
  if (position) {
    if (const auto hole = tracker_.resume(*position)) push_hole(*hole);
  }
  if (phase_ == Phase::kPending)
    settle(std::move(lock), Phase::kLive, Status());
  else
    schedule(std::move(lock));
}

bool Feed::deliver(Instant now, const Deliver& batch, const Payload& body) {
  Lock lock(mutex_);
  if (phase_ == Phase::kEnded) return true;
  if (credit_left_ <= 0) return false;
  credit_left_ -= static_cast<std::int64_t>(body.size() + kDeliverOverhead);
  const bool kept = accept(lock, now, batch, body);
  schedule(std::move(lock));
  return kept;
}

bool Feed::accept(Lock& lock, Instant now, const Deliver& batch, const Payload& body) {
  const StreamTracker::Verdict verdict = tracker_.deliver(now, batch);
  for (const Hole& hole : verdict.holes) {
    if (!push_hole(hole)) return false;
  }
  stats_.duplicates += verdict.skip;
  const std::uint64_t cost = body.size() + kDeliverOverhead;
  stats_.waiting += cost;
  if (verdict.skip < batch.count) return push(BatchCursor(topic_, batch, body, verdict.skip));
  lock.unlock();
  consumed({cost, 0, 0});
  lock.lock();
  return true;
}

bool Feed::gap(Gap gap) {
  Lock lock(mutex_);
  if (phase_ == Phase::kEnded) return true;
  const bool kept = accept(std::move(gap));
  schedule(std::move(lock));
  return kept;
}

bool Feed::accept(Gap gap) {
  std::optional<Gap> rest = tracker_.gap(std::move(gap));
  if (!rest) return true;
  rest->topic = *topic_;
  return push(*std::move(rest));
}

bool Feed::push_hole(const Hole& hole) {
  Gap gap;
  gap.topic = *topic_;
  gap.scope = hole.scope;
  gap.stream = hole.stream;
  gap.publisher = hole.publisher;
  gap.from = hole.first;
  gap.to = hole.last;
  gap.why = "missed";
  return push(std::move(gap));
}

bool Feed::push(Item item) {
  if (items_.size() >= kMostItems) return false;
  if (const auto* gap = std::get_if<Gap>(&item)) {
    ++stats_.gaps;
    stats_.missed += gap->count();
  }
  items_.push_back(std::move(item));
  return true;
}

/// Tells whoever waits for items, the last thing done under the lock.
void Feed::schedule(Lock lock) {
  const bool something = done_due_ || (!pulls_ && !items_.empty());
  const bool post = something && !scheduled_ && !cancelled_;
  if (post) scheduled_ = true;
  lock.unlock();
  changed_.notify_all();
  if (post) dispatcher_->post(shared_from_this());
}

void Feed::settle(Lock lock, Phase phase, Status status) {
  if (phase_ == Phase::kPending && handlers_ && handlers_->done) done_due_ = status;
  phase_ = phase;
  status_ = std::move(status);
  schedule(std::move(lock));
}

bool Feed::take_cast(From from, const Payload& body) {
  Lock lock(mutex_);
  if (phase_ == Phase::kEnded || casts_ != Casts::kTake) return false;
  const bool ahead = from == From::kNext;
  if (ahead && !ahead_) return false;
  std::int64_t& credit = ahead ? ahead_->credit_left : credit_left_;
  if (credit <= 0) return false;
  BatchCursor cast(topic_, Deliver(), body, 0);
  const std::uint64_t cost = cast.cost();
  if (!push(std::move(cast))) return false;
  credit -= static_cast<std::int64_t>(cost);
  stats_.waiting += cost;
  schedule(std::move(lock));
  return true;
}

std::uint64_t Feed::take_credit() {
  const Lock lock(mutex_);
  credit_announced_ = false;
  const std::uint64_t due = credit_due();
  credit_left_ += static_cast<std::int64_t>(due);
  return due;
}

/// Under the lock. What may be granted so that no more than the bound waits here or comes.
std::uint64_t Feed::credit_due() const {
  const auto bound = static_cast<std::int64_t>(credit_bytes_);
  const auto taken = credit_left_ + static_cast<std::int64_t>(stats_.waiting);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(bound - taken, 0));
}

void Feed::end(Status why) {
  Lock lock(mutex_);
  if (phase_ != Phase::kEnded) settle(std::move(lock), Phase::kEnded, std::move(why));
}

void Feed::release_handlers() {
  std::shared_ptr<const Handlers> last;
  const Lock lock(mutex_);
  if (!pulls_) last = std::exchange(handlers_, nullptr);
}

// --- the program ---

Status Feed::status() const {
  const Lock lock(mutex_);
  if (phase_ == Phase::kPending) {
    return {StatusCode::kUnavailable, "the subscription to " + *topic_ + " is not live yet"};
  }
  return status_;
}

Status Feed::wait_live() {
  Lock lock(mutex_);
  // Always ends: the reactor enforces the deadline, and closing ends every feed.
  changed_.wait(lock, [&] { return phase_ != Phase::kPending; });
  return status_;
}

std::optional<Message> Feed::next(std::chrono::milliseconds timeout) {
  if (!pulls_) return {};
  const Instant deadline = deadline_after(Clock::now(), timeout);
  Lock lock(mutex_);
  const auto ready = [&] { return !items_.empty() || phase_ == Phase::kEnded; };
  while (true) {
    if (deadline == kNoDeadline) {
      changed_.wait(lock, ready);
    } else if (!changed_.wait_until(lock, deadline, ready)) {
      return {};
    }
    if (items_.empty()) return {};
    if (std::holds_alternative<BatchCursor>(items_.front())) return take_message(lock);
    const Gap gap = std::get<Gap>(items_.take_front());
    const auto handlers = handlers_;
    lock.unlock();
    if (handlers) hand_over(gap, *handlers);
    lock.lock();
  }
}

std::optional<Message> Feed::take_message(Lock& lock) {
  auto& batch = std::get<BatchCursor>(items_.front());
  Message message = batch.take();
  std::uint64_t cost = 0;
  if (batch.done()) {
    cost = batch.cost();
    items_.pop_front();
  }
  lock.unlock();
  consumed({cost, 1, message.payload().size()});
  return message;
}

void Feed::cancel() {
  std::shared_ptr<const Handlers> last;
  Fifo<Item> dropped;
  bool leave = false;
  bool runs = false;
  {
    const Lock lock(mutex_);
    runs = running_ != std::thread::id();
    if (!cancelled_.exchange(true)) {
      leave = phase_ != Phase::kEnded;
      if (leave) status_ = Status(StatusCode::kClosed, "unsubscribed from " + *topic_);
      phase_ = Phase::kEnded;
      done_due_.reset();
      dropped.swap(items_);
      last = std::exchange(handlers_, nullptr);
    }
  }
  changed_.notify_all();
  if (leave) mailbox_->post(Leave{id_});
  if (runs) wait_for_callback();
}

/// Not for its own: a callback may end its subscription.
void Feed::wait_for_callback() {
  Lock lock(mutex_);
  if (running_ == std::this_thread::get_id()) return;
  const auto returned = [&] { return running_ == std::thread::id(); };
  const Instant deadline = deadline_after(Clock::now(), patience_);
  if (deadline == kNoDeadline) {
    changed_.wait(lock, returned);
  } else {
    changed_.wait_until(lock, deadline, returned);
  }
}

SubscriptionStats Feed::stats() const {
  const Lock lock(mutex_);
  return stats_;
}

// --- a callback thread ---

bool Feed::run() noexcept {
  std::shared_ptr<const Handlers> handlers;
  std::optional<Status> done;
  Fifo<Item> items;
  {
    const Lock lock(mutex_);
    if (cancelled_ || !handlers_) return scheduled_ = false;
    running_ = std::this_thread::get_id();
    handlers = handlers_;
    done = std::exchange(done_due_, std::nullopt);
    if (!pulls_) items = take_some();
  }
  if (done && handlers->done) events_->guarded(handlers->done, *done);
  Consumed last;
  for (Item& item : items) {
    if (last.cost > 0) consumed(std::exchange(last, {}));
    if (cancelled_) break;
    if (auto* batch = std::get_if<BatchCursor>(&item)) {
      last = hand_over(*batch, *handlers);
    } else {
      hand_over(std::get<Gap>(item), *handlers);
    }
  }
  bool more = false;
  bool grant = false;
  {
    const Lock lock(mutex_);
    grant = count(last);
    running_ = {};
    more = !cancelled_ && (done_due_ || (!pulls_ && !items_.empty()));
    scheduled_ = more;
  }
  changed_.notify_all();
  if (grant) mailbox_->post(CreditDue{id_});
  return more;
}

/// Under the lock. Enough to be worth a turn, little enough to be fair to others.
Fifo<Feed::Item> Feed::take_some() {
  if (items_.size() == 1) return std::exchange(items_, {});
  Fifo<Item> items;
  std::uint64_t bytes = 0;
  while (!items_.empty() && items.size() < kTurnItems && bytes < kTurnBytes) {
    if (const auto* batch = std::get_if<BatchCursor>(&items_.front())) bytes += batch->cost();
    items.push_back(items_.take_front());
  }
  return items;
}

Feed::Consumed Feed::hand_over(BatchCursor& batch, const Handlers& handlers) {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  while (!batch.done() && !cancelled_) {
    const Message message = batch.take();
    ++messages;
    bytes += message.payload().size();
    events_->guarded(handlers.message, message);
  }
  return {batch.cost(), messages, bytes};
}

void Feed::hand_over(const Gap& gap, const Handlers& handlers) {
  if (handlers.gap) events_->guarded(handlers.gap, gap);
}

void Feed::consumed(const Consumed& what) {
  bool grant = false;
  {
    const Lock lock(mutex_);
    grant = count(what);
  }
  if (grant) mailbox_->post(CreditDue{id_});
}

/// Under the lock. Whether credit is to be granted: in steps of a quarter, seldom enough to be
/// cheap, early enough to keep a broker sending.
bool Feed::count(const Consumed& what) {
  stats_.messages += what.messages;
  stats_.bytes += what.bytes;
  stats_.waiting -= what.cost;
  if (credit_due() < credit_bytes_ / 4 || phase_ == Phase::kEnded) return false;
  return !std::exchange(credit_announced_, true);
}

}  // namespace phyllo::internal
