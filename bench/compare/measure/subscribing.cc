#include <unistd.h>

#include <algorithm>
#include <memory>

#include "bench/compare/measure/programs.h"

namespace phyllo::bench {
namespace {

struct Seat {
  Seat(const Stage& stage, std::size_t index)
      : sink(stage.workload, stage.board, stage.board.subscribers()[index]),
        subscriber(stage.cluster.subscriber(index, stage.workload.topics_of(index), sink)) {}

  Sink sink;
  std::unique_ptr<Subscriber> subscriber;
};

/// When the phase for it has come.
void unsubscribe(const Stage& stage, const std::vector<std::unique_ptr<Seat>>& seats,
                 std::size_t first) {
  stage.board.wait_for(Phase::kFinish);
  for (std::size_t i = 0; i < seats.size(); ++i) {
    SubscriberSlot& slot = stage.board.subscribers()[first + i];
    slot.unanswered = seats[i]->subscriber->unsubscribe() == Subscriber::Farewell::kUnanswered;
    slot.left = true;
  }
}

void subscribe(const Stage& stage, std::size_t first, std::size_t last) {
  try {
    std::vector<std::unique_ptr<Seat>> seats;
    for (std::size_t i = first; i < last; ++i) {
      seats.push_back(std::make_unique<Seat>(stage, i));
      stage.board.subscribers()[i].ready = true;
    }
    if (stage.workload.idle()) unsubscribe(stage, seats, first);
    while (true) pause();  // to be killed; to look at the board would cost processor time
  } catch (const std::exception& error) {
    stage.board.fail(error.what());
    throw;
  }
}

}  // namespace

std::vector<Fork> start_subscribers(const Stage& stage) {
  std::vector<Fork> processes;
  const std::size_t all = stage.workload.subscribers;
  for (std::size_t first = 0; first < all; first += stage.workload.crowd) {
    const std::size_t last = std::min(all, first + stage.workload.crowd);
    processes.emplace_back([&] { subscribe(stage, first, last); });
  }
  return processes;
}

}  // namespace phyllo::bench
