#include "multicast/ingress.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace phyllo::multicast {
namespace {

/// Under way to a root and not acknowledged, at most: enough for a fast long link, not enough to
/// flood a slow one.
constexpr std::size_t kWindowBytes = 4 << 20;
/// How long the root of a topic is remembered when nothing is published to it.
constexpr Duration kIdle = std::chrono::minutes(1);
constexpr std::size_t kMaxIdle = 100'000;
constexpr std::uint32_t kMaxDoublings = 4;
/// Kept of a topic after it was taken.
constexpr std::size_t kRecentBytes = 1 << 20;

}  // namespace

Ingress::Ingress(ForestState& state, Intake& intake)
    : state_(state),
      intake_(intake),
      recent_({.time = state.config.parent_timeout + 2 * state.settling(),
               .key_bytes = kRecentBytes,
               .bytes = state.config.recent_bytes}) {}

Ingress::~Ingress() {
  queues_.for_each([](Queue& queue) { delete &queue; });
}

Outcome Ingress::publish(Turn& turn, const TopicName& name, const TopicId& topic, Batch batch) {
  const std::size_t bytes = cost(batch);
  Queue* const found = queues_.find(topic);
  if (found == nullptr && !state_.admits(name)) {
    return Error{ErrorCode::kRefused, "topic '" + name.text() + "' must not be used here"};
  }
  const std::size_t queued = found == nullptr ? 0 : found->bytes;
  if (queued + bytes > state_.config.ingress_bytes_per_topic ||
      state_.stats.ingress_bytes + bytes > state_.config.ingress_bytes) {
    return Error{ErrorCode::kQueueFull, "publications wait for the root of " + name.text()};
  }
  Queue& queue = found == nullptr ? add(topic) : *found;
  if (state_.config.extent == Extent::kRegion) queue.name = Boxed<TopicName>(name);
  if (queue.stays.empty()) queue.stays = stays_.take(topic, batch.publisher);
  state_.stats.published_messages += batch.count;
  state_.stats.published_bytes += batch.body.size();
  state_.stats.ingress_bytes += bytes;
  queue.bytes += bytes;
  queue.batches.push_back({std::move(batch), turn.now()});
  // Where this node is the root, it is taken at once, and nothing has to be expected.
  const bool here = queue.phase != Queue::Phase::kWaiting && state_.is_root(turn.now(), topic);
  if (queue.batches.size() == 1 && !here) expect_progress(turn, queue);
  pump(turn, queue);
  return Done{};
}

Ingress::Queue& Ingress::add(const TopicId& topic) {
  auto queue = std::make_unique<Queue>(topic);
  queues_.insert(*queue);
  return *queue.release();
}

void Ingress::pump(Turn& turn, Queue& queue) {
  using Phase = Queue::Phase;
  if (queue.phase == Phase::kWaiting || queue.batches.empty()) return;
  if (state_.is_root(turn.now(), queue.topic)) return pump_locally(turn, queue);
  if (queue.phase == Phase::kIdle) return locate(turn, queue);
  if (queue.phase == Phase::kLocating) return;
  while (queue.sent < queue.batches.size()) {
    const std::size_t bytes = cost(queue.batches[queue.sent].batch);
    if (queue.sent > 0 && queue.sent_bytes + bytes > kWindowBytes) break;
    turn.send(*queue.root, publication(turn, queue));
    ++queue.sent;
    queue.sent_bytes += bytes;
  }
}

/// Says where earlier messages of the publisher went, too: a batch that a broker could not yet
/// publish when they were taken does not know.
Publish Ingress::publication(Turn& turn, const Queue& queue) const {
  const Entry& entry = queue.batches[queue.sent];
  Publish publish{queue.topic, queue.attempt, queue.base + queue.sent, entry.batch};
  publish.batch.stays = entry.batch.publisher == queue.stays.publisher()
                            ? queue.stays.of(turn.now(), entry.batch, entry.since)
                            : stays_.of(turn.now(), queue.topic, entry.batch, entry.since);
  return publish;
}

void Ingress::pump_locally(Turn& turn, Queue& queue) {
  queue.phase = Queue::Phase::kIdle;
  queue.root.reset();
  begin_attempt(queue);
  if (queue.name) intake_.expect(turn, *queue.name);
  while (!queue.batches.empty()) {
    const auto answer = intake_.offer(turn, state_.self(), publication(turn, queue));
    if (answer.refused) return pause(turn, queue);
    queue.sent = 1;
    taken(turn, queue, queue.base + 1, answer.reception);
  }
  expect_progress(turn, queue);
}

