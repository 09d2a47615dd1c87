#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sim/network/region_matrix.h"

/// What is shipped of a public cloud's network: 20 regions of Microsoft Azure.
namespace phyllo::sim::cloud {

/// Their names as the provider's tools write them, e.g. "westeurope".
const std::vector<std::string>& names();
std::optional<std::size_t> find(std::string_view name);

/// Between two different regions: the 95th percentile of the provider's own probes over the 30 days
/// to 30 July 2026, as published in "Azure network round-trip latency statistics"
/// (learn.microsoft.com/azure/networking/azure-network-latency).
Duration round_trip(std::size_t from, std::size_t to);

/// US dollars for 10⁹ bytes from one region to another: rounded list prices for transfers between
/// regions, which depend on the sender's continent and on whether the receiver is on it. Check what
/// you really pay, and write that into the scenario.
double price_per_gb(std::size_t from, std::size_t to);

/// The first `regions` of them, with this round trip between two stations of a region; no prices.
RegionTable table(std::size_t regions, Duration inside);

}  // namespace phyllo::sim::cloud
