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
  Book& book = book_.get_or_make();
  forget(book, now);
  const Sequence last = first + count - 1;
  const auto found = book.known.find(publisher);
  if (found == book.known.end()) {
    if (book.order.size() == kCapacity) {
      book.known.erase(book.order.front().publisher);
      book.order.pop_front();
    }
    book.known[publisher] = book.order.insert(book.order.end(), {publisher, last, mark, now});
    return {false, 0, {}, mark, now};
  }
  Known& entry = *found->second;
  Entry result{true, overlap(entry.last, first, count), {}, entry.mark, entry.heard};
  if (first > entry.last + 1) result.missing = {entry.last + 1, first - 1};
  entry.last = std::max(entry.last, last);
  entry.mark = mark;
  entry.heard = now;
  book.order.splice(book.order.end(), book.order, found->second);
  return result;
}

void PublisherLog::forget(Book& book, Time now) {
  while (!book.order.empty() && now - book.order.front().heard > kIdle) {
    book.known.erase(book.order.front().publisher);
    book.order.pop_front();
  }
}

}  // namespace phyllo::multicast
