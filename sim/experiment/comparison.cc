#include "sim/experiment/comparison.h"

#include <algorithm>
#include <array>
#include <utility>

namespace phyllo::sim {
namespace {

const char* text_of(published::Sureness how) {
  switch (how) {
    case published::Sureness::kRead:
      return "read";
    case published::Sureness::kMeasured:
      return "figure";
    case published::Sureness::kConfirmed:
      return "confirmed";
    case published::Sureness::kRecalled:
      return "recalled";
  }
  return "";
}

/// The columns that each comparison has, behind those of its maker.
enum Column : std::size_t { kPublished, kSureness, kOurs, kLeast, kMost, kRatio, kReached };
constexpr std::array kNames{"published", "how sure", "ours", "least", "most", "ratio", "reached"};

std::vector<Cell> begin_row(std::vector<Cell> what, const std::optional<published::Figure>& figure,
                            std::size_t& first) {
  std::vector<Cell> row = std::move(what);
  first = row.size();
  row.resize(first + kNames.size());
  if (!figure) return row;
  row[first + kPublished] = figure->value;
  row[first + kSureness] = std::string(text_of(figure->how));
  return row;
}

}  // namespace

Comparison::Comparison(std::string title, std::vector<std::string> what) {
  table_.title = std::move(title);
  table_.columns = std::move(what);
  table_.columns.insert(table_.columns.end(), kNames.begin(), kNames.end());
}

void Comparison::add(std::vector<Cell> what, const std::optional<published::Figure>& figure,
                     const std::vector<double>& ours, const std::optional<Goal>& goal) {
  std::size_t first = 0;
  std::vector<Cell> row = begin_row(std::move(what), figure, first);
  const double middle = median(ours);
  row[first + kOurs] = middle;
  if (ours.size() > 1) {
    row[first + kLeast] = *std::ranges::min_element(ours);
    row[first + kMost] = *std::ranges::max_element(ours);
  }
  if (figure && figure->value > 0) row[first + kRatio] = middle / figure->value;
  if (goal) row[first + kReached] = verdict(*goal, middle);
  table_.rows.push_back(std::move(row));
}

void Comparison::add_missing(std::vector<Cell> what, const std::optional<published::Figure>& figure,
                             std::string why, const Goal& goal) {
  std::size_t first = 0;
  std::vector<Cell> row = begin_row(std::move(what), figure, first);
  row[first + kOurs] = std::move(why);
  row[first + kReached] = unreached(goal);
  table_.rows.push_back(std::move(row));
}

Table Comparison::done(std::string note) {
  table_.note = std::move(note);
  return std::move(table_);
}

}  // namespace phyllo::sim
