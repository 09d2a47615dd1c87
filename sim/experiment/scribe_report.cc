#include "sim/experiment/scribe_report.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "sim/experiment/comparison.h"
#include "sim/experiment/published.h"
#include "sim/experiment/scribe_plots.h"
#include "sim/experiment/seed_runner.h"
#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

using Part = ScribeSetup::Part;
using published::Figure;
using Of = std::function<double(const TreesFound&)>;

template <class Value>
double middle(std::vector<Value> values) {
  if (values.empty()) return 0;
  return median(std::vector<double>(values.begin(), values.end()));
}

template <class Value>
double highest(const std::vector<Value>& values) {
  return values.empty() ? 0 : static_cast<double>(*std::ranges::max_element(values));
}

template <class Value>
double average(const std::vector<Value>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double ratio(std::uint64_t ours, std::uint64_t theirs) {
  return theirs == 0 ? 0 : static_cast<double>(ours) / static_cast<double>(theirs);
}

/// The published set-up has no smaller groups. What one or two members wait, compared with a way
/// that may be very short, says nothing of trees.
constexpr std::size_t kLeastMembers = 11;

/// Of the groups with at least so many members.
std::vector<double> penalties(const TreesFound& trees, double DelayPenalty::*which,
                              std::size_t least_members) {
  std::vector<double> values;
  for (const DelayPenalty& penalty : trees.penalties) {
    if (penalty.members >= least_members) values.push_back(penalty.*which);
  }
  return values;
}

/// Rows of one kind of world, of which there is one for each seed.
class Rows {
 public:
  Rows(std::string title, std::vector<TreesFound> worlds)
      : comparison_(std::move(title), {"measure"}), worlds_(std::move(worlds)) {}

  void add(std::string measure, const std::optional<Figure>& figure, const Of& of,
           const std::optional<Goal>& goal = std::nullopt) {
    comparison_.add({std::move(measure)}, figure, each_of<TreesFound>(worlds_, of), goal);
  }
  void add(std::string measure, const Of& of) { add(std::move(measure), std::nullopt, of); }
  /// As good as the published figure, or better.
  void add_no_worse(std::string measure, const std::optional<Figure>& figure, const Of& of) {
    add(std::move(measure), figure, of, figure ? std::optional(at_most(*figure)) : std::nullopt);
  }
  bool all(const std::function<bool(const TreesFound&)>& of) const {
    return std::ranges::all_of(worlds_, of);
  }
  Table done(std::string note) { return comparison_.done(std::move(note)); }

 private:
  Comparison comparison_;
  std::vector<TreesFound> worlds_;
};

std::vector<TreesFound> column(const std::vector<ScribeFound>& found,
                               TreesFound ScribeFound::*world) {
  std::vector<TreesFound> worlds;
  for (const ScribeFound& one : found) worlds.push_back(one.*world);
  return worlds;
}

/// Of the median group and of the worst one; with the published figures or without. Not where a
/// seed had no group that is large enough.
void add_penalties(Rows& rows, const std::optional<published::Penalty>& rad,
                   const std::optional<published::Penalty>& rmd) {
  const auto comparable = [](const TreesFound& t) {
    return !penalties(t, &DelayPenalty::rad, kLeastMembers).empty();
  };
  if (!rows.all(comparable)) return;
  const auto add = [&](const std::string& name, const std::optional<published::Penalty>& theirs,
                       double DelayPenalty::*which) {
    rows.add_no_worse(name + ", median group",
                      theirs ? std::optional(theirs->median) : std::nullopt,
                      [=](const auto& t) { return middle(penalties(t, which, kLeastMembers)); });
    rows.add_no_worse(name + ", maximum", theirs ? std::optional(theirs->maximum) : std::nullopt,
                      [=](const auto& t) { return highest(penalties(t, which, kLeastMembers)); });
  };
  add("RAD", rad, &DelayPenalty::rad);
  add("RMD", rmd, &DelayPenalty::rmd);
}

/// `most` is what the fullest node should have at most.
void add_stress(Rows& rows, const std::string& name,
                const std::optional<published::Spread>& figures, const std::optional<Goal>& most,
                std::vector<std::uint32_t> TreesFound::*part) {
  const auto theirs = [&](Figure published::Spread::*figure) {
    return figures ? std::optional((*figures).*figure) : std::nullopt;
  };
  rows.add_no_worse(name + ", mean", theirs(&published::Spread::mean),
                    [=](const auto& t) { return average(t.*part); });
  rows.add_no_worse(name + ", median", theirs(&published::Spread::median),
                    [=](const auto& t) { return middle(t.*part); });
  rows.add(
      name + ", maximum", theirs(&published::Spread::maximum),
      [=](const auto& t) { return highest(t.*part); }, most);
}

void add_copies(Rows& rows) {
  rows.add(
      "copies that reach a node", std::nullopt, [](const auto& t) { return t.copies; }, at_most(1));
}

/// Counts are comparable only where as many were counted.
std::optional<Figure> where(bool comparable, const Figure& figure) {
  return comparable ? std::optional(figure) : std::nullopt;
}

Figure over(const Figure& a, const Figure& b) {
  return {a.value / b.value, std::max(a.how, b.how)};
}

void add_links(Rows& rows, bool same) {
  namespace pub = published;
  rows.add("messages over all links", where(same, pub::kScribeLinkMessages),
           [](const auto& t) { return static_cast<double>(t.scribe.messages); });
  rows.add("  multicast in the network", where(same, pub::kIpLinkMessages),
           [](const auto& t) { return static_cast<double>(t.ip.messages); });
  rows.add_no_worse("  ratio", over(pub::kScribeLinkMessages, pub::kIpLinkMessages),
                    [](const auto& t) { return ratio(t.scribe.messages, t.ip.messages); });
  rows.add("  ratio between routers",
           [](const auto& t) { return ratio(t.scribe.between_routers, t.ip.between_routers); });
  rows.add("  unicast ÷ multicast in the network",
           [](const auto& t) { return ratio(t.unicast.messages, t.ip.messages); });
  rows.add("messages over the busiest link", where(same, pub::kScribeLinkStress),
           [](const auto& t) { return static_cast<double>(t.scribe.maximum); });
  rows.add("  multicast in the network", where(same, pub::kIpLinkStress),
           [](const auto& t) { return static_cast<double>(t.ip.maximum); });
  rows.add_no_worse("  ratio", over(pub::kScribeLinkStress, pub::kIpLinkStress),
                    [](const auto& t) { return ratio(t.scribe.maximum, t.ip.maximum); });
  rows.add("  unicast from the source", where(same, pub::kUnicastLinkStress),
           [](const auto& t) { return static_cast<double>(t.unicast.maximum); });
}

Table trees_table(const ScribeSetup& setup, std::vector<TreesFound> worlds) {
  namespace pub = published;
  const bool same = setup.trees.nodes == 100'000 && setup.trees.groups == 1'500;
  Rows rows("Groups of all sizes", std::move(worlds));
  add_penalties(rows, pub::kScribeRad, pub::kScribeRmd);
  add_stress(rows, "children tables per node",
             same ? std::optional(pub::kScribeTables) : std::nullopt, std::nullopt,
             &TreesFound::tables);
  add_stress(rows, "children entries per node",
             same ? std::optional(pub::kScribeEntries) : std::nullopt,
             at_most(pub::kRandomTiesMaximum), &TreesFound::entries);
  add_links(rows, same);
  add_copies(rows);
  return rows.done(
      "RAD and RMD: average and maximum delay of a group's members ÷ those of multicast in the "
      "network from the same root, of groups with at least 11 members: the published set-up has no "
      "smaller ones. A link counts in both directions together; an end node's own link counts. At "
      "most 210 entries is what an independent static model of the published set-up gives where "
      "ties of proximity are broken at random.");
}

Table bottleneck_table(const ScribeSetup& setup, std::vector<TreesFound> worlds) {
  const std::size_t limit = setup.children_limit;
  Rows rows("Groups of all sizes, at most " + std::to_string(limit) + " children entries a node",
            std::move(worlds));
  rows.add(
      "children entries per node, maximum", where(limit == 64, published::kScribeRemoverMaximum),
      [](const auto& t) { return highest(t.entries); }, at_most(static_cast<double>(limit)));
  rows.add("children entries per node, mean", [](const auto& t) { return average(t.entries); });
  add_penalties(rows, std::nullopt, std::nullopt);
  rows.add("messages over all links ÷ multicast in the network",
           [](const auto& t) { return ratio(t.scribe.messages, t.ip.messages); });
  rows.add("messages over the busiest link ÷ multicast in the network",
           [](const auto& t) { return ratio(t.scribe.maximum, t.ip.maximum); });
  add_copies(rows);
  return rows.done("");
}

Table small_table(const ScribeSetup& setup, const char* how, std::vector<TreesFound> worlds,
                  const published::SmallGroups& figures) {
  const auto& small = setup.small;
  const bool same = small.nodes == 50'000 && small.groups == 30'000 && small.members == 11;
  Rows rows(std::to_string(small.groups) + " groups of " + std::to_string(small.members) +
                " over " + std::to_string(small.nodes) + " nodes, " + how,
            std::move(worlds));
  rows.add_no_worse("children entries per node, mean", where(same, figures.entries),
                    [](const auto& t) { return average(t.entries); });
  rows.add("children entries per node, maximum", [](const auto& t) { return highest(t.entries); });
  rows.add_no_worse("messages over all links ÷ multicast in the network", figures.messages,
                    [](const auto& t) { return ratio(t.scribe.messages, t.ip.messages); });
  rows.add("  unicast ÷ multicast in the network", published::kSmallUnicast,
           [](const auto& t) { return ratio(t.unicast.messages, t.ip.messages); });
  rows.add_no_worse("messages over all links ÷ unicast",
                    over(figures.messages, published::kSmallUnicast),
                    [](const auto& t) { return ratio(t.scribe.messages, t.unicast.messages); });
  const auto of_median = [](double DelayPenalty::*which) {
    return [which](const TreesFound& t) { return middle(penalties(t, which, 1)); };
  };
  rows.add("RAD, median group", of_median(&DelayPenalty::rad));
  rows.add("RMD, median group", of_median(&DelayPenalty::rmd));
  add_copies(rows);
  return rows.done(
      "How much dearer unicast is than multicast in the network depends on the routers, which were "
      "drawn anew; the ratio to unicast depends less on them.");
}

void add_parameters(const ScribeSetup& setup, Report& report) {
  const auto add = [&](std::string name, std::size_t value) {
    report.parameters.emplace_back(std::move(name), std::to_string(value));
  };
  add("routers", setup.network.routers());
  if (setup.parts.contains(Part::kTrees) || setup.parts.contains(Part::kBottleneck)) {
    add("nodes", setup.trees.nodes);
    add("groups", setup.trees.groups);
    report.parameters.emplace_back("size of the group of rank r",
                                   "nodes · r^-" + shown_number(setup.trees.skew));
  }
  if (setup.parts.contains(Part::kBottleneck)) add("children limit", setup.children_limit);
  if (setup.parts.contains(Part::kSmall)) {
    add("nodes for small groups", setup.small.nodes);
    add("small groups", setup.small.groups);
    add("members of each", setup.small.members);
  }
}

void add_violations(const std::vector<TreesFound>& worlds, const char* name, Report& report) {
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < worlds.size(); ++i) {
    const auto& violations = worlds[i].violations;
    const std::string where =
        std::string(name) + ", seed " + std::to_string(report.seeds[i]) + ": ";
    for (std::size_t v = 0; v < std::min(violations.size(), kShown); ++v) {
      report.violations.push_back(where + violations[v]);
    }
    if (violations.size() > kShown) {
      report.violations.push_back(where + std::to_string(violations.size() - kShown) + " more");
    }
  }
}

}  // namespace

