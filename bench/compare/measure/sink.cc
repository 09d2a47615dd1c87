#include "bench/compare/measure/sink.h"

namespace phyllo::bench {
namespace {

constexpr auto kPlain = std::memory_order_relaxed;

void count(std::atomic<std::uint64_t>& counter) { counter.store(counter.load(kPlain) + 1, kPlain); }

}  // namespace

Sink::Sink(const Workload& workload, const Board& board, SubscriberSlot& slot)
    : workload_(workload),
      board_(board),
      slot_(slot),
      content_(workload.payload),
      next_(workload.topics, 0),
      heard_(workload.topics, false) {}

void Sink::take(std::string_view message) {
  const auto stamp = content_.read(message);
  if (!stamp || stamp->topic >= next_.size()) return count(slot_.damaged);
  if (stamp->number == kWarmUp) return warm_up(stamp->topic);
  std::uint32_t& next = next_[stamp->topic];
  if (stamp->number < next) return count(slot_.disordered);
  next = stamp->number + 1;
  slot_.delivered.store(++delivered_, kPlain);
  if (workload_.paced()) {
    const std::int64_t now = now_ns();
    slot_.latency.add(std::chrono::nanoseconds(now - stamp->planned_at));
    slot_.last_at.store(now, kPlain);
  } else if (delivered_ % 256 == 0 || board_.phase() == Phase::kFinish) {
    slot_.last_at.store(now_ns(), kPlain);
  }
}

void Sink::told_of_loss(std::uint64_t messages) {
  slot_.told_lost.store(slot_.told_lost.load(kPlain) + messages, kPlain);
}

void Sink::warm_up(std::uint32_t topic) {
  if (heard_[topic]) return;
  heard_[topic] = true;
  count(slot_.topics_heard);
}

}  // namespace phyllo::bench
