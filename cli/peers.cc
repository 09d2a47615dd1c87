#include <cstdio>
#include <memory>
#include <string>

#include "cli/connection.h"
#include "cli/json_output.h"
#include "cli/peers_text.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

struct PeersOptions {
  ConnectionOptions connection;
  bool json = false;
};

ExitStatus run_peers(const PeersOptions& options) {
  Client client = make_client(options.connection, "peers");
  if (const auto end = await_connection(client, options.connection, "peers", nullptr)) return *end;
  const StatusOr<PeersInfo> peers = client.peers(options.connection.wait);
  if (!peers) return failed("peers", peers.status());
  const std::string text = options.json ? json_of(*peers) + "\n" : peers_text(*peers);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return ExitStatus::kOk;
}

}  // namespace

Verb add_peers(CLI::App& phyllo) {
  auto options = std::make_shared<PeersOptions>();
  CLI::App* const verb = phyllo.add_subcommand("peers", "Show which other brokers a broker knows");
  verb->add_flag("--json", options->json, "Print one JSON object");
  add_connection_options(*verb, options->connection);
  verb->footer(
      "Asks the first broker that answers for its leaf set (the brokers next to it on\n"
      "the ring), its routing table, and the regions it knows.\n\n"
      "Examples:\n"
      "  phyllo peers\n"
      "  phyllo peers --broker tcp://10.0.0.5:7401 --json | jq .state");
  return {verb, [options] { return run_peers(*options); }};
}

}  // namespace phyllo::cli
