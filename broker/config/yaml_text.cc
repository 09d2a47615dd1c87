#include "broker/config/yaml_text.h"

#include <algorithm>

#include "broker/config/utf8.h"

namespace phyllo::broker {
namespace {

/// What is wrong with the character at the front of `rest`, or nullptr.
const char* problem(std::string_view rest, std::size_t sequence) {
  if (sequence == 0) return "this byte is not valid UTF-8; is this a YAML file?";
  const auto first = static_cast<unsigned char>(rest[0]);
  if (first == 0) return "the file holds a NUL byte; is this a YAML file?";
  if (first == '\r' && rest.size() > 1 && rest[1] == '\n') return nullptr;
  if ((first < 0x20 && first != '\n' && first != '\t') || first == 0x7f) {
    return "the file holds a control character; is this a YAML file?";
  }
  return nullptr;
}

/// The column of a tab that indents `line`, or 0. Blank lines and comments may begin as they like.
int indenting_tab(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos || line[first] == '#') return 0;
  const std::size_t tab = line.substr(0, first).find('\t');
  return tab == std::string_view::npos ? 0 : static_cast<int>(tab) + 1;
}

}  // namespace

bool check_yaml_text(std::string_view text, const std::shared_ptr<const std::string>& file,
                     ConfigErrors& errors) {
  if (text.size() > kMaxConfigBytes) {
    errors.add({file, 1, 1}, "the file is larger than 1MiB; is this a configuration?");
    return false;
  }
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view all = text.substr(0, text.find('\n'));
    std::string_view rest = all;
    for (int column = 1; !rest.empty(); ++column) {
      // The line's end belongs to what is looked at: a CR may stand before it only.
      const std::size_t step = utf8_sequence(rest);
      const std::size_t here = static_cast<std::size_t>(rest.data() - text.data());
      if (const char* message = problem(text.substr(here), step)) {
        errors.add({file, line, column}, message);
        return false;
      }
      rest.remove_prefix(step);
    }
    if (const int column = indenting_tab(all)) {
      errors.add({file, line, column}, "a tab cannot indent YAML; use spaces");
    }
    text.remove_prefix(std::min(all.size() + 1, text.size()));
  }
  return errors.empty();
}

}  // namespace phyllo::broker
