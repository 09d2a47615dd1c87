#include "cli/application.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/help_formatter.h"
#include "cli/sim/run_options.h"
#include "cli/suggestion.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

constexpr const char* kFooter =
    "Brokers are found at the --broker options, else in $PHYLLO_BROKERS (separated by\n"
    "commas), else at tcp://127.0.0.1:7401. `phyllo VERB --help` has examples.\n\n"
    "Exit status:\n"
    "  0    done\n"
    "  1    it did not work; stderr says why\n"
    "  2    the command line is wrong\n"
    "  69   no broker could be reached\n"
    "  124  not done in the given time\n"
    "  130  ended by Ctrl-C before it was done";

struct Application {
  CLI::App app{"Publish, subscribe and look around in a Phyllo cluster.", "phyllo"};
  std::vector<Verb> verbs;

  Application() {
    app.set_version_flag("--version", "phyllo " PHYLLO_VERSION, "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.formatter(std::make_shared<HelpFormatter>());  // verbs inherit it
    app.require_subcommand(1);
    app.footer(kFooter);
    for (const auto add : {add_pub, add_sub, add_tree, add_peers, add_ping, add_regions, add_demo,
                           add_plan, add_sim, add_completion}) {
      verbs.push_back(add(app));
      verbs.back().command->group("Verbs");
    }
  }

  bool knows(const std::string& option) const { return app.get_option_no_throw(option) != nullptr; }

  std::vector<std::string> verb_names() const {
    std::vector<std::string> names{"help"};
    for (const Verb& verb : verbs) names.push_back(verb.command->get_name());
    return names;
  }

  const Verb* chosen() const {
    const auto parsed = [](const Verb& verb) { return verb.command->parsed(); };
    const auto verb = std::ranges::find_if(verbs, parsed);
    return verb == verbs.end() ? nullptr : &*verb;
  }
};

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& known) {
  const auto best = nearest(typed, known);
  return best ? "; did you mean " + *best + "?" : "";
}

/// `phyllo help pub` is `phyllo pub --help`.
std::vector<std::string> rewrite_help(std::vector<std::string> words) {
  if (words.empty() || words[0] != "help") return words;
  std::vector<std::string> rewritten(words.begin() + 1, words.end());
  rewritten.emplace_back("--help");
  return rewritten;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// About a word that `command` cannot do anything with.
std::string unexpected(const std::string& word, const CLI::App& command) {
  if (!word.starts_with("-")) return "unexpected argument: " + word;
  const std::string name = word.substr(0, word.find('='));
  return "unknown option " + name + did_you_mean(name, option_names(command));
}

/// The innermost command that was named: `phyllo sim pastry` is pastry.
const CLI::App& innermost(const CLI::App& command) {
  const std::vector<const CLI::App*> named = command.get_subcommands({});
  const auto parsed = [](const CLI::App* each) { return each->parsed(); };
  const auto found = std::ranges::find_if(named, parsed);
  return found == named.end() ? command : innermost(**found);
}

/// What CLI11 found wrong, in our words and on one line.
std::string usage_message(const CLI::App& command, const CLI::ParseError& error) {
  const auto* const extras = dynamic_cast<const CLI::ExtrasError*>(&error);
  if (extras == nullptr) return error.what();
  const std::vector<std::string> unknown = command.remaining();
  if (unknown.empty()) return error.what();
  return unexpected(unknown[0], command);
}

int usage_error(const std::string& verb, const std::string& message) {
  complain(verb, message + " (see phyllo " + (verb.empty() ? "" : verb + " ") + "--help)");
  return static_cast<int>(ExitStatus::kUsage);
}

}  // namespace

int run_application(int argc, const char* const* argv) {
  Application application;
  std::vector<std::string> words = rewrite_help({argv + std::min(argc, 1), argv + argc});
  if (words.empty()) {
    std::fputs(application.app.help().c_str(), stderr);
    return static_cast<int>(ExitStatus::kUsage);
  }
  const auto verbs = application.verb_names();
  if (words[0].starts_with("-") && !application.knows(words[0])) {
    return usage_error("", unexpected(words[0], application.app));
  }
  if (!words[0].starts_with("-") && std::ranges::find(verbs, words[0]) == verbs.end()) {
    return usage_error("", "unknown verb " + words[0] + did_you_mean(words[0], verbs));
  }
  try {
    std::ranges::reverse(words);  // as CLI11 wants them
    application.app.parse(words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return application.app.exit(error);  // help, version
    const CLI::App& command = innermost(application.app);
    return usage_error(path_of(command), usage_message(command, error));
  }
  const int status = static_cast<int>(application.chosen()->run());
  // A full disk shows only here: what the verb printed may still be in the buffer.
  if (std::fflush(stdout) == 0 || status != 0) return status;
  complain(application.chosen()->command->get_name(), "cannot write to the standard output");
  return static_cast<int>(ExitStatus::kFailure);
}

}  // namespace phyllo::cli