void Ingress::locate(Turn& turn, Queue& queue) {
  queue.root.reset();
  queue.phase = Queue::Phase::kIdle;
  begin_attempt(queue);
  if (state_.node.active()) {
    queue.phase = Queue::Phase::kLocating;
    turn.route(queue.topic.key(), Locate{queue.topic, queue.attempt, queue.name.optional()});
  }
  expect_progress(turn, queue);
}

void Ingress::begin_attempt(Queue& queue) {
  queue.attempt = state_.next_attempt();
  queue.base = 0;
  queue.sent = 0;
  queue.sent_bytes = 0;
}

void Ingress::pause(Turn& turn, Queue& queue) {
  queue.phase = Queue::Phase::kWaiting;
  set_due(queue, turn.now() + state_.random.around(state_.config.heartbeat / 2, 0.25));
}

void Ingress::expect_progress(Turn& turn, Queue& queue) {
  if (queue.batches.empty()) {
    set_due(queue, turn.now() + (queues_.size() > kMaxIdle ? Duration(0) : kIdle));
    return;
  }
  const auto doublings = std::min(queue.failures, kMaxDoublings);
  const Duration wait = state_.config.publish_retry * (1 << doublings);
  set_due(queue, turn.now() + state_.random.around(wait, 0.25));
}

Ingress::Queue* Ingress::current(const TopicId& topic, Attempt attempt) {
  Queue* const found = queues_.find(topic);
  return found != nullptr && found->attempt == attempt ? found : nullptr;
}

void Ingress::on_root_is(Turn& turn, const overlay::Contact& from, const RootIs& root_is) {
  Queue* queue = current(root_is.topic, root_is.attempt);
  if (queue == nullptr || queue->phase != Queue::Phase::kLocating) return;
  const overlay::Contact& root = root_is.successor ? *root_is.successor : from;
  if (root.id() == state_.self()) {
    // It will be this node, once it has seen that the present root is gone.
    begin_attempt(*queue);
    return pause(turn, *queue);
  }
  queue->phase = Queue::Phase::kSending;
  queue->root = Boxed<overlay::Contact>(root);
  // The one that took the last batches neither passed this topic on nor lives where it did.
  if (queue->taken_by && *queue->taken_by != queue->root->id()) take_back_recent(turn, *queue);
  pump(turn, *queue);
}

void Ingress::on_ack(Turn& turn, const overlay::Contact& from, const PublishAck& ack) {
  Queue* queue = current(ack.topic, ack.attempt);
  if (queue == nullptr || !queue->root || queue->root->id() != from.id()) return;
  if (ack.taken > queue->base) {
    taken(turn, *queue, ack.taken, ack.reception);
    queue->failures = 0;
    expect_progress(turn, *queue);
  }
  pump(turn, *queue);
}

void Ingress::on_nack(Turn& turn, const overlay::Contact& from, const PublishNack& nack) {
  const TopicId& topic = nack.upto.topic;
  Queue* queue = current(topic, nack.upto.attempt);
  if (queue == nullptr || !queue->root || queue->root->id() != from.id()) return;
  taken(turn, *queue, nack.upto.taken, nack.upto.reception);
  if (queue->batches.empty()) return expect_progress(turn, *queue);
  switch (nack.reason) {
    case PublishNack::Reason::kUnsettled:
    case PublishNack::Reason::kUnwanted:  // said to other regions only
      begin_attempt(*queue);
      return pause(turn, *queue);
    case PublishNack::Reason::kOutOfOrder:
      // At once for the first time: something was lost on the way.
      begin_attempt(*queue);
      return queue->failures++ == 0 ? pump(turn, *queue) : pause(turn, *queue);
    case PublishNack::Reason::kNotRoot:
      // At once for the first time; a root that is still on its way would otherwise be asked in a
      // tight loop.
      queue->taken_by.reset();
      recent_.forget(topic);
      if (queue->failures++ == 0) return locate(turn, *queue);
      queue->root.reset();
      begin_attempt(*queue);
      return pause(turn, *queue);
  }
}

void Ingress::on_dropped(Turn& turn, const Publish& publish) {
  Queue* queue = current(publish.topic, publish.attempt);
  if (queue == nullptr || queue->phase != Queue::Phase::kSending) return;
  begin_attempt(*queue);
  pause(turn, *queue);
}

