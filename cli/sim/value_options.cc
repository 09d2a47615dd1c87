#include "cli/sim/value_options.h"

#include "sim/experiment/transit_stub_latency.h"

namespace phyllo::cli {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

Duration time_of(const std::string& name, const std::string& text) {
  const auto time = parse_duration(text);
  if (!time) {
    throw CLI::ValidationError(name, "not a length of time such as 2s, 250ms or 5m: " + text);
  }
  return *time;
}

std::string text_of(Duration time) { return duration_text(duration_cast<milliseconds>(time)); }
std::string text_of(std::size_t count) { return std::to_string(count); }
std::string text_of(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

template <class Value>
std::string list_of(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : ",") + text_of(value);
  return text;
}

}  // namespace

CLI::Option* add_time_option(CLI::App& command, const std::string& name, Duration& target,
                             const std::string& description) {
  const auto set = [&target, name](const std::string& text) { target = time_of(name, text); };
  return command.add_option_function<std::string>(name, set, description)
      ->type_name("TIME")
      ->default_str(text_of(target));
}

CLI::Option* add_times_option(CLI::App& command, const std::string& name,
                              std::vector<Duration>& target, const std::string& description) {
  const auto set = [&target, name](const std::vector<std::string>& texts) {
    target.clear();
    for (const std::string& text : texts) target.push_back(time_of(name, text));
  };
  return command.add_option_function<std::vector<std::string>>(name, set, description)
      ->type_name("TIME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->default_str(list_of(target));
}

CLI::Option* add_numbers_option(CLI::App& command, const std::string& name,
                                std::vector<double>& target, const std::string& description) {
  return command.add_option(name, target, description)
      ->type_name("NUMBER,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->default_str(list_of(target));
}

CLI::Option* add_number_option(CLI::App& command, const std::string& name, double& target,
                               const std::string& description) {
  return command.add_option(name, target, description)
      ->type_name("NUMBER")
      ->default_str(text_of(target));
}

CLI::Option* add_count_option(CLI::App& command, const std::string& name, std::size_t& target,
                              std::size_t least, std::size_t most, const std::string& description) {
  return command.add_option(name, target, description)
      ->type_name("N")
      ->check(CLI::Range(least, most).description(""))
      ->default_str(text_of(target));
}

CLI::Option* add_counts_option(CLI::App& command, const std::string& name,
                               std::vector<std::size_t>& target, std::size_t least,
                               std::size_t most, const std::string& description) {
  return command.add_option(name, target, description)
      ->type_name("N,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(least, most).description(""))
      ->default_str(list_of(target));
}

CLI::Option* add_profile_option(CLI::App& command, const std::string& usual,
                                const std::function<void(const std::string&)>& set) {
  return command
      .add_option_function<std::string>("--profile", set,
                                        "How fast failures are noticed: lan, wan or paper")
      ->type_name("NAME")
      ->check(CLI::IsMember({"lan", "wan", "paper"}).description(""))
      ->default_str(usual);
}

CLI::Option* add_network_option(CLI::App& command, sim::MakeLatency& latency) {
  constexpr std::uint64_t kGraphSeed = 1;
  const auto set = [&latency, plane = latency](const std::string& name) {
    latency = name == "plane" ? plane : sim::on_transit_stub({}, kGraphSeed);
  };
  return command
      .add_option_function<std::string>(
          "--network", set,
          "Where nodes are: plane (delay is distance) or transit-stub (on 5,050 routers)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"plane", "transit-stub"}).description(""))
      ->default_str("plane");
}

}  // namespace phyllo::cli
