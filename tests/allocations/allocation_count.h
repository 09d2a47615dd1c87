#pragma once

#include <cstddef>

namespace phyllo::test {

/// What operator new has given out in this whole program and not got back, with what the allocator
/// adds to it.
std::size_t bytes_in_use();

/// Counts what operator new gives out, in this whole program, while it is alive. One at a time, one
/// thread.
class AllocationCount {
 public:
  /// Adds to `sum` at its end.
  explicit AllocationCount(std::size_t& sum);
  ~AllocationCount();
  AllocationCount(const AllocationCount&) = delete;
  AllocationCount& operator=(const AllocationCount&) = delete;

 private:
  std::size_t& sum_;
  std::size_t before_;
};

}  // namespace phyllo::test
