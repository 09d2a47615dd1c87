#include "multicast/stay_log.h"

namespace phyllo::multicast {

void StayLog::taken(Time when, const TopicId& topic, const Batch& batch, const StreamEnd& at) {
  const Key key{topic, batch.publisher};
  auto found = noted_.find(key);
  if (found == noted_.end()) {
    found = noted_.emplace(key, order_.insert(order_.end(), {key, when, {}})).first;
  } else {
    order_.splice(order_.end(), order_, found->second);
  }
  Noted& noted = *found->second;
  noted.latest = when;
  const Sequence last = batch.publisher_first + batch.count - 1;
  noted.stays.taken(when, batch.publisher_first, last, at.stream, at.last);
  while (order_.size() > kCapacity ||
         when - order_.front().latest > Stays<StreamId, Time>::kLifetime) {
    noted_.erase(order_.front().key);
    order_.pop_front();
  }
}

std::vector<Stay> StayLog::of(Time now, const TopicId& topic, const Batch& batch,
                              Time since) const {
  std::vector<Stay> told = batch.stays;
  for (Stay& stay : told) stay.ago += now - since;
  const auto found = noted_.find({topic, batch.publisher});
  return found == noted_.end() ? told : overlaid(told, found->second->stays.as_of(now));
}

}  // namespace phyllo::multicast