Report scribe_report(const ScribeSetup& setup, const std::vector<ScribeFound>& found) {
  Report report;
  report.title = "Scribe: delay penalty, node stress, link stress";
  report.seeds = seeds_run(setup.runs, found);
  add_parameters(setup, report);
  if (found.empty()) return report;
  if (setup.parts.contains(Part::kTrees)) {
    const auto worlds = column(found, &ScribeFound::trees);
    report.tables.push_back(trees_table(setup, worlds));
    for (Plot& plot : trees_plots(worlds.front())) report.plots.push_back(std::move(plot));
    add_violations(worlds, "groups of all sizes", report);
  }
  if (setup.parts.contains(Part::kBottleneck)) {
    const auto worlds = column(found, &ScribeFound::bottleneck);
    report.tables.push_back(bottleneck_table(setup, worlds));
    add_violations(worlds, "limited children", report);
  }
  if (setup.parts.contains(Part::kSmall)) {
    const auto plain = column(found, &ScribeFound::small);
    const auto collapsed = column(found, &ScribeFound::collapsed);
    report.tables.push_back(small_table(setup, "plain", plain, published::kSmallPlain));
    report.tables.push_back(small_table(setup, "collapsed", collapsed, published::kSmallCollapsed));
    report.plots.push_back(
        entries_plot("Children entries, small groups",
                     {{"plain", plain.front().entries}, {"collapsed", collapsed.front().entries}}));
    add_violations(plain, "small groups", report);
    add_violations(collapsed, "small groups, collapsed", report);
  }
  return report;
}

}  // namespace phyllo::sim
