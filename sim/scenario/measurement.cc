#include "sim/scenario/measurement.h"

#include <algorithm>

namespace phyllo::sim {
namespace {

/// Nothing heard for so many times longer than usual is an interruption.
constexpr int kUnusual = 2;

}  // namespace

Measurement::Measurement(const Scenario& scenario)
    : scenario_(scenario), topics_(scenario.topics.size()) {}

std::size_t Measurement::add_subscription(std::size_t topic) {
  receptions_.push_back({topic});
  return receptions_.size() - 1;
}

void Measurement::begin(Time now, Time end) {
  begin_ = now;
  end_ = end;
  for (Reception& reception : receptions_) reception.last = now;
}

void Measurement::struck(Time now, const std::string& mishap) {
  close_aftermath(now);
  Aftermath aftermath;
  aftermath.mishap = mishap;
  aftermath.at = now - begin_;
  aftermaths_.push_back(std::move(aftermath));
}

void Measurement::finish(Time now) {
  close_aftermath(now);
  finished_ = true;
}

void Measurement::published(std::size_t topic, Time when) {
  if (when >= begin_ && when < end_) ++topics_[topic].published;
}

void Measurement::delivered(Time now, std::size_t subscription, multicast::PublisherId publisher,
                            multicast::Sequence number, Time sent) {
  Reception& reception = receptions_[subscription];
  const auto [latest, first] = reception.latest.try_emplace(publisher, number);
  if (!first && number <= latest->second) return;  // once more, after a move
  const std::uint64_t skipped = first ? 0 : number - latest->second - 1;
  latest->second = number;
  if (now < begin_) return;
  const Duration silence = now - reception.last;
  reception.last = now;
  if (aftermaths_.empty()) reception.usual = std::max(reception.usual, silence);
  if (watching()) {
    aftermaths_.back().missed += skipped;
    if (silence > tolerated(reception)) {
      reception.interrupted = true;
      reception.longest = std::max(reception.longest, silence);
      reception.resumed = now;
    }
  }
  if (sent < begin_ || sent >= end_) return;
  OfTopic& topic = topics_[reception.topic];
  ++topic.delivered;
  topic.delays.add(now - sent);
  const auto stretch = static_cast<std::size_t>((now - begin_) * kStretches / (end_ - begin_));
  if (stretch < kStretches) ++over_time_[stretch];
}

void Measurement::gap(Time now, std::uint64_t messages) {
  if (now >= begin_ && watching()) aftermaths_.back().reported += messages;
}

/// Publishers speak at their own rate; between two of them no subscriber expects anything.
Duration Measurement::tolerated(const Reception& reception) const {
  const double interval = 1 / scenario_.topics[reception.topic].rate;
  const auto quiet = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(interval));
  return kUnusual * std::max(reception.usual, quiet);
}

void Measurement::close_aftermath(Time now) {
  if (aftermaths_.empty()) return;
  Aftermath& aftermath = aftermaths_.back();
  const Time struck_at = begin_ + aftermath.at;
  for (Reception& reception : receptions_) {
    const bool silent =
        topics_[reception.topic].published > 0 && now - reception.last > tolerated(reception);
    if (silent) {
      ++aftermath.still_silent;
      reception.longest = std::max(reception.longest, now - reception.last);
    }
    if (silent || reception.interrupted) ++aftermath.interrupted;
    if (reception.interrupted) {
      aftermath.recovered = std::max(aftermath.recovered, reception.resumed - struck_at);
    }
    aftermath.longest_silence = std::max(aftermath.longest_silence, reception.longest);
    reception.interrupted = false;
    reception.longest = {};
  }
}

}  // namespace phyllo::sim
