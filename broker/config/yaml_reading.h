#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "broker/config/setting.h"
#include "broker/config/yaml_value.h"

namespace phyllo::broker {

/// What a value of the wrong type is, in words: "a list".
std::string described(const YamlValue& value);

/// Takes a scalar over; the error says what is wrong with it.
Outcome read_scalar(const YamlValue& value, const Setting& setting);

/// The message for a key that is not one of `known`, with the nearest one of them, into `near` as
/// well; `section` may be empty.
std::string unknown_key(const std::string& key, std::string_view section,
                        std::span<const std::string> known, std::string& near);

}  // namespace phyllo::broker
