#pragma once

#include <string>

#include "phyllo/peers_info.h"

namespace phyllo::cli {

/// What a broker knows of the others, for people: itself, its leaf set (nearest first on each
/// side), its routing table (both for each of its rings), and how many brokers it knows in each
/// region. The endpoint shown is
/// the one it would use: the local one inside its region, else the wan one.
std::string peers_text(const PeersInfo& peers);

}  // namespace phyllo::cli
