#pragma once

#include <filesystem>

#include "broker/config/config_errors.h"
#include "broker/config/yaml_value.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/section.h"

/// Each reads one part of the file into the scenario; what comes later in this list relies on what
/// comes before.
namespace phyllo::sim {

/// `broker` and `broker_files`; files are relative to `folder`.
void read_brokers(Section& top, const std::filesystem::path& folder, Scenario& scenario,
                  broker::ConfigErrors& errors);
/// `regions`, `links` and `network`. Makes the brokers that regions count.
void read_network(Section& top, Scenario& scenario, broker::ConfigErrors& errors);
void read_topics(Section& top, Scenario& scenario, broker::ConfigErrors& errors);
void read_mishaps(Section& top, Scenario& scenario, broker::ConfigErrors& errors);

}  // namespace phyllo::sim
