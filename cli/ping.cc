#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/connection.h"
#include "cli/display_text.h"
#include "cli/duration_text.h"
#include "cli/tree_text.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

struct PingOptions {
  ConnectionOptions connection;
  std::uint64_t count = 5;
  milliseconds interval{1000};
  milliseconds timeout{1000};
};

void print_answer(const Client& client, std::uint64_t number, microseconds time) {
  const BrokerInfo broker = client.broker().value_or(BrokerInfo{});
  std::printf("%llu: broker %s, region %s, %s: %s\n", static_cast<unsigned long long>(number),
              short_id(broker.node_id).c_str(), printable(broker.region).c_str(),
              printable(broker.endpoint).c_str(), round_trip_text(time).c_str());
  std::fflush(stdout);
}

void print_summary(std::uint64_t sent, const std::vector<microseconds>& times) {
  std::printf("%llu sent, %zu answered", static_cast<unsigned long long>(sent), times.size());
  if (!times.empty()) {
    const auto [least, most] = std::ranges::minmax_element(times);
    microseconds sum{0};
    for (const microseconds time : times) sum += time;
    std::printf(", round trip min %s, mean %s, max %s", round_trip_text(*least).c_str(),
                round_trip_text(sum / static_cast<std::int64_t>(times.size())).c_str(),
                round_trip_text(*most).c_str());
  }
  std::printf("\n");
}

ExitStatus run_ping(const PingOptions& options) {
  StopSignals signals;
  Client client = make_client(options.connection, "ping");
  if (const auto end = await_connection(client, options.connection, "ping", &signals)) return *end;
  std::vector<microseconds> times;
  std::uint64_t sent = 0;
  while (sent < options.count && !signals.stopped()) {
    if (sent > 0 && signals.wait(options.interval)) break;
    const StatusOr<microseconds> answer = client.ping(options.timeout);
    ++sent;
    if (answer) {
      times.push_back(*answer);
      print_answer(client, sent, *answer);
    } else {
      complain("ping", std::to_string(sent) + ": " + answer.status().message());
    }
  }
  print_summary(sent, times);
  return times.size() == sent ? ExitStatus::kOk : ExitStatus::kTimeout;
}

}  // namespace

Verb add_ping(CLI::App& phyllo) {
  auto options = std::make_shared<PingOptions>();
  CLI::App* const verb = phyllo.add_subcommand("ping", "Measure the round trip to a broker");
  verb->add_option("-c,--count", options->count, "How many times to ask")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}).description(""))
      ->default_val(options->count);
  add_duration_option(*verb, "-i,--interval", options->interval, "Time between two");
  add_duration_option(*verb, "-t,--timeout", options->timeout, "How long to wait for each answer");
  add_connection_options(*verb, options->connection);
  verb->footer(
      "Ends with status 0 when every ping was answered, 124 when one was not.\n\n"
      "Examples:\n"
      "  phyllo ping\n"
      "  phyllo ping --count 1 --broker tcp://10.0.0.5:7401 && echo up");
  return {verb, [options] { return run_ping(*options); }};
}

}  // namespace phyllo::cli
