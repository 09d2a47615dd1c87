#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "broker/config/config_errors.h"

namespace phyllo::broker {

/// No configuration is larger than this.
inline constexpr std::size_t kMaxConfigBytes = 1 << 20;

/// Whether `text` is fit to be parsed: not too large, UTF-8, free of control characters, not
/// indented by tabs. What is not is added to `errors`.
bool check_yaml_text(std::string_view text, const std::shared_ptr<const std::string>& file,
                     ConfigErrors& errors);

}  // namespace phyllo::broker
