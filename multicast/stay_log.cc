#include "multicast/stay_log.h"

namespace phyllo::multicast {
namespace {

/// What the batch says of itself, as of now.
std::vector<Stay> told_by(const Batch& batch, Duration waited) {
  std::vector<Stay> told = batch.stays;
  for (Stay& stay : told) stay.ago += waited;
  return told;
}

}  // namespace

void PublisherStays::taken(Time when, const Batch& batch, const StreamEnd& at) {
  latest_ = when;
  const Sequence last = batch.publisher_first + batch.count - 1;
  stays_.taken(when, batch.publisher_first, last, at.stream, at.last);
}

std::vector<Stay> PublisherStays::of(Time now, const Batch& batch, Time since) const {
  return overlaid(told_by(batch, now - since), stays_.as_of(now));
}

void StayLog::taken(Time when, const TopicId& topic, const Batch& batch, const StreamEnd& at) {
  noted(topic, batch.publisher).taken(when, batch, at);
  forget(when);
}

std::vector<Stay> StayLog::of(Time now, const TopicId& topic, const Batch& batch,
                              Time since) const {
  const auto found = noted_.find({topic, batch.publisher});
  return found == noted_.end() ? told_by(batch, now - since)
                               : found->second->stays.of(now, batch, since);
}

void StayLog::put(Time now, const TopicId& topic, PublisherStays stays) {
  noted(topic, stays.publisher()) = std::move(stays);
  forget(now);
}

PublisherStays StayLog::take(const TopicId& topic, PublisherId publisher) {
  const auto found = noted_.find({topic, publisher});
  if (found == noted_.end()) return PublisherStays(publisher);
  PublisherStays stays = std::move(found->second->stays);
  order_.erase(found->second);
  noted_.erase(found);
  return stays;
}

PublisherStays& StayLog::noted(const TopicId& topic, PublisherId publisher) {
  const Key key{topic, publisher};
  auto found = noted_.find(key);
  if (found == noted_.end()) {
    const auto added = order_.insert(order_.end(), {topic, PublisherStays(publisher)});
    found = noted_.emplace(key, added).first;
  } else {
    order_.splice(order_.end(), order_, found->second);
  }
  return found->second->stays;
}

void StayLog::forget(Time now) {
  while (order_.size() > kCapacity ||
         now - order_.front().stays.latest() > Stays<StreamId, Time>::kLifetime) {
    noted_.erase({order_.front().topic, order_.front().stays.publisher()});
    order_.pop_front();
    if (order_.empty()) return;
  }
}

}  // namespace phyllo::multicast
