#include "sim/report/text_grid.h"

#include <algorithm>
#include <utility>

#include "broker/config/utf8.h"
#include "sim/report/text_wrap.h"

namespace phyllo::sim {
namespace {

constexpr std::size_t kGap = 2;
/// Longer words are broken.
constexpr std::size_t kLongestWord = 32;

struct Width {
  std::size_t least = 1;    ///< narrower and a number, or a shorter word, breaks
  std::size_t natural = 1;  ///< nothing breaks
};

class Grid {
 public:
  Grid(const TableText& table, std::size_t width) : table_(table), width_(width) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      widths_.push_back(width_of(column));
    }
  }

  std::vector<std::string> lines() {
    for (const auto& columns : blocks()) add_block(columns);
    return std::move(lines_);
  }

 private:
  using Columns = std::vector<std::size_t>;

  Width width_of(std::size_t column) const;
  std::vector<Columns> blocks() const;
  std::vector<std::size_t> share(const Columns& columns) const;
  void add_block(const Columns& columns);
  void add_row(const std::vector<std::string>& cells, const Columns& columns,
               const std::vector<std::size_t>& shares);

  const TableText& table_;
  const std::size_t width_;
  std::vector<Width> widths_;
  std::vector<std::string> lines_;
};

Width Grid::width_of(std::size_t column) const {
  Width width;
  const auto see = [&](const std::string& text, TableText::Align align) {
    const std::size_t whole = broker::utf8_length(text);
    width.natural = std::max(width.natural, whole);
    const bool breaks = align == TableText::Align::kLeft;
    const std::size_t least = breaks ? std::min(longest_word(text), kLongestWord) : whole;
    width.least = std::max(width.least, std::min(least, width_ / 2 - kGap));
  };
  see(table_.columns[column], TableText::Align::kLeft);
  for (const auto& row : table_.rows) see(row[column], table_.aligns[column]);
  return width;
}

std::vector<Grid::Columns> Grid::blocks() const {
  std::vector<Columns> blocks;
  std::size_t used = 0;
  for (std::size_t column = 0; column < widths_.size(); ++column) {
    const std::size_t least = widths_[column].least + kGap;
    if (blocks.empty()) {
      blocks.push_back({column});
      used = least - kGap;
    } else if (used + least <= width_) {
      blocks.back().push_back(column);
      used += least;
    } else {
      blocks.push_back({0, column});
      used = widths_[0].least + least;
    }
  }
  return blocks;
}

/// How wide each column becomes: its least, and of what is left those get most that want most.
std::vector<std::size_t> Grid::share(const Columns& columns) const {
  std::vector<std::size_t> shares;
  std::size_t left = width_ - kGap * (columns.size() - 1);
  for (const std::size_t column : columns) {
    shares.push_back(widths_[column].least);
    left -= widths_[column].least;
  }
  for (; left > 0; --left) {
    std::size_t neediest = 0;
    std::size_t most = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::size_t missing = widths_[columns[i]].natural - shares[i];
      if (missing > most) {
        most = missing;
        neediest = i;
      }
    }
    if (most == 0) break;
    ++shares[neediest];
  }
  return shares;
}

void Grid::add_block(const Columns& columns) {
  if (!lines_.empty()) lines_.emplace_back();
  const std::vector<std::size_t> shares = share(columns);
  add_row(table_.columns, columns, shares);
  std::size_t total = kGap * (shares.size() - 1);
  for (const std::size_t each : shares) total += each;
  lines_.emplace_back(total, '-');
  for (const auto& row : table_.rows) add_row(row, columns, shares);
}

void Grid::add_row(const std::vector<std::string>& cells, const Columns& columns,
                   const std::vector<std::size_t>& shares) {
  std::vector<std::vector<std::string>> wrapped;
  std::size_t height = 1;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    wrapped.push_back(wrap(cells[columns[i]], shares[i]));
    height = std::max(height, wrapped.back().size());
  }
  for (std::size_t at = 0; at < height; ++at) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string text = at < wrapped[i].size() ? wrapped[i][at] : std::string();
      const std::string space(shares[i] - broker::utf8_length(text), ' ');
      if (i > 0) line.append(kGap, ' ');
      line += table_.aligns[columns[i]] == TableText::Align::kRight ? space + text : text + space;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines_.push_back(std::move(line));
  }
}

}  // namespace

std::vector<std::string> text_grid(const TableText& table, std::size_t width) {
  return Grid(table, width).lines();
}

}  // namespace phyllo::sim
