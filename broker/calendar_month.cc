#include "broker/calendar_month.h"

namespace phyllo::broker {

regions::Month calendar_month(std::chrono::system_clock::time_point wall, Time now) {
  using namespace std::chrono;
  const year_month_day today(floor<days>(wall));
  const year_month month = today.year() / today.month();
  const auto at = [&](sys_days day) { return now - duration_cast<Duration>(wall - day); };
  return {at(sys_days(month / 1)), at(sys_days((month + months(1)) / 1))};
}

}  // namespace phyllo::broker
