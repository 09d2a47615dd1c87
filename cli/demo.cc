#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/complaint.h"
#include "cli/connection.h"
#include "cli/demo/demo_run.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

struct DemoArguments {
  milliseconds length{0};
  std::string configs;
  std::string logs;
};

/// The folder of the running program: phyllod is beside it, in the build folder and installed.
fs::path program_folder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

fs::path default_configs() {
  for (const fs::path& folder : {program_folder() / "../../configs/demo",
                                 program_folder() / "../share/phyllo/configs/demo"}) {
    std::error_code error;
    const fs::path found = fs::canonical(folder, error);
    if (!error) return found;
  }
  return "configs/demo";
}

/// The folder for the logs, made if need be; empty, with errno set, when that is not possible.
std::string make_logs_folder(const std::string& wanted) {
  if (!wanted.empty()) {
    std::error_code error;
    fs::create_directories(wanted, error);
    errno = error.value();
    return error ? std::string() : wanted;
  }
  std::error_code error;
  std::string pattern = (fs::temp_directory_path(error) / "phyllo-demo.XXXXXX").string();
  return mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
}

ExitStatus run_demo(const DemoArguments& arguments) {
  StopSignals signals;
  DemoOptions options;
  options.length = arguments.length;
  options.places.phyllod = program_folder() / "phyllod";
  options.places.configs =
      arguments.configs.empty() ? default_configs() : fs::path(arguments.configs);
  options.places.logs = make_logs_folder(arguments.logs);
  if (options.places.logs.empty()) {
    complain("demo", std::string("cannot make a folder for the logs: ") + std::strerror(errno));
    return ExitStatus::kFailure;
  }
  const fs::path logs = options.places.logs;
  const ExitStatus status = DemoRun(std::move(options), signals).run();
  std::error_code error;
  fs::remove(logs, error);  // only if it is still empty
  return status;
}

}  // namespace

Verb add_demo(CLI::App& phyllo) {
  auto arguments = std::make_shared<DemoArguments>();
  CLI::App* const verb = phyllo.add_subcommand(
      "demo", "Run a whole cluster on this host, fed with this machine's readings");
  add_duration_option(*verb, "-s,--seconds", arguments->length,
                      "End by itself after this time; otherwise Ctrl-C ends it");
  verb->add_option("--configs", arguments->configs,
                   "Folder with one *.yaml for each broker (default: the demo's own)")
      ->type_name("DIR");
  verb->add_option("--logs", arguments->logs,
                   "Folder for the brokers' logs (default: a new one in /tmp)")
      ->type_name("DIR");
  verb->footer(
      "Starts the brokers, publishes processor, memory, network and disk readings from\n"
      "/proc ten times a second, subscribes to all of them at every broker, and checks\n"
      "every message's number. Ends with status 0 only if nothing was lost or came\n"
      "twice and all brokers exited with 0. What you publish to demo/piped is shown as\n"
      "well.\n\n"
      "Examples:\n"
      "  phyllo demo\n"
      "  phyllo demo --seconds 20\n"
      "  vmstat -n 1 | phyllo pub demo/piped       (in another terminal)");
  return {verb, [arguments] { return run_demo(*arguments); }};
}

}  // namespace phyllo::cli
