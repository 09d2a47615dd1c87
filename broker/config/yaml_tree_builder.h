#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/config/config_errors.h"
#include "broker/config/yaml_value.h"

namespace phyllo::broker {

/// Builds a YamlValue from yaml-cpp's parse events. Events instead of YAML::Node, because a Node
/// hides duplicate keys and quotes, expands aliases, and is rewritten by look-ups. The parser
/// recurses once per level, after the event, so that throwing here also bounds its stack.
class YamlTreeBuilder final : public YAML::EventHandler {
 public:
  YamlTreeBuilder(std::string_view text, std::shared_ptr<const std::string> file,
                  ConfigErrors& errors);

  /// The finished document's root.
  std::optional<YamlValue> take() { return std::move(root_); }
  /// Where `mark` is, counted in characters from 1.
  Position position(const YAML::Mark& mark) const;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlValue value;
    std::optional<YamlValue> key;  ///< of a map: read, its value not yet
  };

  void open(YamlValue::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor);
  void close();
  void add(YamlValue value, const YAML::Mark& mark);
  void add_entry(YamlValue& map, const YamlValue& key, YamlValue value, const YAML::Mark& mark);
  bool expects_key() const;

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  ConfigErrors& errors_;
  std::vector<Open> open_;
  std::optional<YamlValue> root_;
};

}  // namespace phyllo::broker
