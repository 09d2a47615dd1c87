#include "sim/experiment/comparison.h"

#include <utility>

namespace phyllo::sim {
namespace {

const char* text_of(published::Sureness how) {
  switch (how) {
    case published::Sureness::kRead:
      return "read";
    case published::Sureness::kMeasured:
      return "from the figure";
    case published::Sureness::kConfirmed:
      return "confirmed";
    case published::Sureness::kRecalled:
      return "as recalled";
  }
  return "";
}

}  // namespace

Comparison::Comparison(std::string title, std::vector<std::string> what) {
  table_.title = std::move(title);
  table_.columns = std::move(what);
  for (const char* column : {"published", "how sure", "ours", "ratio"}) {
    table_.columns.emplace_back(column);
  }
}

void Comparison::add(std::vector<Cell> what, const std::optional<published::Figure>& figure,
                     double ours) {
  std::vector<Cell> row = std::move(what);
  const std::size_t first = row.size();
  row.resize(first + 4);
  row[first + 2] = ours;
  if (figure) {
    row[first] = figure->value;
    row[first + 1] = std::string(text_of(figure->how));
    if (figure->value > 0) row[first + 3] = ours / figure->value;
  }
  table_.rows.push_back(std::move(row));
}

Table Comparison::done(std::string note) {
  table_.note = std::move(note);
  return std::move(table_);
}

}  // namespace phyllo::sim
