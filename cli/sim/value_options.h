#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "cli/duration_text.h"
#include "sim/network/latency_model.h"

namespace phyllo::cli {

/// Options of experiments whose values are lengths of time, lists or names. All of them name the
/// value that is wrong and what would be right; a list is written with commas.

CLI::Option* add_time_option(CLI::App& command, const std::string& name, Duration& target,
                             const std::string& description);
CLI::Option* add_times_option(CLI::App& command, const std::string& name,
                              std::vector<Duration>& target, const std::string& description);
CLI::Option* add_numbers_option(CLI::App& command, const std::string& name,
                                std::vector<double>& target, const std::string& description);
CLI::Option* add_number_option(CLI::App& command, const std::string& name, double& target,
                               const std::string& description);
CLI::Option* add_count_option(CLI::App& command, const std::string& name, std::size_t& target,
                              std::size_t least, std::size_t most, const std::string& description);
CLI::Option* add_counts_option(CLI::App& command, const std::string& name,
                               std::vector<std::size_t>& target, std::size_t least,
                               std::size_t most, const std::string& description);

/// lan, wan or paper; `set` is told which.
CLI::Option* add_profile_option(CLI::App& command, const std::string& usual,
                                const std::function<void(const std::string&)>& set);

/// plane or transit-stub: what lies between the nodes.
CLI::Option* add_network_option(CLI::App& command, sim::MakeLatency& latency);

/// The timers of a profile, for whatever has such profiles.
template <class Timers>
void set_profile(Timers& timers, const std::string& name) {
  timers = name == "lan" ? Timers::lan() : name == "wan" ? Timers::wan() : Timers::paper();
}

/// Some of the parts that an experiment has.
template <class Part>
CLI::Option* add_parts_option(CLI::App& command, std::set<Part>& target,
                              const std::map<std::string, Part>& names) {
  std::string known;
  for (const auto& [name, part] : names) known += (known.empty() ? "" : ", ") + name;
  const auto set = [&target, names](const std::vector<std::string>& chosen) {
    target.clear();
    for (const std::string& name : chosen) target.insert(names.at(name));
  };
  return command
      .add_option_function<std::vector<std::string>>(
          "--part", set, "Only these parts: " + known + " (default: all)")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(names).description(""));
}

}  // namespace phyllo::cli
