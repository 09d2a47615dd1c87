#include "cli/tree_text.h"

#include <cstddef>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "cli/display_text.h"
#include "cli/text_table.h"

namespace phyllo::cli {
namespace {

constexpr std::size_t kShortId = 8;
/// Deeper than any tree of a Pastry overlay; what pretends to be deeper is cut here.
constexpr std::size_t kDeepest = 64;

struct Branches {
  std::string_view child, last_child, through, blank;
};

Branches branches_of(Glyphs glyphs) {
  if (glyphs == Glyphs::kAscii) return {"|-- ", "`-- ", "|   ", "    "};
  return {"├── ", "└── ", "│   ", "    "};
}

/// Walks the tree once, depth first, and writes a table row for each broker.
class TreeDrawing {
 public:
  TreeDrawing(const TreeInfo& tree, Glyphs glyphs)
      : branches_(branches_of(glyphs)),
        table_({{"BROKER"},
                {"REGION"},
                {"ROLE"},
                {"HERE", TextTable::Align::kRight},
                {"BELOW", TextTable::Align::kRight},
                {"ENDPOINT"}}) {
    for (const TreeNode& node : tree.nodes) by_id_.emplace(node.node_id, &node);
    for (const TreeNode& node : tree.nodes) {
      if (node.root) draw(node, "", "", 0);
    }
    for (const TreeNode& node : tree.nodes) {
      if (!drawn_.contains(node.node_id)) draw(node, "? ", "  ", 0);
    }
  }

  std::vector<std::string> lines() const { return table_.lines(); }

 private:
  void draw(const TreeNode& node, const std::string& lead, const std::string& below,
            std::size_t depth) {
    if (depth > kDeepest || !drawn_.insert(node.node_id).second) return;
    table_.add({lead + short_id(node.node_id), printable(node.region), role(node),
                grouped(node.local_subscribers), below_text(node), printable(node.endpoint)});
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const bool last = i + 1 == node.children.size();
      const std::string child_lead(last ? branches_.last_child : branches_.child);
      const std::string child_below(last ? branches_.blank : branches_.through);
      const auto child = by_id_.find(node.children[i]);
      if (child == by_id_.end()) {
        table_.add({below + child_lead + short_id(node.children[i]), "", "did not answer"});
      } else {
        draw(*child->second, below + child_lead, below + child_below, depth + 1);
      }
    }
  }

  static std::string role(const TreeNode& node) {
    if (node.root) return "root";
    return node.local_subscribers == 0 ? "forwarder" : "member";
  }

  static std::string below_text(const TreeNode& node) {
    const auto here = node.local_subscribers;
    return grouped(node.subtree_subscribers > here ? node.subtree_subscribers - here : 0);
  }

  Branches branches_;
  TextTable table_;
  std::map<std::string, const TreeNode*> by_id_;
  std::set<std::string> drawn_;
};

std::string reach_text(const TreeInfo& tree) {
  std::uint64_t subscribers = 0;
  std::set<std::string> regions;
  for (const TreeNode& node : tree.nodes) {
    subscribers += node.local_subscribers;
    regions.insert(node.region);
  }
  return counted(subscribers, "subscriber") + " at " + counted(tree.nodes.size(), "broker") +
         " in " + counted(regions.size(), "region");
}

std::string way_text(const std::string& from, const TreeWay& way) {
  std::string text = printable(from) + " -> " + printable(way.to) + ": ";
  if (way.through.empty()) return text + "directly";
  const char* before = "through ";
  for (const std::string& region : way.through) {
    text += std::exchange(before, ", ") + printable(region);
  }
  return text;
}

}  // namespace

Glyphs glyphs_of_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale(value);
    const bool utf8 = locale.find("UTF-8") != locale.npos || locale.find("utf8") != locale.npos;
    return utf8 ? Glyphs::kUnicode : Glyphs::kAscii;
  }
  return Glyphs::kAscii;
}

std::vector<std::string> tree_lines(const TreeInfo& tree, Glyphs glyphs) {
  return TreeDrawing(tree, glyphs).lines();
}

std::vector<std::string> border_lines(const TreeInfo& tree) {
  std::vector<std::string> lines;
  for (const TreeRegion& region : tree.regions) {
    for (const TreeWay& way : region.ways) lines.push_back(way_text(region.region, way));
  }
  for (const TreeRegion& region : tree.regions) {
    if (region.complete) continue;
    const char* const what = region.answered ? " answered in part only" : " did not answer in time";
    lines.push_back(printable(region.region) + what);
  }
  if (tree.regions_unknown) lines.push_back("nobody said in time which other regions there are");
  return lines;
}

std::string tree_text(const TreeInfo& tree, Glyphs glyphs) {
  std::string text =
      printable(tree.topic) + " (id " + printable(tree.topic_id) + "): " + reach_text(tree) + "\n";
  for (const std::string& line : tree_lines(tree, glyphs)) text += line + "\n";
  for (const std::string& line : border_lines(tree)) text += line + "\n";
  return text;
}

std::string short_id(const std::string& node_id) {
  return printable(std::string_view(node_id).substr(0, kShortId));
}

}  // namespace phyllo::cli
