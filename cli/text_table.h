#pragma once

#include <string>
#include <utility>
#include <vector>

namespace phyllo::cli {

/// Columns of text for people, each as wide as its widest cell. Two spaces between columns, none at
/// the end of a line.
class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string heading;
    Align align = Align::kLeft;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell per column; missing ones are empty.
  void add(std::vector<std::string> cells);
  /// The heading and each row, a line each.
  std::vector<std::string> lines() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace phyllo::cli
