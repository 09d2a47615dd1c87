#include "cli/demo/cluster_watch.h"

#include <utility>

namespace phyllo::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPeriod{1000};
constexpr std::chrono::milliseconds kGlance{20};
/// A survey of all regions takes no longer, even when one of them is silent.
constexpr std::chrono::milliseconds kAnswer{10'000};

}  // namespace

ClusterWatch::ClusterWatch(Stations& stations, std::string topic)
    : stations_(stations), topic_(std::move(topic)), thread_([this] { watch(); }) {}

ClusterWatch::~ClusterWatch() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

ClusterWatch::View ClusterWatch::latest() const {
  const std::scoped_lock lock(mutex_);
  return latest_;
}

ClusterWatch::View ClusterWatch::fresh(const GivenUp& given_up) {
  std::unique_lock lock(mutex_);
  const std::uint64_t number = begun_ + 1;
  wanted_ = number;
  changed_.notify_all();
  const auto until = Clock::now() + 2 * kAnswer;
  while (ended_ < number && Clock::now() < until && !given_up()) changed_.wait_for(lock, kGlance);
  return latest_;
}

void ClusterWatch::watch() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    ++begun_;
    View view = latest_;
    lock.unlock();
    view = look(std::move(view));
    lock.lock();
    latest_ = std::move(view);
    ended_ = begun_;
    changed_.notify_all();
    changed_.wait_for(lock, kPeriod, [this] { return ending_ || wanted_ > begun_; });
  }
}

ClusterWatch::View ClusterWatch::look(View last) {
  StatusOr<TreeInfo> tree = stations_.publishing().tree(topic_, kAnswer);
  if (tree) last.tree = *std::move(tree);
  const std::vector<BordersInfo> answers = stations_.borders(kAnswer);
  if (answers.empty()) return last;
  last.borders = add_up(answers, {});
  rates_.look(answers, Clock::now(), last.borders);
  return last;
}

}  // namespace phyllo::cli
