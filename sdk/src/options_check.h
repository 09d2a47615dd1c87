#pragma once

#include <string>
#include <vector>

#include "phyllo/client_options.h"
#include "phyllo/status.h"

namespace phyllo::internal {

/// kInvalidArgument with what is wrong, or ok.
Status check_options(const std::vector<std::string>& brokers, const ClientOptions& options);

}  // namespace phyllo::internal
