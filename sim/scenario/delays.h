#pragma once

#include <cstdint>
#include <map>

#include "base/time.h"

namespace phyllo::sim {

/// How long messages took: many of them, in classes two percent wide.
class Delays {
 public:
  void add(Duration delay);
  void add(const Delays& other);
  std::uint64_t count() const { return count_; }
  /// Which delay this part of them, 0 … 1, did not exceed; zero when there are none.
  Duration quantile(double part) const;

 private:
  std::map<int, std::uint64_t> classes_;
  std::uint64_t count_ = 0;
};

}  // namespace phyllo::sim
