#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "broker/core/border_meter.h"
#include "overlay/id.h"

namespace phyllo::broker {

/// The file in which a broker keeps what its borders have come to in the running month, for its
/// next life. Not thread-safe.
class BorderBook {
 public:
  using WallTime = std::chrono::system_clock::time_point;

  /// In that folder, under the broker's id.
  BorderBook(const std::filesystem::path& folder, overlay::NodeId broker);

  const std::filesystem::path& file() const { return file_; }
  /// What was kept in the calendar month (UTC) of `now`: nothing when there is no file, or one of
  /// another month. An error when the file cannot be read, or is not as it was written.
  Result<std::vector<BorderAccount>> read(WallTime now) const;
  /// A reader finds this or what was there before, unless the host dies: then perhaps an error.
  Outcome write(WallTime now, const std::vector<BorderAccount>& accounts) const;

 private:
  std::filesystem::path file_;
};

}  // namespace phyllo::broker
