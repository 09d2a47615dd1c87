#include "cli/completion_script.h"

#include <string_view>
#include <vector>

namespace phyllo::cli {
namespace {

std::vector<const CLI::App*> verbs_of(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App*) { return true; });
}

/// A verb and what may follow it have names such as "sim/pastry" in the scripts.
std::string nested_names(const CLI::App& phyllo) {
  std::string names;
  for (const CLI::App* verb : verbs_of(phyllo)) {
    for (const CLI::App* nested : verbs_of(*verb)) {
      names += verb->get_name() + "/" + nested->get_name() + " ";
    }
  }
  return names;
}

std::string words_after(const CLI::App& verb) {
  std::string names;
  for (const CLI::App* nested : verbs_of(verb)) {
    names += (names.empty() ? "" : " ") + nested->get_name();
  }
  return names;
}

std::string verb_names(const CLI::App& phyllo) {
  std::string names;
  for (const CLI::App* verb : verbs_of(phyllo)) names += verb->get_name() + " ";
  return names + "help";
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

/// What can stand where a file is wanted is left to the shell.
bool takes_path(const CLI::Option& option) {
  return option.get_type_name() == "FILE" || option.get_type_name() == "DIR";
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

std::string bash_case(const CLI::App& verb, const std::string& before = {}) {
  std::string options;
  std::string paths;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : names_of(*option)) {
      options += (options.empty() ? "" : " ") + name;
      if (takes_path(*option)) paths += (paths.empty() ? "" : " ") + name;
    }
  }
  const std::string name = before + verb.get_name();
  std::string text = "    " + name + ") options='" + options + "' paths='" + paths + "' words='" +
                     words_after(verb) + "' ;;\n";
  for (const CLI::App* nested : verbs_of(verb)) text += bash_case(*nested, name + "/");
  return text;
}

/// Text inside single quotes inside _arguments: ' [ ] : and \ mean something there.
std::string zsh_text(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      if (std::string_view("[]:\\").find(c) != std::string_view::npos) quoted += '\\';
      quoted += c;
    }
  }
  return quoted;
}

std::string zsh_option(const CLI::Option& option) {
  std::string action;
  if (takes_value(option)) {
    action = ":" + zsh_text(option.get_type_name()) + ":" + (takes_path(option) ? "_files" : "");
  }
  std::string lines;
  for (const std::string& name : names_of(option)) {
    const std::string repeat = option.get_items_expected_max() > 1 ? "*" : "";
    lines += "        '" + repeat + name + "[" + zsh_text(option.get_description()) + "]" + action +
             "' \\\n";
  }
  return lines;
}

std::string zsh_case(const CLI::App& verb, const std::string& before = {}) {
  const std::string name = before + verb.get_name();
  std::string text = "    " + name + ")\n      _arguments \\\n";
  for (const CLI::Option* option : verb.get_options()) {
    if (option->nonpositional()) text += zsh_option(*option);
  }
  const std::string words = words_after(verb);
  if (!words.empty()) {
    text += "        '1:word:{ compadd " + words + "; _files }'";
  } else {
    const bool shell = verb.get_name() == "completion";
    text += shell ? "        '1:shell:(bash zsh)'" : "        '*:argument:'";
  }
  text += "\n      ;;\n";
  for (const CLI::App* nested : verbs_of(verb)) text += zsh_case(*nested, name + "/");
  return text;
}

}  // namespace

std::string bash_completion(const CLI::App& phyllo) {
  std::string script =
      "# bash completion for phyllo\n"
      "_phyllo() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local verb= options='--help --version' paths= words= word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    if [[ $word == -* ]]; then continue; fi\n"
      "    if [[ -z $verb ]]; then verb=$word; continue; fi\n"
      "    if [[ ' " +
      nested_names(phyllo) +
      "' == *\" $verb/$word \"* ]]; then verb=$verb/$word; break; fi\n"
      "  done\n"
      "  case $verb in\n";
  for (const CLI::App* verb : verbs_of(phyllo)) script += bash_case(*verb);
  const std::string names = verb_names(phyllo);
  return script +
         "  esac\n"
         "  COMPREPLY=()\n"
         "  if [[ \" $paths \" == *\" $previous \"* ]]; then\n"
         "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "  elif [[ $current == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
         "  elif [[ -z $verb || $verb == help ]]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         names +
         "' -- \"$current\"))\n"
         "  elif [[ $verb == completion ]]; then\n"
         "    COMPREPLY=($(compgen -W 'bash zsh' -- \"$current\"))\n"
         "  elif [[ -n $words ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\") $(compgen -f -- \"$current\"))\n"
         "  fi\n"
         "}\n"
         "complete -F _phyllo phyllo\n";
}

std::string zsh_completion(const CLI::App& phyllo) {
  std::string script =
      "#compdef phyllo\n"
      "_phyllo() {\n"
      "  if (( CURRENT == 2 )); then\n"
      "    local -a verbs=(\n";
  for (const CLI::App* verb : verbs_of(phyllo)) {
    script += "      '" + verb->get_name() + ":" + zsh_text(verb->get_description()) + "'\n";
  }
  script +=
      "      'help:Show the help of a verb'\n"
      "    )\n"
      "    _describe verb verbs\n"
      "    return\n"
      "  fi\n"
      "  local verb=$words[2]\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  if (( CURRENT > 2 )) && [[ ' " +
      nested_names(phyllo) +
      "' == *\" $verb/$words[2] \"* ]]; then\n"
      "    verb=$verb/$words[2]\n"
      "    shift words\n"
      "    (( CURRENT-- ))\n"
      "  fi\n"
      "  case $verb in\n";
  for (const CLI::App* verb : verbs_of(phyllo)) script += zsh_case(*verb);
  return script + "    help) _arguments '1:verb:(" + verb_names(phyllo) +
         ")' ;;\n"
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _phyllo ]]; then _phyllo \"$@\"; else compdef _phyllo phyllo; "
         "fi\n";
}

}  // namespace phyllo::cli
