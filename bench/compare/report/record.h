#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bench/compare/measure/comparison.h"

namespace phyllo::bench {

/// Comparisons kept in a file, so that many can be made in pieces of a few minutes and shown in one
/// report.
class Record {
 public:
  /// What the file holds; nothing when there is none. Throws std::runtime_error when it holds
  /// something else.
  static Record read(const std::filesystem::path& file);

  /// In place of what there was of this workload.
  void put(Comparison comparison);
  void describe(const std::string& system, const std::string& description) {
    systems_[system] = description;
  }
  /// Throws std::runtime_error when that is not possible.
  void write(const std::filesystem::path& file) const;

  /// Of the workloads that there still are, in their order.
  std::vector<Comparison> comparisons() const;
  const std::map<std::string, std::string>& systems() const { return systems_; }

 private:
  std::map<std::string, std::string> systems_;
  std::map<std::string, Comparison> comparisons_;  ///< by the workload's label
};

}  // namespace phyllo::bench
