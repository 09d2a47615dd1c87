#include "cli/demo/broker_fleet.h"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace phyllo::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kGlance{10};
/// `phyllod --check` only reads files.
constexpr milliseconds kCheckPatience{10'000};

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

Status BrokerFleet::start() {
  if (Status status = read_settings(); !status.ok()) return status;
  if (Status status = check_ports(); !status.ok()) return status;
  for (const BrokerSettings& broker : brokers_) {
    auto started = ChildProcess::start({places_.phyllod.string(), "--config", broker.file.string()},
                                       log_of(broker));
    if (const auto* reason = std::get_if<std::string>(&started)) {
      processes_.clear();
      return Status(StatusCode::kUnavailable, *reason);
    }
    processes_.push_back(std::get<ChildProcess>(std::move(started)));
  }
  return {};
}

Status BrokerFleet::read_settings() {
  const std::vector<std::filesystem::path> files = broker_files(places_.configs);
  if (files.empty()) {
    return Status(StatusCode::kNotFound, "no broker's *.yaml in " + places_.configs.string() +
                                             " (choose another folder with --configs)");
  }
  for (const std::filesystem::path& file : files) {
    StatusOr<BrokerSettings> settings = check(file);
    if (!settings) return settings.status();
    brokers_.push_back(*settings);
  }
  return {};
}

/// Lets phyllod itself read the file: what it says about it is right by definition.
StatusOr<BrokerSettings> BrokerFleet::check(const std::filesystem::path& config) const {
  const std::filesystem::path output = places_.logs / (config.stem().string() + ".check");
  auto started = ChildProcess::start(
      {places_.phyllod.string(), "--check", "--config", config.string()}, output);
  if (const auto* reason = std::get_if<std::string>(&started)) {
    return Status(StatusCode::kUnavailable, *reason);
  }
  ChildProcess& process = std::get<ChildProcess>(started);
  const auto until = Clock::now() + kCheckPatience;
  while (!process.end() && Clock::now() < until) std::this_thread::sleep_for(kGlance);
  const std::string text = read_text(output);
  std::filesystem::remove(output);
  const auto end = process.end();
  if (!end || !end->clean()) return Status(StatusCode::kInvalidArgument, first_line(text));
  const auto settings = parse_broker_settings(config, text);
  if (!settings) {
    return Status(StatusCode::kMalformed, "cannot understand what " + places_.phyllod.string() +
                                              " --check says of " + config.string());
  }
  return *settings;
}

Status BrokerFleet::check_ports() const {
  std::map<std::uint16_t, std::string> owner;
  for (const BrokerSettings& broker : brokers_) {
    for (const ListenAddress& address : broker.listens) {
      const std::string port = "port " + std::to_string(address.port);
      const auto [other, first] = owner.emplace(address.port, broker.name);
      if (!first && other->second != broker.name) {
        return Status(StatusCode::kInvalidArgument,
                      port + " is configured for both " + other->second + " and " + broker.name);
      }
      const auto reason = why_not_listen(address);
      if (!reason) continue;
      return Status(StatusCode::kLimit, port + " at " + address.host +
                                            " cannot be used: " + *reason + " (" + address.setting +
                                            " in " + broker.file.string() + ")");
    }
  }
  return {};
}

std::string BrokerFleet::log_of(const BrokerSettings& broker) const {
  return (places_.logs / (broker.name + ".log")).string();
}

std::optional<std::string> BrokerFleet::fallen() {
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    const auto end = processes_[i].end();
    if (end) {
      return "broker " + brokers_[i].name + " " + end->text() + ", see " + log_of(brokers_[i]);
    }
  }
  return std::nullopt;
}

Status BrokerFleet::stop(milliseconds patience, StopSignals& signals) {
  for (ChildProcess& process : processes_) process.send(SIGTERM);
  const auto until = Clock::now() + patience;
  signals.again();  // what came before has been obeyed already
  while (!all_ended() && Clock::now() < until && !signals.again()) {
    std::this_thread::sleep_for(kGlance);
  }
  Status status;
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    const auto end = processes_[i].end();
    if (end && end->clean()) continue;
    status = Status(StatusCode::kUnavailable,
                    "broker " + brokers_[i].name + " " +
                        (end ? end->text() : "did not stop in time and was killed") + ", see " +
                        log_of(brokers_[i]));
  }
  processes_.clear();
  return status;
}

bool BrokerFleet::all_ended() {
  return std::ranges::all_of(processes_,
                             [](ChildProcess& process) { return process.end().has_value(); });
}

}  // namespace phyllo::cli