void Ingress::taken(Turn& turn, Queue& queue, std::uint64_t taken, const Reception& reception) {
  while (queue.base < taken && queue.sent > 0) {
    Entry entry = queue.batches.take_front();
    const Batch& batch = entry.batch;
    if (!entry.again) {
      auto& reports = reports_[{queue.topic, batch.publisher}];
      const bool same =
          !reports.empty() && reports.back().reception.at.stream == reception.at.stream;
      if (!same) reports.emplace_back();
      const Sequence last = batch.publisher_first + batch.count - 1;
      reports.back() = {std::max(reports.back().up_to, last), reception};
    }
    const std::size_t bytes = cost(batch);
    queue.bytes -= bytes;
    queue.sent_bytes -= std::min(queue.sent_bytes, bytes);
    state_.stats.ingress_bytes -= bytes;
    ++queue.base;
    --queue.sent;
    // A reader that began while it was under way does not expect it.
    if (batch.publisher == queue.stays.publisher()) {
      queue.stays.taken(entry.since, batch, reception.at);
    } else {
      stays_.taken(entry.since, queue.topic, batch, reception.at);
    }
    if (!queue.root) continue;
    queue.taken_by = queue.root->id();
    recent_.add(turn.now(), queue.topic, std::move(entry.batch), bytes);
  }
}

void Ingress::take_back_recent(Turn& turn, Queue& queue) {
  queue.taken_by.reset();
  auto kept = recent_.take(turn.now(), queue.topic);
  for (auto latest = kept.rbegin(); latest != kept.rend(); ++latest) {
    const std::size_t bytes = cost(latest->item);
    if (state_.stats.ingress_bytes + bytes > state_.config.ingress_bytes) return;
    queue.bytes += bytes;
    state_.stats.ingress_bytes += bytes;
    queue.batches.push_front({std::move(latest->item), latest->when, true});
  }
}

std::vector<Ingress::Queue*> Ingress::in_order() const {
  std::vector<Queue*> queues = queues_.all();
  std::ranges::sort(queues, {}, &Queue::topic);
  return queues;
}

void Ingress::peer_lost(Turn& turn, overlay::NodeId peer) {
  for (Queue* const each : in_order()) {
    Queue& queue = *each;
    if (queue.taken_by == peer)
      take_back_recent(turn, queue);
    else if (queue.failures == 0 && (!queue.root || queue.root->id() != peer))
      continue;
    // Nor does what waits out a root's silence wait any longer: this may have been that root.
    queue.failures = 0;
    queue.root.reset();
    queue.phase = Queue::Phase::kIdle;
    if (!queue.batches.empty()) locate(turn, queue);
  }
}

void Ingress::leaf_set_changed(Turn& turn) {
  for (Queue* const queue : in_order()) {
    const bool unasked = queue->phase == Queue::Phase::kIdle;
    if (unasked || state_.is_root(turn.now(), queue->topic)) pump(turn, *queue);
  }
}

void Ingress::flush(Turn& turn) {
  std::erase_if(reports_, [&](const auto& entry) {
    const auto& [key, reports] = entry;
    if (state_.holds.holds(turn.now(), key.first)) return false;
    for (const Report& report : reports) {
      turn.emit(PublishTaken{key.first, key.second, report.up_to, report.reception});
    }
    return true;
  });
}

void Ingress::set_due(Queue& queue, Time when) {
  queue.due = when;
  if (when < queue.next_look) look_at(queue, when);
}

void Ingress::look_at(Queue& queue, Time when) {
  looks_.erase({queue.next_look, queue.topic});
  queue.next_look = when;
  looks_.emplace(when, queue.topic);
}

void Ingress::tick(Turn& turn) {
  std::vector<Queue*> looked_at;
  while (!looks_.empty() && looks_.begin()->first <= turn.now()) {
    Queue& queue = *queues_.find(looks_.begin()->second);
    looks_.erase(looks_.begin());
    queue.next_look = kNever;
    if (queue.due <= turn.now()) {
      looked_at.push_back(&queue);
    } else {
      look_at(queue, queue.due);
    }
  }
  for (Queue* const queue : looked_at) {
    if (queue->batches.empty()) {
      remove(turn, *queue);
      continue;
    }
    if (queue->phase != Queue::Phase::kWaiting) {
      ++queue->failures;
      queue->root.reset();
    }
    resume(turn, *queue);
  }
}

void Ingress::remove(Turn& turn, Queue& queue) {
  looks_.erase({queue.next_look, queue.topic});
  if (!queue.stays.empty()) stays_.put(turn.now(), queue.topic, std::move(queue.stays));
  const std::unique_ptr<Queue> removed(queues_.remove(queue.topic));
}

void Ingress::resume(Turn& turn, Queue& queue) {
  queue.phase = queue.root ? Queue::Phase::kSending : Queue::Phase::kIdle;
  expect_progress(turn, queue);
  pump(turn, queue);
}

}  // namespace phyllo::multicast
