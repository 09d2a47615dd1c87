#include "sim/cluster/ledger.h"

#include <utility>

#include "base/batch_body.h"

namespace phyllo::sim {
namespace {

using multicast::Gap;
using multicast::StreamBatch;

std::string name_of(multicast::PublisherId publisher, multicast::Sequence number) {
  return "message " + std::to_string(number) + " of publisher " + std::to_string(publisher);
}

}  // namespace

Listening& Ledger::listening(std::string who, std::string topic, Time when,
                             multicast::StreamPosition position) {
  const auto number = listenings_.size();
  return listenings_
      .emplace(number, Listening{std::move(who), std::move(topic), when, position, {}, {}})
      .first->second;
}

std::size_t Ledger::unacknowledged_messages() const {
  std::size_t count = 0;
  for (const auto& [id, fate] : messages_) count += fate.acknowledged ? 0 : 1;
  return count;
}

Duration Ledger::longest_wait() const {
  Duration longest{0};
  for (const auto& [message, fate] : messages_) {
    if (fate.acknowledged) longest = std::max(longest, *fate.acknowledged - fate.sent);
  }
  return longest;
}

std::size_t Ledger::delivered_messages() const {
  std::size_t count = 0;
  for (const auto& [number, listening] : listenings_) {
    for (const auto& item : listening.heard) {
      if (const auto* batch = std::get_if<StreamBatch>(&item)) count += batch->batch.count;
    }
  }
  return count;
}

std::size_t Ledger::gap_messages() const {
  std::size_t count = 0;
  for (const auto& [number, listening] : listenings_) {
    for (const auto& item : listening.heard) {
      if (const auto* gap = std::get_if<Gap>(&item)) count += gap->last - gap->first + 1;
    }
  }
  return count;
}

std::string Ledger::text_of(multicast::PublisherId publisher, multicast::Sequence number) {
  return std::to_string(publisher) + ":" + std::to_string(number);
}

/// Runs of batches of one stream are one word.
std::string Ledger::story(const Listening& listening) const {
  std::string text = listening.who + " on " + listening.topic;
  text += listening.ended_at ? " (ended):" : ":";
  const auto stream_name = [](const multicast::StreamId& stream) {
    return stream.root.short_hex() + "/" + std::to_string(stream.generation);
  };
  const StreamBatch* latest = nullptr;
  for (const auto& item : listening.heard) {
    const auto* batch = std::get_if<StreamBatch>(&item);
    if (batch != nullptr) {
      const bool goes_on = latest != nullptr && latest->stream == batch->stream;
      if (!goes_on) {
        text += " [" + stream_name(batch->stream) + " from " + std::to_string(batch->first) + "]";
      }
      latest = batch;
      continue;
    }
    const auto& gap = std::get<Gap>(item);
    if (latest != nullptr) text += " to " + std::to_string(latest->first);
    latest = nullptr;
    text += std::string(" (") + to_string(gap.why) + " ";
    text +=
        gap.publisher != 0 ? "publisher " + std::to_string(gap.publisher) : stream_name(gap.stream);
    text += " " + std::to_string(gap.first) + "-" + std::to_string(gap.last) + ")";
  }
  return text;
}

std::string Ledger::stories() const {
  std::string text;
  for (const auto& [number, listening] : listenings_) text += story(listening) + "\n";
  return text;
}

std::vector<std::string> Ledger::complaints(std::size_t limit) const {
  std::vector<std::string> out;
  const Places known = places();
  for (const auto& [number, listening] : listenings_) {
    check_order(listening, out);
    if (!listening.ended_at) check_complete(listening, known, out);
    if (out.size() >= limit) break;
  }
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::vector<std::string> Ledger::order_complaints() const {
  std::vector<std::string> out;
  for (const auto& [number, listening] : listenings_) check_order(listening, out);
  return out;
}

/// Which message stood where in a stream, as far as anybody saw it.
Ledger::Places Ledger::places() const {
  Places places;
  for (const auto& [number, listening] : listenings_) {
    for (const auto& item : listening.heard) {
      const auto* batch = std::get_if<StreamBatch>(&item);
      for (std::uint32_t i = 0; batch != nullptr && i < batch->batch.count; ++i) {
        places.emplace(
            std::pair(listening.topic, Place(batch->stream, batch->first + i)),
            MessageId{listening.topic, batch->batch.publisher, batch->batch.publisher_first + i});
      }
    }
  }
  return places;
}

void Ledger::check_order(const Listening& listening, std::vector<std::string>& out) const {
  std::map<multicast::PublisherId, multicast::Sequence> latest;
  const auto complain = [&](const std::string& what) {
    out.push_back(listening.who + " on " + listening.topic + ": " + what);
  };
  for (const auto& item : listening.heard) {
    const auto* batch = std::get_if<StreamBatch>(&item);
    if (batch == nullptr) continue;
    const multicast::PublisherId publisher = batch->batch.publisher;
    BatchBodyReader reader(batch->batch.body.view());
    std::string_view text;
    for (std::uint32_t i = 0; i < batch->batch.count; ++i) {
      const multicast::Sequence number = batch->batch.publisher_first + i;
      if (!reader.next(text) || text != text_of(publisher, number)) {
        complain("wrong bytes in " + name_of(publisher, number));
      }
      if (!messages_.contains({listening.topic, publisher, number})) {
        complain("nobody published " + name_of(publisher, number));
      }
      if (number <= latest[publisher]) {
        complain(name_of(publisher, number) + " twice or out of order, after " +
                 std::to_string(latest[publisher]));
      }
      latest[publisher] = number;
    }
  }
}

Ledger::Account Ledger::account(const Listening& listening, const Places& places) const {
  Account account;
  for (const auto& item : listening.heard) {
    const auto* batch = std::get_if<StreamBatch>(&item);
    for (std::uint32_t i = 0; batch != nullptr && i < batch->batch.count; ++i) {
      account.settled.emplace(batch->batch.publisher, batch->batch.publisher_first + i);
    }
  }
  for (const auto& item : listening.heard) {
    const auto* gap = std::get_if<Gap>(&item);
    for (multicast::Sequence n = gap == nullptr ? 1 : gap->first; gap != nullptr && n <= gap->last;
         ++n) {
      std::pair message(gap->publisher, n);
      if (gap->publisher == 0) {
        const auto found = places.find(std::pair(listening.topic, Place(gap->stream, n)));
        if (found == places.end()) {
          ++account.unknown;
          continue;
        }
        message = {found->second.publisher, found->second.number};
      }
      if (!account.settled.insert(message).second) ++account.excess;
    }
  }
  return account;
}

std::size_t Ledger::excess_messages() const {
  std::size_t count = 0;
  const Places known = places();
  for (const auto& [number, listening] : listenings_) count += account(listening, known).excess;
  return count;
}

void Ledger::check_complete(const Listening& listening, const Places& places,
                            std::vector<std::string>& out) const {
  const auto [settled, unknown, excess] = account(listening, places);
  std::vector<std::string> missing;
  for (auto it = messages_.lower_bound({listening.topic, 0, 0});
       it != messages_.end() && it->first.topic == listening.topic; ++it) {
    const auto& [id, fate] = *it;
    if (!fate.acknowledged || fate.sent <= listening.live_at) continue;
    if (!settled.contains({id.publisher, id.number})) {
      missing.push_back(name_of(id.publisher, id.number));
    }
  }
  if (missing.size() <= unknown) return;
  out.push_back(listening.who + " on " + listening.topic + ": " + std::to_string(missing.size()) +
                " messages neither arrived nor were reported (of which gaps of " +
                std::to_string(unknown) + " unseen ones may explain some), first " +
                missing.front() + ", last " + missing.back());
}

}  // namespace phyllo::sim
