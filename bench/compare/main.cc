// Phyllo beside the systems that users would pick instead, on this machine.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bench/compare/measure/comparison.h"
#include "bench/compare/report/comparison_report.h"
#include "bench/compare/system/system.h"
#include "bench/compare/workload/workload.h"
#include "sim/report/html_report.h"
#include "sim/report/json_report.h"
#include "sim/report/markdown_report.h"
#include "sim/report/text_report.h"

namespace phyllo::bench {
namespace {

struct Wish {
  std::vector<std::string> workloads{"all"};
  std::size_t payload = 0;
  std::vector<std::string> systems;
  Effort effort;
  std::string html;
};

enum class Form { kText, kJson, kMarkdown };

/// A run of seconds that needs nothing installed and shows that everything still works.
void make_quick(Wish& wish) {
  if (wish.systems.empty()) wish.systems = {"phyllo", "zeromq"};
  if (wish.workloads.front() == "all") wish.workloads = {"w1"};
  if (wish.payload == 0) wish.payload = 128;
  wish.effort = {.rounds = 1, .duration = std::chrono::milliseconds(200)};
}

std::vector<Workload> workloads_of(const Wish& wish) {
  std::vector<Workload> all;
  for (const std::string& name : wish.workloads) {
    const std::vector<Workload> some = chosen(name, wish.payload);
    if (some.empty()) throw std::runtime_error("no workload " + name + " with this payload");
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

bool wanted(const Wish& wish, const std::string& system) {
  return wish.systems.empty() || std::ranges::find(wish.systems, system) != wish.systems.end();
}

sim::Report measure(const Wish& wish, const std::string& command) {
  const auto systems = all_systems();
  Occasion occasion{command, wish.effort, {}};
  std::vector<const System*> present;
  for (const auto& system : systems) {
    if (!wanted(wish, system->name())) continue;
    const auto absence = system->absence();
    occasion.systems.emplace_back(system->name(),
                                  absence ? "NOT COMPARED: " + *absence : system->description());
    if (!absence) present.push_back(system.get());
  }
  if (present.empty()) throw std::runtime_error("none of these systems can be run here");
  std::vector<Comparison> comparisons;
  for (const Workload& workload : workloads_of(wish)) {
    comparisons.push_back(compare(present, workload, wish.effort,
                                  [](std::string_view what) { std::cerr << what << std::endl; }));
  }
  return comparison_report(occasion, comparisons);
}

void write(const sim::Report& report, Form form) {
  switch (form) {
    case Form::kText:
      std::cout << text_report(report);
      break;
    case Form::kJson:
      std::cout << json_report(report);
      break;
    case Form::kMarkdown:
      std::cout << markdown_report(report);
      break;
  }
}

int run(int argc, char** argv) {
  CLI::App app("Phyllo beside the systems that users would pick instead, on this machine.");
  Wish wish;
  std::vector<std::string> names{"all"};
  for (const Workload& workload : catalogue()) names.push_back(workload.name);
  app.add_option("--workload", wish.workloads, "Families of workloads, e.g. w1,w5; default: all")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  app.add_option("--payload", wish.payload, "Only workloads with messages of so many bytes");
  std::vector<std::string> systems;
  for (const auto& system : all_systems()) systems.push_back(system->name());
  app.add_option("--systems", wish.systems, "Which to compare; the first is compared with the rest")
      ->delimiter(',')
      ->check(CLI::IsMember(systems));
  app.add_option("--pairs", wish.effort.rounds, "How often each system runs, in turn")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  std::size_t milliseconds = 2000;
  app.add_option("--milliseconds", milliseconds, "How long each run publishes")
      ->capture_default_str()
      ->check(CLI::Range(50, 600'000));
  Form form = Form::kText;
  app.add_flag_callback(
      "--json", [&] { form = Form::kJson; }, "The results as JSON");
  app.add_flag_callback(
      "--markdown", [&] { form = Form::kMarkdown; }, "The results as Markdown");
  app.add_option("--html", wish.html, "Also write a page with plots to this file");
  bool quick = false;
  app.add_flag("--quick", quick, "Seconds, and only systems that need no installation");
  CLI11_PARSE(app, argc, argv);
  wish.effort.duration = std::chrono::milliseconds(milliseconds);
  if (quick) make_quick(wish);
  std::string command = "./dev bench compare";
  for (int i = 1; i < argc; ++i) command += std::string(" ") + argv[i];
  const sim::Report report = measure(wish, command);
  write(report, form);
  if (!wish.html.empty()) std::ofstream(wish.html) << html_report(report);
  return report.violations.empty() ? 0 : 1;
}

}  // namespace
}  // namespace phyllo::bench

int main(int argc, char** argv) {
  try {
    return phyllo::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 1;
  }
}
