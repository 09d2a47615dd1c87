#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace phyllo::regions {

/// What is known of the way from one region to another.
struct Border {
  double price_per_gb = 0;  ///< of 10⁹ bytes, in whatever currency
  /// Added to the price where ways are compared, and nowhere else: what money does not say of a
  /// border, or all there is to say where nobody pays.
  double weight = 0;
  std::optional<double> budget = {};  ///< a month, in the same currency
  Duration delay{};                   ///< expected, one way

  /// What a GB counts where ways are compared.
  double burden() const { return price_per_gb + weight; }
  bool operator==(const Border&) const = default;
};

/// The regions of a deployment, and the border of each ordered pair of them.
class RegionTable {
 public:
  RegionTable() = default;
  /// Names are unique.
  explicit RegionTable(std::vector<std::string> names)
      : names_(std::move(names)), borders_(names_.size() * names_.size()) {}

  std::size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::size_t> index(std::string_view name) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return i;
    }
    return std::nullopt;
  }
  const Border& border(std::size_t from, std::size_t to) const {
    return borders_[from * size() + to];
  }
  Border& border(std::size_t from, std::size_t to) { return borders_[from * size() + to]; }
  bool operator==(const RegionTable&) const = default;

 private:
  std::vector<std::string> names_;
  std::vector<Border> borders_;  ///< by row of the sender
};

}  // namespace phyllo::regions
