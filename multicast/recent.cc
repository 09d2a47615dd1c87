#include "multicast/recent.h"

#include <utility>

namespace phyllo::multicast {

void Recent::add(Time now, const TopicId& topic, Batch batch) {
  const std::size_t bytes = cost(batch);
  if (bytes > bounds_.topic_bytes || bytes > bounds_.bytes) return forget(topic);
  while (!order_.empty() &&
         (bytes_ + bytes > bounds_.bytes || now - order_.front().when > bounds_.time)) {
    drop_oldest(TopicId(order_.front().topic));
  }
  for (auto of = topics_.find(topic);
       of != topics_.end() && of->second.bytes + bytes > bounds_.topic_bytes;
       of = topics_.find(topic)) {
    drop_oldest(topic);
  }
  OfTopic& of = topics_[topic];
  of.taken.push_back(order_.insert(order_.end(), {topic, now, std::move(batch), bytes}));
  of.bytes += bytes;
  bytes_ += bytes;
}

/// The oldest of a topic; over all topics it is the oldest when it is the first of the order.
void Recent::drop_oldest(const TopicId& topic) {
  const auto found = topics_.find(topic);
  const Order::iterator oldest = found->second.taken.front();
  const std::size_t bytes = oldest->bytes;
  order_.erase(oldest);
  bytes_ -= bytes;
  found->second.bytes -= bytes;
  found->second.taken.pop_front();
  if (found->second.taken.empty()) topics_.erase(found);
}

void Recent::forget(const TopicId& topic) {
  while (topics_.contains(topic)) drop_oldest(topic);
}

std::vector<Recent::Kept> Recent::take(Time now, const TopicId& topic) {
  std::vector<Kept> kept;
  const auto found = topics_.find(topic);
  if (found == topics_.end()) return kept;
  for (const Order::iterator& taken : found->second.taken) {
    if (now - taken->when <= bounds_.time) kept.push_back({std::move(taken->batch), taken->when});
  }
  forget(topic);
  return kept;
}

}  // namespace phyllo::multicast
