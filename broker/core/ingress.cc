#include "broker/core/ingress.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace phyllo::broker {

void Ingress::add(Waiting waiting) {
  const auto [found, fresh] = topics_.try_emplace(waiting.id);
  if (fresh) ready_.push_back(waiting.id);
  found->second.push_back(std::move(waiting));
  ++size_;
}

const Ingress::Waiting* Ingress::next() const {
  if (ready_.empty()) return nullptr;
  return &topics_.find(ready_.front())->second.front();
}

void Ingress::pop() {
  PHYLLO_CHECK(!ready_.empty());
  const auto found = topics_.find(ready_.front());
  found->second.pop_front();
  --size_;
  if (!found->second.empty()) return;
  topics_.erase(found);
  ready_.pop_front();
}

void Ingress::set_aside() {
  PHYLLO_CHECK(!ready_.empty());
  aside_.insert(ready_.front());
  ready_.pop_front();
}

void Ingress::retry(const multicast::TopicId& topic) {
  if (aside_.erase(topic) > 0) ready_.push_back(topic);
}

void Ingress::retry_all() {
  ready_.insert(ready_.end(), aside_.begin(), aside_.end());
  aside_.clear();
}

void Ingress::drop_session(SessionId session) {
  for (auto topic = topics_.begin(); topic != topics_.end();) {
    size_ -=
        topic->second.remove_if([&](const Waiting& waiting) { return waiting.session == session; });
    if (topic->second.empty()) {
      aside_.erase(topic->first);
      ready_.remove(topic->first);
      topic = topics_.erase(topic);
    } else {
      ++topic;
    }
  }
}

}  // namespace phyllo::broker
