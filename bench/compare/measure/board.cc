#include "bench/compare/measure/board.h"

#include <sys/mman.h>

#include <new>
#include <stdexcept>
#include <thread>

namespace phyllo::bench {

Board::Board(std::size_t publishers, std::size_t subscribers)
    : bytes_(sizeof(Head) + 64 + publishers * sizeof(PublisherSlot) +
             subscribers * sizeof(SubscriberSlot)) {
  void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory for the board");
  head_ = new (memory) Head{};
  auto* next = static_cast<std::byte*>(memory) + (sizeof(Head) + 63) / 64 * 64;
  publishers_ = {new (next) PublisherSlot[publishers]{}, publishers};
  next += publishers * sizeof(PublisherSlot);
  subscribers_ = {new (next) SubscriberSlot[subscribers]{}, subscribers};
}

Board::~Board() { munmap(head_, bytes_); }

void Board::wait_for(Phase wanted) const {
  while (phase() < wanted) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void Board::fail(const std::string& why) {
  int nobody = 0;
  if (!head_->failed.compare_exchange_strong(nobody, 1)) return;
  why.copy(head_->why, sizeof head_->why - 1);
  head_->failed.store(2);
}

std::string Board::failure() const { return head_->failed.load() == 2 ? head_->why : ""; }

}  // namespace phyllo::bench
