#include "multicast/publisher_log.h"

#include <algorithm>

namespace phyllo::multicast {
namespace {

std::uint32_t overlap(Sequence last, Sequence first, std::uint32_t count) {
  if (last < first) return 0;
  return static_cast<std::uint32_t>(std::min<Sequence>(last - first + 1, count));
}

}  // namespace

PublisherLog::Entry PublisherLog::note(Time now, PublisherId publisher, Sequence first,
                                       std::uint32_t count, const Mark& mark) {
  const Sequence last = first + count - 1;
  Known* const found = find(now, publisher);
  if (found == nullptr) {
    add({publisher, last, mark, now});
    return {false, 0, {}, mark, now};
  }
  Known& entry = *found;
  Entry result{true, overlap(entry.last, first, count), {}, entry.mark, entry.heard};
  if (first > entry.last + 1) result.missing = {entry.last + 1, first - 1};
  entry.last = std::max(entry.last, last);
  entry.mark = mark;
  entry.heard = now;
  return result;
}

/// Makes it the one heard last, and forgets who was silent for too long.
PublisherLog::Known* PublisherLog::find(Time now, PublisherId publisher) {
  if (!book_) {
    if (only_ && now - only_->heard > kIdle) only_.reset();
    return only_ && only_->publisher == publisher ? &*only_ : nullptr;
  }
  forget(*book_, now);
  const auto found = book_->known.find(publisher);
  if (found == book_->known.end()) return nullptr;
  book_->order.splice(book_->order.end(), book_->order, found->second);
  return &*found->second;
}

void PublisherLog::add(const Known& known) {
  if (!book_ && !only_) {
    only_ = known;
    return;
  }
  if (!book_) {
    add(book_.emplace(), *only_);
    only_.reset();
  }
  if (book_->order.size() == kCapacity) {
    book_->known.erase(book_->order.front().publisher);
    book_->order.pop_front();
  }
  add(*book_, known);
}

void PublisherLog::add(Book& book, const Known& known) {
  book.known[known.publisher] = book.order.insert(book.order.end(), known);
}

void PublisherLog::forget(Book& book, Time now) {
  while (!book.order.empty() && now - book.order.front().heard > kIdle) {
    book.known.erase(book.order.front().publisher);
    book.order.pop_front();
  }
}

}  // namespace phyllo::multicast
