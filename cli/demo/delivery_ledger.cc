#include "cli/demo/delivery_ledger.h"

namespace phyllo::cli {
namespace {

void add(DeliveryLedger::Counts& sum, const DeliveryLedger::Counts& part) {
  sum.received += part.received;
  sum.missing += part.missing;
  sum.repeated += part.repeated;
}

}  // namespace

void DeliveryLedger::published(const std::string& topic, Publisher publisher, Sequence last) {
  published_[{topic, publisher}] = last;
}

void DeliveryLedger::received(std::size_t subscriber, const std::string& topic, Publisher publisher,
                              Sequence sequence) {
  const Source source{topic, publisher};
  const bool own = published_.contains(source);
  auto& [streams, unchecked] = subscribers_.at(subscriber);
  if (!own && streams.size() >= kMostStreams && !streams.contains(source)) {
    ++unchecked;
    return;
  }
  Stream& stream = streams[source];
  if (stream.next == 0) stream.next = own ? 1 : sequence;
  if (sequence < stream.next) {
    ++stream.counts.repeated;
    return;
  }
  stream.counts.missing += sequence - stream.next;
  ++stream.counts.received;
  stream.next = sequence + 1;
}

DeliveryLedger::Counts DeliveryLedger::of_topic(const std::string& topic) const {
  Counts sum;
  const Source first{topic, 0};
  for (const Subscriber& subscriber : subscribers_) {
    for (auto at = subscriber.streams.lower_bound(first);
         at != subscriber.streams.end() && at->first.first == topic; ++at) {
      add(sum, at->second.counts);
    }
  }
  for (auto at = published_.lower_bound(first); at != published_.end() && at->first.first == topic;
       ++at) {
    sum.published += at->second;
  }
  return sum;
}

DeliveryLedger::Counts DeliveryLedger::of_subscriber(std::size_t subscriber) const {
  Counts sum;
  const auto& [streams, unchecked] = subscribers_.at(subscriber);
  for (const auto& [source, stream] : streams) add(sum, stream.counts);
  sum.received += unchecked;
  return sum;
}

DeliveryLedger::Counts DeliveryLedger::total() const {
  Counts sum;
  for (std::size_t i = 0; i < subscribers_.size(); ++i) add(sum, of_subscriber(i));
  for (const auto& [source, last] : published_) sum.published += last;
  return sum;
}

std::uint64_t DeliveryLedger::outstanding() const {
  std::uint64_t sum = 0;
  for (const auto& [source, last] : published_) {
    for (const Subscriber& subscriber : subscribers_) {
      const auto stream = subscriber.streams.find(source);
      const Sequence next = stream == subscriber.streams.end() ? 1 : stream->second.next;
      if (last >= next) sum += last - next + 1;
    }
  }
  return sum;
}

}  // namespace phyllo::cli
