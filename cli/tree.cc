#include <cstdio>
#include <memory>
#include <string>

#include "cli/complaint.h"
#include "cli/connection.h"
#include "cli/json_output.h"
#include "cli/tree_text.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

struct TreeOptions {
  ConnectionOptions connection;
  std::string topic;
  bool json = false;
};

ExitStatus run_tree(const TreeOptions& options) {
  Client client = make_client(options.connection, "tree");
  if (const auto end = await_connection(client, options.connection, "tree", nullptr)) return *end;
  const StatusOr<TreeInfo> tree = client.tree(options.topic, options.connection.answers(client));
  if (!tree) return failed("tree", tree.status());
  if (tree->nodes.empty() && (tree->complete || tree->regions.empty())) {
    complain("tree", options.topic + " has no tree: nobody is subscribed");
    return ExitStatus::kFailure;
  }
  const std::string text =
      options.json ? json_of(*tree) + "\n" : tree_text(*tree, glyphs_of_locale());
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (tree->complete) return ExitStatus::kOk;
  complain("tree", "incomplete: not everybody answered in time");
  return ExitStatus::kTimeout;
}

}  // namespace

Verb add_tree(CLI::App& phyllo) {
  auto options = std::make_shared<TreeOptions>();
  CLI::App* const verb = phyllo.add_subcommand("tree", "Show the dissemination tree of a topic");
  verb->add_option("TOPIC", options->topic, "The topic")->required();
  verb->add_flag("--json", options->json, "Print one JSON object");
  add_connection_options(*verb, options->connection);
  verb->footer(
      "The root is the broker whose id is closest to the topic's. HERE counts the\n"
      "subscriptions at a broker, BELOW those at the brokers under it; a forwarder has\n"
      "none of its own. Where regions are configured, each has a tree of its own; below\n"
      "them stands how what is published crosses from one to another.\n\n"
      "Examples:\n"
      "  phyllo tree sensors/temp\n"
      "  phyllo tree --json sensors/temp | jq '.nodes | length'");
  return {verb, [options] { return run_tree(*options); }};
}

}  // namespace phyllo::cli
