#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace phyllo::sim {

/// Seconds with as many decimals as it takes, e.g. "12.5s".
std::string seconds_text(Duration duration);
/// The shortest decimal number that reads back as the same.
std::string number_text(double number);

/// Reads a line word by word. The first word that is not what was asked for becomes the error; what
/// is read afterwards means nothing.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  /// "" at the end.
  std::string_view next();
  /// What has not been read yet.
  std::string_view rest() const { return rest_; }
  std::uint64_t count(const char* meaning);
  double number(const char* meaning);
  Duration seconds(const char* meaning);
  /// This very word must come.
  void expect(std::string_view word);
  void end();
  void fail(std::string message);
  bool failed() const { return error_.has_value(); }
  /// Only after a failure.
  Error error() const { return {ErrorCode::kInvalidArgument, *error_}; }

 private:
  std::string_view rest_;
  std::optional<std::string> error_;
};

/// Hands each line to `read`, without what follows a `#`; empty ones are left out. Stops at the
/// first error, which then begins with the number of its line.
Outcome for_each_line(std::string_view text, const std::function<Outcome(std::string_view)>& read);

}  // namespace phyllo::sim
