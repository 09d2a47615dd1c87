#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/demo/live_table.h"

namespace phyllo::cli {

/// A block of lines on a terminal that is drawn again in the same place. Below whatever was printed
/// before; what is printed after the last drawing follows it.
class LiveScreen {
 public:
  LiveScreen();
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  /// False when stdout is no terminal, or one that cannot move its cursor: then do not draw.
  static bool possible();
  static ScreenSize size();
  /// kPlain when NO_COLOR is set (https://no-color.org).
  static Style style();

  void draw(const std::vector<std::string>& lines);

 private:
  std::size_t drawn_ = 0;  ///< lines of the last drawing
};

}  // namespace phyllo::cli
