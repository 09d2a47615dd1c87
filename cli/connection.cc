#include "cli/connection.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "cli/complaint.h"
#include "cli/duration_text.h"

namespace phyllo::cli {
namespace {

using std::chrono::milliseconds;

constexpr const char* kDefaultBroker = "tcp://127.0.0.1:7401";
/// Whoever listens but does not greet in that time is no broker that answers.
constexpr std::chrono::milliseconds kLeastAttempt{200};
/// How often a wait for a connection looks for Ctrl-C.
constexpr std::chrono::milliseconds kGlance{50};
/// Of an answer, beside what the broker says that it takes.
constexpr std::chrono::milliseconds kOnTheWay{1000};
/// No broker is believed to need longer.
constexpr std::chrono::milliseconds kLongestAnswer = std::chrono::minutes(5);

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t begin = text.find_first_not_of(", \t");
    if (begin == std::string_view::npos) return parts;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(", \t"), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

/// Says what a user who waits for messages must know, and nothing about the first connection.
class ConnectionNews {
 public:
  explicit ConnectionNews(std::string_view verb) : verb_(verb) {}

  void operator()(const ConnectionEvent& event) {
    const std::string& endpoint = event.broker.endpoint;
    if (event.kind == ConnectionEvent::Kind::kDisconnected) {
      complain(verb_, "connection lost: " + event.reason.message());  // which names the broker
      lost_ = true;
    } else if (event.kind == ConnectionEvent::Kind::kConnected && lost_) {
      complain(verb_, "connected to " + endpoint);
      lost_ = false;
    }
  }

 private:
  std::string verb_;
  bool lost_ = false;
};

}  // namespace

void add_connection_options(CLI::App& verb, ConnectionOptions& options) {
  verb.add_option("-b,--broker", options.brokers,
                  "Where a broker listens for programs; may be given several times (default "
                  "$PHYLLO_BROKERS, else tcp://127.0.0.1:7401)")
      ->type_name("URL")
      ->allow_extra_args(false);
  add_duration_option(verb, "-w,--wait", options.wait,
                      "How long to wait for a broker and for each of its answers; where it asks "
                      "others itself, unless given, as long as that takes with its timers")
      ->each([&options](const std::string&) { options.wait_given = true; });
}

milliseconds ConnectionOptions::answers(const Client& client) const {
  const auto broker = client.broker();
  if (wait_given || !broker) return wait;
  return std::max(wait, std::min(broker->answers_within, kLongestAnswer) + kOnTheWay);
}

CLI::Option* add_duration_option(CLI::App& verb, const std::string& name,
                                 std::chrono::milliseconds& value, const std::string& description) {
  const auto set = [&value, name](const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed) {
      throw CLI::ValidationError(name.substr(name.find("--")),
                                 "not a length of time such as 2s, 250ms or 5m: " + text);
    }
    value = *parsed;
  };
  CLI::Option* const option = verb.add_option_function<std::string>(name, set, description);
  option->type_name("TIME");
  if (value.count() > 0) option->default_str(duration_text(value));
  return option;
}

std::vector<std::string> brokers_of(const ConnectionOptions& options, const char* environment) {
  std::vector<std::string> given;
  for (const std::string& option : options.brokers) {
    std::ranges::move(split(option), std::back_inserter(given));
  }
  if (!given.empty()) return given;
  std::vector<std::string> listed = split(environment == nullptr ? "" : environment);
  if (listed.empty()) listed.emplace_back(kDefaultBroker);
  return listed;
}

Client make_client(const ConnectionOptions& options, std::string_view verb) {
  ClientOptions client;
  client.name = "phyllo " + std::string(verb);
  client.close_timeout = options.wait;
  client.subscribe_timeout = options.wait;
  client.on_connection = ConnectionNews(verb);
  std::vector<std::string> brokers = brokers_of(options, std::getenv(kBrokersVariable));
  // The wait is for all of them: each gets its turn in it.
  const auto turn =
      options.wait / (static_cast<int>(std::min<std::size_t>(brokers.size(), 100)) + 1);
  client.connect_timeout = std::clamp(turn, kLeastAttempt, ClientOptions{}.connect_timeout);
  return Client(std::move(brokers), client);
}

std::optional<ExitStatus> await_connection(Client& client, const ConnectionOptions& options,
                                           std::string_view verb, StopSignals* signals) {
  const auto until = std::chrono::steady_clock::now() + options.wait;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    const Status status =
        client.wait_connected(std::clamp(left, std::chrono::milliseconds(0), kGlance));
    if (status.ok()) return std::nullopt;
    if (signals != nullptr && signals->stopped()) return ExitStatus::kInterrupted;
    const bool hopeless =
        status.code() != StatusCode::kTimeout && status.code() != StatusCode::kUnavailable;
    if (hopeless) return failed(verb, status);
    if (left <= std::chrono::milliseconds(0)) break;
  }
  complain(verb, "no broker could be reached: " + client.status().message());
  return ExitStatus::kUnavailable;
}

ExitStatus failed(std::string_view verb, const Status& status) {
  complain(verb, status.message());
  return exit_status_of(status);
}

}  // namespace phyllo::cli
