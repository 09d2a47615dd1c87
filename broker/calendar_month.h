#pragma once

#include <chrono>

#include "regions/monthly_traffic.h"

namespace phyllo::broker {

/// The month of the calendar (UTC) that `wall` is in, on the time line on which it is `now` then.
regions::Month calendar_month(std::chrono::system_clock::time_point wall, Time now);

}  // namespace phyllo::broker
