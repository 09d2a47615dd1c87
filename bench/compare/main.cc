// Phyllo beside the systems that users would pick instead, on this machine.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bench/compare/measure/comparison.h"
#include "bench/compare/measure/interruption.h"
#include "bench/compare/report/comparison_report.h"
#include "bench/compare/report/record.h"
#include "bench/compare/system/system.h"
#include "bench/compare/workload/workload.h"
#include "sim/report/html_report.h"
#include "sim/report/json_report.h"
#include "sim/report/markdown_report.h"
#include "sim/report/svg_plot.h"
#include "sim/report/text_report.h"

namespace phyllo::bench {
namespace {

struct Wish {
  std::vector<std::string> workloads{"all"};
  std::size_t payload = 0;
  std::string label;
  std::size_t publisher_queue = 0;
  std::vector<std::string> systems;
  Effort effort;
  std::string html;
  std::string plots;
  std::string record;
  std::string measured;
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
    std::ranges::copy_if(chosen(name), std::back_inserter(all), [&](const Workload& workload) {
      return (wish.payload == 0 || workload.payload == wish.payload) &&
             workload.label().find(wish.label) != std::string::npos;
    });
  }
  if (all.empty()) throw std::runtime_error("there is no such workload");
  for (Workload& workload : all) workload.publisher_queue = wish.publisher_queue;
  return all;
}

bool wanted(const Wish& wish, const std::string& system) {
  return wish.systems.empty() || std::ranges::find(wish.systems, system) != wish.systems.end();
}

/// Those that are wanted and can be run; tells the record of all that are wanted.
std::vector<const System*> present_systems(const std::vector<std::unique_ptr<System>>& systems,
                                           const Wish& wish, Record& record) {
  std::vector<const System*> present;
  for (const auto& system : systems) {
    if (!wanted(wish, system->name())) continue;
    const auto absence = system->absence();
    record.describe(system->name(), absence ? "NOT COMPARED: " + *absence : system->description());
    if (!absence) present.push_back(system.get());
  }
  if (present.empty()) throw std::runtime_error("none of these systems can be run here");
  return present;
}

/// To stand behind when something was measured.
std::string queue_note(const Wish& wish) {
  if (wish.publisher_queue == 0) return "";
  return std::string(wish.measured.empty() ? "" : ", ") + "with publishers' queues of " +
         std::to_string(wish.publisher_queue) + " bytes";
}

/// What is complete is kept, whatever becomes of the rest.
void measure(const Wish& wish, const std::vector<Workload>& workloads, Record& record) {
  const auto systems = all_systems();
  const auto present = present_systems(systems, wish, record);
  for (const Workload& workload : workloads) {
    Comparison comparison = compare(present, workload, wish.effort,
                                    [](std::string_view what) { std::cerr << what << std::endl; });
    comparison.measured = wish.measured + queue_note(wish);
    record.put(std::move(comparison));
    if (!wish.record.empty()) record.write(wish.record);
  }
}

bool grows(const Workload& workload) {
  return std::ranges::any_of(
      growth(), [&](const Workload& other) { return other.label() == workload.label(); });
}

/// With a record: all that it has of the same kind.
sim::Report report_of(const Wish& wish, const std::string& command) {
  const std::vector<Workload> workloads = workloads_of(wish);
  Record record = wish.record.empty() ? Record() : Record::read(wish.record);
  if (wish.effort.rounds > 0) measure(wish, workloads, record);
  std::vector<Comparison> comparisons = record.comparisons();
  const bool kind = grows(workloads.front());
  std::erase_if(comparisons,
                [&](const Comparison& comparison) { return grows(comparison.workload) != kind; });
  if (comparisons.empty()) throw std::runtime_error("nothing was measured, nothing is recorded");
  return comparison_report({command, {record.systems().begin(), record.systems().end()}},
                           comparisons);
}

/// "payloads-1-8.svg", for each plot.
void write_plots(const sim::Report& report, const std::filesystem::path& folder) {
  for (const sim::Plot& plot : report.plots) {
    std::string name = plot.title;
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '-');
    std::ofstream(folder / (name + ".svg")) << svg_file(plot);
  }
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
  std::vector<std::string> names{"all", "growth"};
  for (const auto* table : {&catalogue(), &growth()}) {
    for (const Workload& workload : *table) names.push_back(workload.name);
  }
  app.add_option("--workload", wish.workloads, "Families of workloads, e.g. w1,w5; default: all")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  app.add_option("--payload", wish.payload, "Only workloads with messages of so many bytes");
  app.add_option("--only", wish.label, "Only workloads with this in their description");
  app.add_option("--queue", wish.publisher_queue,
                 "Bytes that the queue of a publisher of Phyllo may hold, e.g. 4MB")
      ->transform(CLI::AsSizeValue(false));
  std::vector<std::string> systems;
  for (const auto& system : all_systems()) systems.push_back(system->name());
  app.add_option("--systems", wish.systems, "Which to compare; the first is compared with the rest")
      ->delimiter(',')
      ->check(CLI::IsMember(systems));
  app.add_option("--pairs", wish.effort.rounds,
                 "How often each system runs, in turn; 0: only shows what is recorded")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
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
  app.add_option("--plots", wish.plots, "Also write each plot (SVG) into this folder")
      ->check(CLI::ExistingDirectory);
  app.add_option("--record", wish.record,
                 "Keep all figures in this file, and show those that were there as well");
  app.add_option("--measured", wish.measured, "Kept with them: when, and of which sources");
  bool quick = false;
  app.add_flag("--quick", quick, "Seconds, and only systems that need no installation");
  CLI11_PARSE(app, argc, argv);
  wish.effort.duration = std::chrono::milliseconds(milliseconds);
  if (quick) make_quick(wish);
  std::string command;  // with a record there were several
  if (wish.record.empty()) command = "./dev bench compare";
  for (int i = 1; i < argc && !command.empty(); ++i) command += std::string(" ") + argv[i];
  const sim::Report report = report_of(wish, command);
  write(report, form);
  if (!wish.plots.empty()) write_plots(report, wish.plots);
  if (!wish.html.empty()) std::ofstream(wish.html) << html_report(report);
  return report.violations.empty() ? 0 : 1;
}

}  // namespace
}  // namespace phyllo::bench

int main(int argc, char** argv) {
  phyllo::bench::heed_interruptions();
  try {
    return phyllo::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 1;
  } catch (const phyllo::bench::Interrupted& stop) {
    std::cerr << "bench: stopped\n";
    return 128 + stop.signal;
  }
}
