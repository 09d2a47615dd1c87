#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "broker/config/settings.h"

namespace phyllo::broker {

/// A file that must be refused, and everything that must be said about it.
struct BadConfig {
  const char* name;  ///< what is wrong with it
  std::string_view text;
  std::vector<std::string> errors;

  friend std::ostream& operator<<(std::ostream& out, const BadConfig& bad) {
    return out << bad.name;
  }
};

class BadConfigTest : public testing::TestWithParam<BadConfig> {
 protected:
  void expect_refused() {
    const LoadedSettings loaded = parse_settings(GetParam().text, "bad.yaml");
    EXPECT_THAT(loaded.errors, testing::ElementsAreArray(GetParam().errors));
    EXPECT_FALSE(loaded.ok());
  }
};

inline std::string bad_config_name(const testing::TestParamInfo<BadConfig>& info) {
  return info.param.name;
}

}  // namespace phyllo::broker
