#include "sim/report/text_report.h"

#include <algorithm>
#include <cstddef>

#include "broker/config/utf8.h"
#include "sim/report/text_grid.h"
#include "sim/report/text_wrap.h"

namespace phyllo::sim {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLongestName = 32;
constexpr std::size_t kMostViolations = 20;

class TextReport {
 public:
  explicit TextReport(const Report& report) : report_(report) {}

  std::string text() {
    heading(report_.title, '=');
    facts();
    for (const Table& table : report_.tables) add(table);
    list("Notes", report_.notes);
    violations();
    return std::move(text_);
  }

 private:
  void line(std::string_view text) { text_.append(text).append("\n"); }

  void heading(const std::string& title, char rule) {
    std::size_t longest = 0;
    for (const std::string& each : wrap(broker::printable(title), kWidth)) {
      line(each);
      longest = std::max(longest, broker::utf8_length(each));
    }
    line(std::string(longest, rule));
  }

  void facts() {
    std::vector<std::pair<std::string, std::string>> facts = {{"command", report_.command},
                                                              {"seeds", seeds_text(report_.seeds)}};
    facts.insert(facts.end(), report_.parameters.begin(), report_.parameters.end());
    std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
    std::size_t longest = 0;
    for (auto& [name, value] : facts) {
      name = wrap(broker::printable(name), kLongestName).front();
      longest = std::max(longest, broker::utf8_length(name));
    }
    for (const auto& [name, value] : facts) {
      std::string before = name + std::string(longest - broker::utf8_length(name), ' ') + "  ";
      for (const std::string& each : wrap(broker::printable(value), kWidth - longest - 2)) {
        line(before + each);
        before.assign(longest + 2, ' ');
      }
    }
  }

  void add(const Table& table) {
    line("");
    for (const std::string& each : wrap(broker::printable(table.title), kWidth)) line(each);
    for (const std::string& each : text_grid(table_text(table), kWidth)) line(each);
    if (table.note.empty()) return;
    for (const std::string& each : wrap(broker::printable(table.note), kWidth)) line(each);
  }

  void violations() {
    std::vector<std::string> shown = report_.violations;
    if (shown.size() > kMostViolations) {
      shown.resize(kMostViolations);
      shown.push_back("and " + std::to_string(report_.violations.size() - kMostViolations) +
                      " more; --json has all");
    }
    list("Broken invariants", shown);
  }

  void list(const std::string& title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    line("");
    line(title);
    for (const std::string& item : items) {
      std::string bullet = "- ";
      for (const std::string& each : wrap(broker::printable(item), kWidth - bullet.size())) {
        line(bullet + each);
        bullet = "  ";
      }
    }
  }

  const Report& report_;
  std::string text_;
};

}  // namespace

std::string text_report(const Report& report) { return TextReport(report).text(); }

std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  bool row = seeds.size() > 2;
  for (std::size_t i = 1; i < seeds.size(); ++i) row = row && seeds[i] == seeds[i - 1] + 1;
  if (row) return std::to_string(seeds.front()) + " … " + std::to_string(seeds.back());
  std::string text;
  for (const std::uint64_t seed : seeds) text += (text.empty() ? "" : ", ") + std::to_string(seed);
  return text;
}

}  // namespace phyllo::sim
