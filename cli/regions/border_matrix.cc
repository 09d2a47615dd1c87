#include "cli/regions/border_matrix.h"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace phyllo::cli {
namespace {

using Border = BorderMatrix::Border;
using Coverage = BorderMatrix::Coverage;
using Pair = std::pair<std::string, std::string>;

void add(const BorderInfo& part, Border& sum) {
  sum.from = part.from;
  sum.to = part.to;
  sum.data_bytes += part.month_data_bytes;
  sum.control_bytes += part.month_control_bytes;
  sum.bytes_per_second += part.bytes_per_second;
  sum.spent += part.spent;
  sum.expected += part.expected;
  sum.expected_last_day += part.expected_last_day;
  sum.price_per_gb = part.price_per_gb;
  if (part.budget) sum.budget = std::max(*part.budget, sum.budget.value_or(0));
}

std::vector<BorderMatrix::Topic> topics_of(const std::vector<BordersInfo>& answers) {
  std::map<std::tuple<std::string, std::string, std::string>, BorderMatrix::Topic> sums;
  for (const BordersInfo& answer : answers) {
    for (const BorderTopicInfo& part : answer.topics) {
      BorderMatrix::Topic& sum = sums[{part.topic, answer.region, part.to}];
      sum = {part.topic, answer.region, part.to, sum.bytes + part.bytes, sum.excess + part.excess};
    }
  }
  std::vector<BorderMatrix::Topic> topics;
  for (auto& [key, topic] : sums) topics.push_back(std::move(topic));
  std::ranges::stable_sort(topics, std::greater<>{}, &BorderMatrix::Topic::bytes);
  return topics;
}

}  // namespace

Border* BorderMatrix::find(const std::string& from, const std::string& to) {
  const auto found = std::ranges::find_if(
      borders, [&](const Border& border) { return border.from == from && border.to == to; });
  return found == borders.end() ? nullptr : &*found;
}

std::vector<BorderMatrix::Topic> BorderMatrix::busiest(std::size_t of_each) const {
  std::vector<Topic> list;
  for (const Border& border : borders) {
    std::size_t left = of_each;
    for (const Topic& topic : topics) {
      if (left == 0) break;
      if (topic.from != border.from || topic.to != border.to) continue;
      list.push_back(topic);
      --left;
    }
  }
  return list;
}

BorderMatrix add_up(const std::vector<BordersInfo>& answers,
                    const std::set<std::string>& incomplete) {
  std::map<Pair, Border> sent;
  std::map<Pair, Border> heard;
  for (const BordersInfo& answer : answers) {
    for (const BorderInfo& part : answer.borders) {
      if (part.from == answer.region) add(part, sent[{part.from, part.to}]);
      if (part.to == answer.region) add(part, heard[{part.from, part.to}]);
    }
  }
  for (const auto& [pair, border] : heard) sent.try_emplace(pair, Border{.from = {}, .to = {}});
  BorderMatrix matrix;
  for (auto& [pair, border] : sent) {
    const bool told = !border.from.empty();
    const auto there = heard.find(pair);
    const bool part = !told || incomplete.contains(pair.first);
    if (part && there != heard.end()) {
      const Border& other = there->second;
      const bool more =
          other.data_bytes + other.control_bytes > border.data_bytes + border.control_bytes;
      if (!told || more) border = other;
    }
    border.coverage = part ? Coverage::kPart : Coverage::kWhole;
    matrix.borders.push_back(std::move(border));
  }
  matrix.topics = topics_of(answers);
  return matrix;
}

}  // namespace phyllo::cli
