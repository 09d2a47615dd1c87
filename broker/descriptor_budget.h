#pragma once

#include <cstddef>

namespace phyllo::broker {

/// How many connections of each kind a process with so many file descriptors can have. Running out
/// would be worse than refusing: ZeroMQ's thread then tries to accept again and again without
/// pause.
struct DescriptorBudget {
  std::size_t clients;  ///< connections of programs
  std::size_t peers;    ///< connections that other brokers made
  std::size_t links;    ///< connections to other brokers, four descriptors each

  static DescriptorBudget of(std::size_t descriptors);
};

/// Takes as many descriptors as the administrator allows, and says how many that is.
std::size_t raise_descriptor_limit();

}  // namespace phyllo::broker
