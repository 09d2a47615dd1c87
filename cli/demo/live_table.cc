#include "cli/demo/live_table.h"

#include <algorithm>
#include <cstdio>

#include "cli/display_text.h"
#include "cli/text_table.h"

namespace phyllo::cli {
namespace {

using Align = TextTable::Align;

std::string rate_text(double rate) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", rate);
  return text;
}

std::string clock_text(std::chrono::milliseconds elapsed) {
  const auto seconds = elapsed.count() / 1000;
  char text[32];
  std::snprintf(text, sizeof text, "%02lld:%02lld", static_cast<long long>(seconds / 60),
                static_cast<long long>(seconds % 60));
  return text;
}

std::vector<std::string> region_lines(const DemoSnapshot& snapshot) {
  TextTable table({{"REGION"},
                   {"BROKERS", Align::kRight},
                   {"SUBSCRIBERS", Align::kRight},
                   {"MSG/S", Align::kRight},
                   {"RECEIVED", Align::kRight},
                   {"LOST", Align::kRight},
                   {"GAPS", Align::kRight}});
  for (const DemoSnapshot::Region& region : snapshot.regions) {
    table.add({printable(region.name), grouped(region.brokers), grouped(region.subscribers),
               rate_text(region.rate), grouped(region.received), grouped(region.lost),
               grouped(region.gaps)});
  }
  return table.lines();
}

std::vector<std::string> topic_lines(const DemoSnapshot& snapshot, std::size_t most) {
  TextTable table({{"TOPIC"},
                   {"PUBLISHED", Align::kRight},
                   {"SUBSCRIBERS", Align::kRight},
                   {"MSG/S", Align::kRight},
                   {"LOST", Align::kRight},
                   {"LATEST"}});
  const bool cut = snapshot.topics.size() > most;
  const std::size_t shown = cut ? most - std::min<std::size_t>(most, 1) : snapshot.topics.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const DemoSnapshot::Topic& topic = snapshot.topics[i];
    table.add({printable(topic.name), grouped(topic.published), grouped(topic.subscribers),
               rate_text(topic.rate), grouped(topic.lost), printable(topic.latest)});
  }
  std::vector<std::string> lines = table.lines();
  if (cut) lines.push_back("… and " + counted(snapshot.topics.size() - shown, "more topic"));
  return lines;
}

/// Adds a block and an empty line before it; its first line is a heading.
void add_block(std::vector<std::string> block, Style style, std::size_t columns,
               std::vector<std::string>& out) {
  if (block.empty()) return;
  if (!out.empty()) out.emplace_back();
  for (std::size_t i = 0; i < block.size(); ++i) {
    std::string line = cut_to(block[i], columns);
    if (i == 0 && style == Style::kAnsi) line = "\x1b[1m" + line + "\x1b[0m";
    out.push_back(std::move(line));
  }
}

}  // namespace

std::vector<std::string> live_table(const DemoSnapshot& snapshot, ScreenSize screen, Style style) {
  const std::string title = "phyllo demo  " + clock_text(snapshot.elapsed) + "  (Ctrl-C ends it)";
  // Title, region table with its heading, other blocks, an empty line before each, topic heading.
  const auto height = [](const auto& block) { return block.empty() ? 0 : 1 + block.size(); };
  const std::size_t fixed = 1 + 1 + 1 + snapshot.regions.size() + 1 + height(snapshot.tree) +
                            height(snapshot.borders) + 1;
  const std::size_t left = screen.rows > fixed + 1 ? screen.rows - fixed - 1 : 1;
  std::vector<std::string> lines;
  add_block({title}, style, screen.columns, lines);
  add_block(region_lines(snapshot), style, screen.columns, lines);
  add_block(topic_lines(snapshot, left), style, screen.columns, lines);
  add_block(snapshot.tree, style, screen.columns, lines);
  add_block(snapshot.borders, style, screen.columns, lines);
  if (lines.size() >= screen.rows) lines.resize(std::max<std::size_t>(screen.rows, 2) - 1);
  return lines;
}

std::string progress_line(const DemoSnapshot& snapshot) {
  std::uint64_t published = 0, received = 0, lost = 0, gaps = 0;
  for (const DemoSnapshot::Topic& topic : snapshot.topics) published += topic.published;
  std::string rates;
  for (const DemoSnapshot::Region& region : snapshot.regions) {
    received += region.received;
    lost += region.lost;
    gaps += region.gaps;
    rates += ", " + printable(region.name) + " " + rate_text(region.rate) + "/s";
  }
  return clock_text(snapshot.elapsed) + "  " + counted(published, "message") + " published, " +
         grouped(received) + " received, " + grouped(lost) + " lost, " + counted(gaps, "gap") +
         rates;
}

}  // namespace phyllo::cli
