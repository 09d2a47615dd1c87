#include "broker/config/nearest_key.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace phyllo::broker {
namespace {

/// `-`, blanks and capitals are other people's habits, not mistakes.
std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c == '-' || c == ' ') c = '_';
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

/// Optimal string alignment distance: insertions, deletions, replacements, swaps of neighbours.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string nearest_key(std::string_view text, std::span<const std::string> known) {
  constexpr std::size_t kLongestKey = 64;
  if (text.size() > kLongestKey) return {};
  const std::string wanted = folded(text);
  std::string nearest;
  std::size_t fewest = 0;
  for (const std::string& key : known) {
    const std::size_t distance = edits(wanted, folded(key));
    const std::size_t allowed = std::max(wanted.size(), key.size()) / 3;
    if (distance <= allowed && (nearest.empty() || distance < fewest)) {
      nearest = key;
      fewest = distance;
    }
  }
  return nearest;
}

}  // namespace phyllo::broker
