#pragma once

namespace phyllo::internal {
[[noreturn]] void check_failed(const char* file, int line, const char* expression);
}  // namespace phyllo::internal

/// Always on, in every build. A broken invariant is a bug of ours and stops the program; input from
/// outside is never a reason to get here.
#define PHYLLO_CHECK(expression)       \
  ((expression) ? static_cast<void>(0) \
                : ::phyllo::internal::check_failed(__FILE__, __LINE__, #expression))
