#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace phyllo::cli {

/// The books of a demo: what was published, and what each subscriber received of it, checked number
/// by number. It trusts no gap notice: a hole is what the publishers' own numbers say it is. Not
/// thread-safe.
class DeliveryLedger {
 public:
  using Publisher = std::uint64_t;
  using Sequence = std::uint64_t;
  static constexpr std::size_t kMostStreams = 10'000;  ///< for each subscriber

  explicit DeliveryLedger(std::size_t subscribers) : subscribers_(subscribers) {}

  /// The demo itself has published messages 1 to `last` of `topic` as `publisher`: every subscriber
  /// must receive them all.
  void published(const std::string& topic, Publisher publisher, Sequence last);
  /// Messages of any other publisher are expected without holes from the first one that arrives.
  /// Of very many publishers only the first kMostStreams are checked; all are counted.
  void received(std::size_t subscriber, const std::string& topic, Publisher publisher,
                Sequence sequence);

  struct Counts {
    std::uint64_t published = 0;
    std::uint64_t received = 0;  ///< by all subscribers together
    std::uint64_t missing = 0;   ///< holes, each counted where it was seen
    std::uint64_t repeated = 0;  ///< received twice or out of order
  };
  Counts of_topic(const std::string& topic) const;
  Counts of_subscriber(std::size_t subscriber) const;
  Counts total() const;
  /// What was published and has not arrived at each subscriber by now (holes not included).
  std::uint64_t outstanding() const;

 private:
  struct Stream {
    Sequence next = 0;  ///< the number expected next; 0: none arrived yet
    Counts counts;
  };
  using Source = std::pair<std::string, Publisher>;
  struct Subscriber {
    std::map<Source, Stream> streams;
    std::uint64_t unchecked = 0;  ///< received beyond kMostStreams
  };

  std::vector<Subscriber> subscribers_;
  std::map<Source, Sequence> published_;
};

}  // namespace phyllo::cli
