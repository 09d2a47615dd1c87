#include "broker/core/publish_window.h"

#include <algorithm>

namespace phyllo::broker {

bool PublishWindow::admits(std::size_t bytes) const {
  if (batches_ == 0) return true;
  const std::size_t batch_limit = std::max<std::size_t>(1, limit_ / kBytesPerBatch);
  return bytes_ + bytes <= limit_ && batches_ < batch_limit;
}

void PublishWindow::add(const PublisherTopic& key, const TopicName& topic,
                        const multicast::Batch& batch) {
  auto& flight = flights_.try_emplace(key, Flight{topic, {}}).first->second;
  const multicast::Sequence last = batch.publisher_first + batch.count - 1;
  flight.entries.push_back({batch.publisher_first, last, batch.body.size(), std::nullopt});
  bytes_ += batch.body.size();
  ++batches_;
}

void PublishWindow::refuse(const PublisherTopic& key, multicast::Sequence first, Error why,
                           std::vector<client::PublishAck>& due) {
  const auto found = flights_.find(key);
  if (found == flights_.end()) return;
  auto& entries = found->second.entries;
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry& candidate) {
    return candidate.first == first && !candidate.refused;
  });
  if (entry != entries.end()) entry->refused = std::move(why);
  settle(key, 0, {}, due);
}

void PublishWindow::taken(const PublisherTopic& key, multicast::Sequence up_to,
                          const multicast::Reception& reception,
                          std::vector<client::PublishAck>& due) {
  settle(key, up_to, reception, due);
}

std::vector<PublisherTopic> PublishWindow::keys() const {
  std::vector<PublisherTopic> keys;
  keys.reserve(flights_.size());
  for (const auto& [key, flight] : flights_) keys.push_back(key);
  return keys;
}

/// Removes from the front what has come to its end: a run of taken entries makes one
/// acknowledgement, each refused one its own.
void PublishWindow::settle(const PublisherTopic& key, multicast::Sequence up_to,
                           const multicast::Reception& reception,
                           std::vector<client::PublishAck>& due) {
  const auto found = flights_.find(key);
  if (found == flights_.end()) return;
  auto& [topic, entries] = found->second;
  multicast::Sequence run_end = 0;
  const auto end_run = [&] {
    if (run_end != 0) due.push_back({key.second, topic.text(), run_end, reception, std::nullopt});
    run_end = 0;
  };
  while (!entries.empty() && (entries.front().refused || entries.front().last <= up_to)) {
    Entry entry = entries.take_front();
    if (entry.refused) {
      end_run();
      due.push_back({key.second, topic.text(), entry.last, {}, std::move(entry.refused)});
    } else {
      run_end = std::max(run_end, entry.last);
    }
    bytes_ -= entry.bytes;
    --batches_;
  }
  end_run();
  if (entries.empty()) flights_.erase(found);
}

}  // namespace phyllo::broker
