#include "broker/config/yaml_reading.h"

#include "broker/config/config_errors.h"
#include "broker/config/nearest_key.h"

namespace phyllo::broker {
namespace {

Error wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

}  // namespace

std::string described(const YamlValue& value) {
  switch (value.kind) {
    case YamlValue::Kind::kNothing:
      return "empty";
    case YamlValue::Kind::kPlain:
      return in_quotes(value.text);
    case YamlValue::Kind::kQuoted:
      return "the text " + in_quotes(value.text);
    case YamlValue::Kind::kList:
      return "a list";
    case YamlValue::Kind::kMap:
      return "a section with keys";
  }
  return "unknown";
}

Outcome read_scalar(const YamlValue& value, const Setting& setting) {
  const bool number = setting.shape == Setting::Shape::kNumber;
  if (value.kind == YamlValue::Kind::kNothing) return wrong("has no value");
  if (!value.is_scalar()) return wrong("must be a single value, not " + described(value));
  if (number && value.kind == YamlValue::Kind::kQuoted) {
    return wrong("must be a number, not " + described(value) + "; remove the quotes");
  }
  return setting.set(value.text);
}

std::string unknown_key(const std::string& key, std::string_view section,
                        std::span<const std::string> known, std::string& near) {
  std::string message = "unknown key " + in_quotes(key);
  if (!section.empty()) message.append(" in ").append(section);
  near = nearest_key(key, known);
  if (!near.empty()) return message + "; did you mean '" + near + "'?";
  return message;
}

}  // namespace phyllo::broker
