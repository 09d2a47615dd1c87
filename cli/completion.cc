#include <cstdio>
#include <memory>
#include <string>

#include "cli/completion_script.h"
#include "cli/verb.h"

namespace phyllo::cli {

Verb add_completion(CLI::App& phyllo) {
  auto shell = std::make_shared<std::string>();
  CLI::App* const verb =
      phyllo.add_subcommand("completion", "Print the completion script of a shell");
  verb->add_option("SHELL", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}).description(""));
  verb->footer(
      "Examples:\n"
      "  source <(phyllo completion bash)\n"
      "  phyllo completion bash > /etc/bash_completion.d/phyllo\n"
      "  phyllo completion zsh > ~/.zfunc/_phyllo");
  return {verb, [shell, &phyllo] {
            const std::string script =
                *shell == "bash" ? bash_completion(phyllo) : zsh_completion(phyllo);
            std::fwrite(script.data(), 1, script.size(), stdout);
            return ExitStatus::kOk;
          }};
}

}  // namespace phyllo::cli
