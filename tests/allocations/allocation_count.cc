#include "tests/allocations/allocation_count.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;
std::size_t in_use = 0;

/// Of one piece of memory: glibc keeps its size in the word before it.
std::size_t bytes_of(void* memory) { return malloc_usable_size(memory) + sizeof(std::size_t); }

void give_back(void* memory) {
  if (memory != nullptr) in_use -= bytes_of(memory);
  std::free(memory);
}

}  // namespace

// The other forms of new end here, or are not used by what is tested.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) {
    in_use += bytes_of(memory);
    return memory;
  }
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }

namespace phyllo::test {

std::size_t bytes_in_use() { return in_use; }

AllocationCount::AllocationCount(std::size_t& sum) : sum_(sum), before_(allocations) {}

AllocationCount::~AllocationCount() { sum_ += allocations - before_; }

}  // namespace phyllo::test
