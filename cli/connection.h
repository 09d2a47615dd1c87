#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_status.h"
#include "cli/stop_signals.h"
#include "phyllo/client.h"

namespace phyllo::cli {

/// Where the brokers are and how long to wait for one: the options that every verb which talks to a
/// broker has.
struct ConnectionOptions {
  std::vector<std::string> brokers;  ///< as given with --broker
  std::chrono::milliseconds wait{5000};
  bool wait_given = false;

  /// How long to wait for what `client`'s broker has to ask others for, a tree or a cast: unless
  /// the user says otherwise as long as it takes with the broker's timers.
  std::chrono::milliseconds answers(const Client& client) const;
};

void add_connection_options(CLI::App& verb, ConnectionOptions& options);

/// Adds an option that takes a length of time as parse_duration does.
CLI::Option* add_duration_option(CLI::App& verb, const std::string& name,
                                 std::chrono::milliseconds& value, const std::string& description);

/// The environment variable that lists brokers.
inline constexpr const char* kBrokersVariable = "PHYLLO_BROKERS";

/// The endpoints to use: those of --broker, else those of PHYLLO_BROKERS (`environment`; separated
/// by commas or spaces), else the default one.
std::vector<std::string> brokers_of(const ConnectionOptions& options, const char* environment);

/// A client of those brokers that calls itself "phyllo VERB"; it starts to connect at once. A
/// connection that is lost later is said on stderr, and so is the next one.
Client make_client(const ConnectionOptions& options, std::string_view verb);

/// Waits until `client` is connected. Otherwise complains, naming the brokers tried, and returns
/// the exit status to end with. Without `signals`, Ctrl-C ends the program by itself.
std::optional<ExitStatus> await_connection(Client& client, const ConnectionOptions& options,
                                           std::string_view verb, StopSignals* signals);

/// Complains about a failed call and returns the exit status that goes with it.
ExitStatus failed(std::string_view verb, const Status& status);

}  // namespace phyllo::cli
