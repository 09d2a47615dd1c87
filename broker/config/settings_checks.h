#pragma once

#include "broker/config/config_errors.h"
#include "broker/config/settings.h"
#include "broker/config/settings_reader.h"

namespace phyllo::broker {

/// What no single value shows: settings that contradict each other, and seeds that are missing.
/// Values that already have an error are left out.
void check_settings(const Settings& settings, const GivenSettings& given, ConfigErrors& errors);

}  // namespace phyllo::broker
