#include "cli/sim/run_options.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <thread>
#include <vector>

namespace phyllo::cli {
namespace {

constexpr std::uint64_t kMostSeeds = 1'000'000;
constexpr unsigned kMostJobs = 256;
/// These change nothing of what is found.
constexpr std::array<std::string_view, 8> kShowing{"help", "jobs",     "json",  "csv",
                                                   "html", "markdown", "plots", "quiet"};

bool plain(char c) {
  const bool alphanumeric =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || std::string_view("_-./,:=+@%").find(c) != std::string_view::npos;
}

std::string shell_word(const std::string& word) {
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string given_options(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_single_name();
    if (option->count() == 0 || std::ranges::find(kShowing, name) != kShowing.end()) continue;
    if (option->nonpositional()) text += " --" + name;
    if (option->get_items_expected_max() == 0) continue;
    std::string values;
    for (const std::string& value : option->results()) {
      values += (values.empty() ? "" : ",") + value;
    }
    text += " " + shell_word(values);
  }
  return text;
}

}  // namespace

RunOptions::RunOptions() : jobs(std::clamp(std::thread::hardware_concurrency(), 1u, kMostJobs)) {}

sim::Runs RunOptions::runs(std::uint64_t usual, std::uint64_t first) const {
  first = seed.value_or(first);
  const std::uint64_t count = seeds.value_or(seed ? 1 : usual);
  sim::Runs runs;
  runs.seeds.clear();
  for (std::uint64_t i = 0; i < count; ++i) runs.seeds.push_back(first + i);
  runs.threads = jobs;
  return runs;
}

void add_run_options(CLI::App& command, RunOptions& options) {
  constexpr std::uint64_t kLastSeed = std::numeric_limits<std::uint64_t>::max() - kMostSeeds;
  command
      .add_option("--seeds", options.seeds,
                  "How many runs, each with a seed of its own (default 10; 1 for a FILE)")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, kMostSeeds).description(""));
  command
      .add_option("--seed", options.seed,
                  "The first seed (default 1); alone: one run with this seed")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{0}, kLastSeed).description(""));
  command
      .add_option("--jobs", options.jobs,
                  "Runs at the same time (default: one per processor); changes no result")
      ->type_name("N")
      ->check(CLI::Range(1u, kMostJobs).description(""));
  command.add_flag("--json", options.json, "Print the report as JSON");
  command.add_flag("--csv", options.csv, "Print the report as comma-separated values");
  command.add_flag("--markdown", options.markdown, "Print the report as Markdown");
  command
      .add_option("--html", options.html,
                  "Write the report, with plots, also to this file, a page of its own")
      ->type_name("FILE");
  command
      .add_option(
          "--plots", options.plots,
          "Write the plots also to files PREFIX-1.svg, PREFIX-2.svg, …; --markdown shows them")
      ->type_name("PREFIX");
  command.add_flag("-q,--quiet", options.quiet, "No progress on stderr");
}

std::string path_of(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  if (parent == nullptr) return "";
  const std::string before = path_of(*parent);
  return before + (before.empty() ? "" : " ") + command.get_name();
}

std::string repeat_command(const CLI::App& command) {
  std::string options;
  for (const CLI::App* app = &command; app->get_parent() != nullptr; app = app->get_parent()) {
    options += given_options(*app);
  }
  return "phyllo " + path_of(command) + options;
}

}  // namespace phyllo::cli
