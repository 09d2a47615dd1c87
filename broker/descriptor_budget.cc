#include "broker/descriptor_budget.h"

#include <sys/resource.h>

#include <algorithm>

namespace phyllo::broker {

DescriptorBudget DescriptorBudget::of(std::size_t descriptors) {
  // Half for programs, a quarter each way for brokers except what logs, HTTP and the loop need.
  constexpr std::size_t kOwn = 48;
  const std::size_t shared = descriptors > 2 * kOwn ? descriptors - kOwn : kOwn;
  return {shared / 2, shared / 4, std::max<std::size_t>(shared / 16, 2)};
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace phyllo::broker
