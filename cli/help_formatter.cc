#include "cli/help_formatter.h"

#include <cstddef>
#include <sstream>

#include "cli/display_text.h"

namespace phyllo::cli {
namespace {

constexpr std::size_t kScreenWidth = 80;
constexpr std::size_t kNameWidth = 25;

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(kNameWidth);
  label("SUBCOMMAND", "VERB");
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const bool shown = takes_value(*option) && option->nonpositional();
  return shown ? " " + option->get_type_name() : std::string();
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  std::string text = option->get_description();
  if (takes_value(*option) && !option->get_default_str().empty()) {
    text += " (default " + option->get_default_str() + ")";
  }
  return wrapped(text, kScreenWidth - kNameWidth);
}

std::string HelpFormatter::make_subcommand(const CLI::App* verb) const {
  std::ostringstream out;
  CLI::detail::format_help(out, verb->get_display_name(true),
                           wrapped(verb->get_description(), kScreenWidth - kNameWidth), kNameWidth);
  return out.str();
}

}  // namespace phyllo::cli
