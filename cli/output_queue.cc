#include "cli/output_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace phyllo::cli {

OutputQueue::OutputQueue(std::size_t limit)
    : limit_(limit), fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

OutputQueue::~OutputQueue() { ::close(fd_); }

bool OutputQueue::add(std::string_view bytes) {
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || bytes_.size() < limit_; });
    if (closed_) return false;
    const bool woken = !bytes_.empty();
    bytes_ += bytes;
    if (woken) return true;
  }
  wake();
  return true;
}

void OutputQueue::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
}

void OutputQueue::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  room_.notify_all();
  wake();
}

std::string OutputQueue::take() {
  std::uint64_t ignored = 0;
  [[maybe_unused]] const ssize_t got = read(fd_, &ignored, sizeof ignored);
  std::string taken;
  {
    const std::scoped_lock lock(mutex_);
    taken = std::exchange(bytes_, {});
  }
  room_.notify_all();
  return taken;
}

}  // namespace phyllo::cli
