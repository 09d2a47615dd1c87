#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/fifo.h"
#include "base/result.h"
#include "base/topic_name.h"
#include "broker/core/client_messages.h"
#include "multicast/topic_id.h"

namespace phyllo::broker {

/// Who publishes where: acknowledgements are cumulative per such pair.
using PublisherTopic = std::pair<multicast::TopicId, multicast::PublisherId>;

/// What one program has published and not been told the end of. Acknowledgements leave in the order
/// of the publications, refusals among them in their place, since an acknowledgement speaks of
/// everything before it too. Not thread-safe.
class PublishWindow {
 public:
  explicit PublishWindow(std::size_t limit) : limit_(limit) {}

  /// Whether a batch of this size may come now: always one, further ones within the limit.
  bool admits(std::size_t bytes) const;
  void add(const PublisherTopic& key, const TopicName& topic, const multicast::Batch& batch);
  /// Of batches added before: the first one numbered so is refused. Appends the acknowledgements
  /// that became due.
  void refuse(const PublisherTopic& key, multicast::Sequence first, Error why,
              std::vector<client::PublishAck>& due);
  /// The root has everything of the publisher's up to there.
  void taken(const PublisherTopic& key, multicast::Sequence up_to,
             const multicast::Reception& reception, std::vector<client::PublishAck>& due);

  bool waits_for(const PublisherTopic& key) const { return flights_.contains(key); }
  std::vector<PublisherTopic> keys() const;
  std::size_t bytes() const { return bytes_; }

  /// A program may have one batch per this many bytes of its window under way, however small they
  /// are.
  static constexpr std::size_t kBytesPerBatch = 16;

 private:
  struct Entry {
    multicast::Sequence first;
    multicast::Sequence last;
    std::size_t bytes;
    std::optional<Error> refused;
  };
  struct Flight {
    TopicName topic;
    Fifo<Entry> entries;
  };
  void settle(const PublisherTopic& key, multicast::Sequence up_to,
              const multicast::Reception& reception, std::vector<client::PublishAck>& due);

  std::size_t limit_;
  std::size_t bytes_ = 0;
  std::size_t batches_ = 0;
  std::map<PublisherTopic, Flight> flights_;
};

}  // namespace phyllo::broker
