#include "tests/allocations/allocation_count.h"

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

}  // namespace

// The other forms of new end here, or are not used by what is tested.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace phyllo::test {

AllocationCount::AllocationCount(std::size_t& sum) : sum_(sum), before_(allocations) {}

AllocationCount::~AllocationCount() { sum_ += allocations - before_; }

}  // namespace phyllo::test
