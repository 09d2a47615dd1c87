#include "regions/month_clock.h"

#include "base/check.h"

namespace phyllo::regions {

MonthClock::MonthClock(Month month) : month_(month) { PHYLLO_CHECK(month.began < month.ends); }

bool MonthClock::month_is(Time now, Month month) {
  PHYLLO_CHECK(month.began < month.ends);
  const bool ended = advance(now);
  // A calendar that was set a little still says the same month.
  const bool same = abs(month.began - month_.began) < (month.ends - month.began) / 2;
  month_ = month;
  if (!same) ++number_;
  return ended || !same;
}

bool MonthClock::advance(Time now) {
  if (now < month_.ends) return false;
  const Duration length = month_.ends - month_.began;
  const Time began = month_.ends + (now - month_.ends) / length * length;
  month_ = {began, began + length};
  ++number_;
  return true;
}

}  // namespace phyllo::regions
