#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <utility>

#include "broker/config/check_config.h"
#include "broker/daemon.h"

namespace {

namespace broker = phyllo::broker;

/// Takes the numbers of standard streams that this program was started without: else a socket gets
/// them, and then the log. Open for the other direction only, so that using one fails.
void occupy_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) == -1) open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

/// What libzmq receives is memory that it asks for and gives back, batch by batch. Given back to
/// the system at once, as glibc does it with more than 128 KiB, it would cost a page fault for
/// every 4 KiB that arrive.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
}

int check(const std::string& file) {
  const broker::ConfigCheck checked = broker::check_config(file);
  (checked.ok ? std::cout : std::cerr) << checked.text;
  return checked.ok ? broker::kExitOk : broker::kExitConfig;
}

int run(const std::string& file, const std::string& ports_file) {
  broker::LoadedSettings loaded = broker::load_settings(file);
  if (!loaded.ok()) {
    for (const auto& error : loaded.errors) std::cerr << error << '\n';
    return broker::kExitConfig;
  }
  broker::DaemonOptions options{file, *std::move(loaded.settings), std::nullopt};
  if (!ports_file.empty()) options.ports_file = ports_file;
  return broker::run_daemon(std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  CLI::App app("phyllod - a Phyllo broker");
  app.set_version_flag("--version", "phyllod " PHYLLO_VERSION);
  std::string config;
  std::string ports_file;
  app.add_option("-c,--config", config, "YAML file with the broker's settings")
      ->required()
      ->type_name("FILE");
  bool only_check = false;
  app.add_flag("--check", only_check, "Check the settings, print those in effect, and exit");
  app.add_option("--ports-file", ports_file,
                 "Write where the broker listens to this file, as JSON, once it does")
      ->type_name("FILE");
  app.footer(
      "Signals: TERM and INT leave the ring in order (twice: at once); HUP reads the log levels\n"
      "anew. Exit status: 0 ended in order, 1 failed, 2 wrong usage, 78 wrong settings.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // help, version
    std::cerr << "phyllod: " << error.what() << " (see phyllod --help)\n";
    return broker::kExitUsage;
  }
  if (only_check) return check(config);
  keep_freed_memory();
  return run(config, ports_file);
}
