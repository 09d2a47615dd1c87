#include "sim/network/calendar.h"

#include <algorithm>
#include <bit>

namespace phyllo::sim {
namespace {

bool later(const Calendar::Entry& a, const Calendar::Entry& b) { return b.before(a); }

}  // namespace

void Calendar::add(const Entry& entry) {
  ++size_;
  const std::uint64_t moment = moment_of(entry.when);
  if (moment <= present_ && now_.size() < kSorted) {
    now_.insert(std::upper_bound(now_.begin(), now_.end(), entry, later), entry);
  } else if (moment <= present_) {
    late_.push(entry);
  } else if (moment < present_ + kMoments) {
    put_on_wheel(moment, entry);
  } else {
    far_.push(entry);
  }
}

Calendar::Entry Calendar::pop() {
  if (now_.size() < kForesight) advance();
  --size_;
  if (late_first()) return late_.pop();
  const Entry first = now_.back();
  now_.pop_back();
  return first;
}

void Calendar::advance() {
  const std::uint64_t on_wheel = next_on_wheel();
  const bool nothing_to_do = now_.empty() && late_.empty();
  if (nothing_to_do ? size_ == 0 : on_wheel > present_ + kNear) return;
  // Nothing on the wheel is later than what is not.
  const bool jump = on_wheel == present_ + kMoments;
  present_ = jump ? moment_of(far_.front().when) : on_wheel;
  while (!far_.empty() && moment_of(far_.front().when) < present_ + kMoments) {
    const Entry entry = far_.pop();
    put_on_wheel(moment_of(entry.when), entry);
  }
  const std::uint64_t place = present_ % kMoments;
  std::uint64_t& word = taken_[place / kWord];
  word &= ~(std::uint64_t{1} << place % kWord);
  if (word == 0) words_taken_ &= ~(std::uint64_t{1} << place / kWord);
  std::vector<Entry>& next = wheel_[place];
  std::sort(next.begin(), next.end(), later);
  next.insert(next.end(), now_.begin(), now_.end());
  now_.clear();
  std::swap(now_, next);
}

void Calendar::put_on_wheel(std::uint64_t moment, const Entry& entry) {
  const std::uint64_t place = moment % kMoments;
  wheel_[place].push_back(entry);
  taken_[place / kWord] |= std::uint64_t{1} << place % kWord;
  words_taken_ |= std::uint64_t{1} << place / kWord;
}

std::uint64_t Calendar::next_on_wheel() const {
  if (words_taken_ == 0) return present_ + kMoments;
  const std::uint64_t first = present_ + 1;
  const std::uint64_t place = first % kMoments;
  const std::uint64_t here = taken_[place / kWord] >> place % kWord;
  if (here != 0) return first + static_cast<std::uint64_t>(std::countr_zero(here));
  // Word by word from the one behind; the last one in turn is this one's beginning.
  const std::uint64_t behind = place / kWord + 1;
  const auto turned = std::rotr(words_taken_, static_cast<int>(behind % kWord));
  const std::uint64_t word =
      (behind + static_cast<std::uint64_t>(std::countr_zero(turned))) % kWord;
  const std::uint64_t found =
      word * kWord + static_cast<std::uint64_t>(std::countr_zero(taken_[word]));
  return first + (found - place) % kMoments;
}

}  // namespace phyllo::sim
