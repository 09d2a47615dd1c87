#include "regions/entrance.h"

namespace phyllo::regions {

using overlay::Contact;

void Entrance::on_publish(Turn& turn, const Contact& from, multicast::Publish publish) {
  ++state_.stats.imported_batches;
  state_.stats.imported_messages += publish.batch.count;
  turn.emit(Import{from, std::move(publish)});
}

void Entrance::on_missing(Turn& turn, const Contact& from, const multicast::Missing& missing) {
  turn.emit(Import{from, missing});
}

void Entrance::pass_on(Turn& turn, const TopicId& topic, Relayed& relayed) {
  for (Relayed::Leg& leg : relayed.onward) {
    ++state_.stats.relayed_batches;
    const Relayed next{relayed.origin, std::move(leg.publish), std::move(leg.onward), relayed.name};
    const auto bytes = turn.send(leg.to, next);
    state_.traffic.add(leg.to.region(), topic, bytes);
  }
}

void Entrance::imported(Turn& turn, const Import& import, const multicast::Imported& answer) {
  const auto [topic, attempt] = std::visit(
      [](const auto& message) { return std::pair(message.topic, message.attempt); }, import.what);
  multicast::PublishAck ack{topic, attempt, answer.taken, answer.reception};
  const std::pair key(import.from.id(), topic);
  if (answer.refused) {
    acks_.erase(key);
    turn.send(import.from, multicast::PublishNack{std::move(ack), *answer.refused});
  } else {
    acks_.insert_or_assign(key, std::pair(import.from, std::move(ack)));
  }
}

void Entrance::flush(Turn& turn) {
  for (const auto& [key, ack] : acks_) turn.send(ack.first, ack.second);
  acks_.clear();
}

}  // namespace phyllo::regions
