#include "broker/config/yaml_document.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "broker/config/yaml_text.h"
#include "broker/config/yaml_tree_builder.h"

namespace phyllo::broker {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// yaml-cpp's words, and what they mean to somebody who writes a configuration.
struct Wording {
  std::string_view theirs;
  const char* ours;
};
constexpr Wording kWordings[] = {
    {"illegal map value", "a ':' is not expected here; check quotes and indentation"},
    {"end of map not found", "the indentation does not fit the lines above"},
    {"end of sequence not found", "the indentation does not fit the lines above"},
    {"illegal flow end", "this bracket closes nothing"},
    {"illegal EOF in scalar", "the quoted text is never closed"},
    {"end of map flow not found", "this '{' is never closed"},
    {"end of sequence flow not found", "this '[' is never closed"},
    {"the referenced anchor is not defined", "a text that begins with '*' needs quotes"},
    {"unknown token", "a text cannot begin with this character without quotes"},
};

void report(const YAML::Exception& problem, const YamlTreeBuilder& builder, ConfigErrors& errors) {
  std::string message = problem.msg;
  for (const Wording& wording : kWordings) {
    if (problem.msg == wording.theirs) message = wording.ours;
  }
  // The parser notices a missing bracket far behind the one that opened.
  const bool unclosed = problem.msg.find("flow not found") != std::string::npos;
  const YAML::Mark& mark = unclosed ? YAML::Mark::null_mark() : problem.mark;
  errors.add(builder.position(mark), "not valid YAML: " + message);
}

/// Throws YAML::Exception, whose mark says where.
std::optional<YamlValue> parse_one(std::string_view text, YamlTreeBuilder& builder,
                                   const std::shared_ptr<const std::string>& file,
                                   ConfigErrors& errors) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  const bool any = parser.HandleNextDocument(builder);
  std::optional<YamlValue> root = builder.take();
  if (!any || !root || root->kind == YamlValue::Kind::kNothing) {
    errors.add({file, 1, 1}, "the file is empty");
    return std::nullopt;
  }
  if (parser.HandleNextDocument(builder)) {
    const std::optional<YamlValue> second = builder.take();
    errors.add(second ? second->position : Position{file, 1, 1},
               "a second document begins here; one file holds one");
    return std::nullopt;
  }
  return root;
}

}  // namespace

std::optional<YamlValue> parse_yaml(std::string_view text, const std::string& file_name,
                                    ConfigErrors& errors) {
  const auto file = std::make_shared<const std::string>(file_name);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!check_yaml_text(text, file, errors)) return std::nullopt;
  YamlTreeBuilder builder(text, file, errors);
  try {
    std::optional<YamlValue> root = parse_one(text, builder, file, errors);
    if (root && root->kind != YamlValue::Kind::kMap) {
      errors.add(root->position, "the file must hold 'key: value' lines");
      return std::nullopt;
    }
    return root;
  } catch (const YAML::Exception& problem) {
    report(problem, builder, errors);
    return std::nullopt;
  }
}

}  // namespace phyllo::broker
