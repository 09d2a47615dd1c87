#include "multicast/numbered_log.h"

namespace phyllo::multicast {

std::uint32_t NumberedLog::take(Time now, PublisherId publisher, Sequence first,
                                std::uint32_t count) {
  Book& book = book_.get_or_make();
  const PublisherLog::Entry entry = book.latest.note(now, publisher, first, count, {});
  if (entry.missing) book.passed.add(publisher, *entry.missing);
  if (!entry.known && first > 1) book.passed.add(publisher, {1, first - 1});
  if (entry.seen == 0) return 0;
  const NumberRange range{first, first + count - 1};
  const auto late = book.passed.first_inside(publisher, range);
  if (!late) return entry.seen;
  book.passed.remove(publisher, range);
  return static_cast<std::uint32_t>(*late - first);
}

}  // namespace phyllo::multicast
