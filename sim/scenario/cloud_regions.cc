#include "sim/scenario/cloud_regions.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace phyllo::sim::cloud {
namespace {

enum class Continent {
  kNorthAmerica,
  kSouthAmerica,
  kEurope,
  kMiddleEastAndAfrica,
  kAsia,
  kOceania
};

struct Region {
  const char* name;
  Continent continent;
};

constexpr std::array kRegions{
    Region{"eastus", Continent::kNorthAmerica},
    Region{"centralus", Continent::kNorthAmerica},
    Region{"westus2", Continent::kNorthAmerica},
    Region{"canadacentral", Continent::kNorthAmerica},
    Region{"brazilsouth", Continent::kSouthAmerica},
    Region{"northeurope", Continent::kEurope},
    Region{"westeurope", Continent::kEurope},
    Region{"uksouth", Continent::kEurope},
    Region{"francecentral", Continent::kEurope},
    Region{"germanywestcentral", Continent::kEurope},
    Region{"swedencentral", Continent::kEurope},
    Region{"uaenorth", Continent::kMiddleEastAndAfrica},
    Region{"southafricanorth", Continent::kMiddleEastAndAfrica},
    Region{"centralindia", Continent::kAsia},
    Region{"southeastasia", Continent::kAsia},
    Region{"eastasia", Continent::kAsia},
    Region{"japaneast", Continent::kAsia},
    Region{"koreacentral", Continent::kAsia},
    Region{"australiaeast", Continent::kOceania},
    Region{"mexicocentral", Continent::kNorthAmerica},
};

/// Milliseconds; a row for each sender.
// clang-format off
constexpr std::uint16_t kRoundTrips[kRegions.size()][kRegions.size()] = {
    {0, 35, 75, 22, 119, 74, 89, 80, 90, 97, 110, 190, 226, 214, 229, 207, 165, 191, 207, 63},  // eastus
    {35, 0, 41, 35, 154, 107, 118, 117, 120, 125, 142, 212, 253, 247, 201, 183, 141, 165, 178, 48},  // centralus
    {76, 41, 0, 69, 179, 135, 147, 144, 153, 160, 165, 255, 284, 218, 165, 144, 102, 128, 179, 74},  // westus2
    {21, 35, 68, 0, 132, 78, 92, 83, 92, 101, 115, 187, 236, 216, 226, 205, 165, 190, 207, 74},  // canadacentral
    {121, 155, 179, 133, 0, 176, 191, 184, 193, 201, 209, 293, 327, 320, 337, 315, 265, 289, 298, 159},  // brazilsouth
    {76, 107, 136, 80, 176, 0, 19, 15, 22, 29, 40, 131, 178, 160, 236, 266, 232, 255, 272, 121},  // northeurope
    {91, 114, 153, 93, 189, 20, 0, 13, 15, 14, 31, 123, 171, 153, 182, 278, 240, 267, 282, 135},  // westeurope
    {80, 112, 145, 84, 183, 14, 12, 0, 13, 20, 36, 122, 169, 151, 183, 274, 235, 261, 277, 132},  // uksouth
    {90, 120, 153, 91, 192, 20, 15, 12, 0, 14, 43, 116, 165, 147, 176, 278, 241, 267, 279, 132},  // francecentral
    {97, 125, 159, 100, 199, 28, 14, 19, 14, 0, 34, 122, 172, 150, 179, 244, 246, 272, 290, 145},  // germanywestcentral
    {108, 142, 165, 112, 204, 37, 31, 34, 40, 31, 0, 148, 200, 174, 206, 259, 258, 284, 303, 161},  // swedencentral
    {191, 212, 256, 187, 288, 130, 124, 122, 117, 122, 149, 0, 105, 34, 87, 119, 155, 153, 182, 231},  // uaenorth
    {225, 251, 285, 235, 326, 178, 171, 169, 165, 174, 196, 104, 0, 134, 211, 272, 255, 255, 348, 268},  // southafricanorth
    {218, 245, 218, 216, 320, 159, 153, 150, 147, 151, 179, 35, 134, 0, 59, 95, 129, 127, 152, 267},  // centralindia
    {229, 201, 165, 226, 337, 236, 181, 183, 175, 179, 256, 90, 190, 58, 0, 40, 74, 72, 98, 220},  // southeastasia
    {208, 181, 146, 205, 315, 265, 279, 274, 279, 244, 265, 120, 272, 96, 41, 0, 53, 43, 128, 197},  // eastasia
    {165, 139, 103, 165, 275, 232, 242, 237, 245, 250, 260, 155, 254, 129, 74, 51, 0, 35, 105, 147},  // japaneast
    {192, 163, 127, 189, 296, 255, 267, 262, 266, 271, 286, 153, 250, 126, 71, 41, 36, 0, 132, 172},  // koreacentral
    {206, 178, 180, 207, 298, 272, 282, 277, 280, 291, 307, 179, 347, 151, 98, 127, 105, 137, 0, 210},  // australiaeast
    {66, 48, 75, 75, 158, 131, 145, 140, 141, 151, 161, 231, 271, 269, 221, 195, 147, 172, 184, 0},  // mexicocentral
};
// clang-format on

struct Price {
  double within;  ///< the continent
  double beyond;
};

constexpr Price price_from(Continent continent) {
  switch (continent) {
    case Continent::kNorthAmerica:
    case Continent::kEurope:
      return {.02, .05};
    case Continent::kSouthAmerica:
      return {.16, .16};
    case Continent::kMiddleEastAndAfrica:
    case Continent::kAsia:
    case Continent::kOceania:
      return {.08, .08};
  }
  return {};
}

}  // namespace

const std::vector<std::string>& names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> all;
    for (const Region& region : kRegions) all.emplace_back(region.name);
    return all;
  }();
  return kNames;
}

std::optional<std::size_t> find(std::string_view name) {
  const auto found = std::ranges::find(names(), name);
  if (found == names().end()) return std::nullopt;
  return static_cast<std::size_t>(found - names().begin());
}

Duration round_trip(std::size_t from, std::size_t to) {
  return std::chrono::milliseconds(kRoundTrips[from][to]);
}

double price_per_gb(std::size_t from, std::size_t to) {
  const Price price = price_from(kRegions[from].continent);
  return kRegions[from].continent == kRegions[to].continent ? price.within : price.beyond;
}

RegionTable table(std::size_t regions, Duration inside) {
  RegionTable table;
  for (std::size_t from = 0; from < regions; ++from) {
    table.names.push_back(names()[from]);
    auto& row = table.round_trip.emplace_back();
    for (std::size_t to = 0; to < regions; ++to) {
      row.push_back(from == to ? inside : round_trip(from, to));
    }
  }
  return table;
}

}  // namespace phyllo::sim::cloud
