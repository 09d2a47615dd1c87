#include "cli/sim/simulation.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <vector>

#include "cli/complaint.h"
#include "cli/sim/progress_board.h"
#include "cli/sim/progress_display.h"
#include "cli/standard_output.h"
#include "cli/stop_signals.h"
#include "sim/report/csv_report.h"
#include "sim/report/html_report.h"
#include "sim/report/json_report.h"
#include "sim/report/markdown_report.h"
#include "sim/report/svg_plot.h"
#include "sim/report/text_report.h"

namespace phyllo::cli {
namespace {

using namespace std::chrono_literals;

/// How often the signals and the progress are looked at.
constexpr auto kGlance = 20ms;

/// Writes `text` to the file, or only looks whether it could (`mode` "a").
bool write_file(const std::string& path, const char* mode, const std::string& text) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), mode),
                                                             &std::fclose);
  if (!file) return false;
  return std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
         std::fflush(file.get()) == 0;
}

sim::Report watch(const Simulate& simulate, const RunOptions& options, StopSignals& signals) {
  ProgressBoard board;
  ProgressDisplay display(options.quiet ? ProgressDisplay::Mode::kQuiet
                                        : ProgressDisplay::Mode::kShown);
  std::future<sim::Report> report = std::async(std::launch::async, [&] { return simulate(board); });
  while (report.wait_for(kGlance) != std::future_status::ready) {
    if (board.stop_wanted() && signals.again()) {
      std::_Exit(static_cast<int>(ExitStatus::kInterrupted));
    }
    if (!board.stop_wanted() && signals.stopped()) {
      board.stop();
      display.say("stopping; Ctrl-C again ends at once");
    }
    display.show(board.latest());
  }
  display.finish(board.latest().events);
  return report.get();
}

/// Where the plots are written; nowhere without an option.
std::vector<std::string> plot_files(const RunOptions& options, const sim::Report& report) {
  std::vector<std::string> files;
  if (options.plots.empty()) return files;
  for (std::size_t i = 1; i <= report.plots.size(); ++i) {
    files.push_back(options.plots + "-" + std::to_string(i) + ".svg");
  }
  return files;
}

ExitStatus print(const RunOptions& options, const sim::Report& report, StopSignals& signals) {
  const std::vector<std::string> pictures = plot_files(options, report);
  const std::string text = options.json       ? sim::json_report(report)
                           : options.csv      ? sim::csv_report(report)
                           : options.markdown ? sim::markdown_report(report, pictures)
                                              : sim::text_report(report);
  const StandardOutput::Outcome outcome = StandardOutput(signals).write(text);
  if (outcome != StandardOutput::Outcome::kFailed) return ExitStatus::kOk;
  complain("sim", std::string("cannot write to the standard output: ") + std::strerror(errno));
  return ExitStatus::kFailure;
}

ExitStatus unwritable(const CLI::App& command, const std::string& path) {
  complain(path_of(command), "cannot write " + path + ": " + std::strerror(errno));
  return ExitStatus::kFailure;
}

const char* interruption_note(const sim::Report& report) {
  return report.seeds.empty() ? "Ended by Ctrl-C before any seed had come to its end."
                              : "Ended by Ctrl-C: what was not done by then is missing.";
}

}  // namespace

ExitStatus refuse(const CLI::App& command, const std::string& why) {
  const std::string path = path_of(command);
  complain(path, why + " (see phyllo " + path + " --help)");
  return ExitStatus::kUsage;
}

ExitStatus run_simulation(const CLI::App& command, const RunOptions& options,
                          const Simulate& simulate) {
  if (options.json + options.csv + options.markdown > 1) {
    return refuse(command, "give only one of --json, --csv and --markdown");
  }
  if (!options.html.empty() && !write_file(options.html, "a", "")) {
    return unwritable(command, options.html);
  }
  StopSignals signals;
  sim::Report report = watch(simulate, options, signals);
  const bool interrupted = signals.stopped();
  if (interrupted) report.notes.emplace_back(interruption_note(report));
  report.command = repeat_command(command);
  const ExitStatus printed = print(options, report, signals);
  if (!options.html.empty() && !write_file(options.html, "w", sim::html_report(report))) {
    return unwritable(command, options.html);
  }
  const std::vector<std::string> plots = plot_files(options, report);
  for (std::size_t i = 0; i < plots.size(); ++i) {
    if (!write_file(plots[i], "w", sim::svg_file(report.plots[i]))) {
      return unwritable(command, plots[i]);
    }
  }
  if (printed != ExitStatus::kOk) return printed;
  if (!report.violations.empty()) return ExitStatus::kFailure;
  return interrupted ? ExitStatus::kInterrupted : ExitStatus::kOk;
}

}  // namespace phyllo::cli
