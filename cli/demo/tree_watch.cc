#include "cli/demo/tree_watch.h"

#include <chrono>
#include <utility>

namespace phyllo::cli {

TreeWatch::TreeWatch(Client& client, std::string topic)
    : client_(client), topic_(std::move(topic)), thread_([this] { watch(); }) {}

TreeWatch::~TreeWatch() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  end_.notify_all();
  thread_.join();
}

std::optional<TreeInfo> TreeWatch::latest() const {
  const std::scoped_lock lock(mutex_);
  return latest_;
}

void TreeWatch::watch() {
  constexpr std::chrono::seconds kPeriod{1};
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    StatusOr<TreeInfo> tree = client_.tree(topic_, kPeriod);
    lock.lock();
    if (tree) latest_ = *tree;
    end_.wait_for(lock, kPeriod, [this] { return ending_; });
  }
}

}  // namespace phyllo::cli
