#include "broker/config/settings_listing.h"

#include "broker/config/settings_schema.h"

namespace phyllo::broker {
namespace {

class Lister final : public SettingsVisitor {
 public:
  void section(std::string_view key, const std::function<void()>& keys) override {
    const std::size_t outer = prefix_.size();
    prefix_ += std::string(key) + ".";
    keys();
    prefix_.resize(outer);
  }
  void setting(std::string_view key, const Setting& setting) override {
    listed.push_back({prefix_ + std::string(key), setting.show()});
  }

  std::vector<ListedSetting> listed;

 private:
  std::string prefix_;
};

class YamlWriter final : public SettingsVisitor {
 public:
  void section(std::string_view key, const std::function<void()>& keys) override {
    yaml += indent_ + std::string(key) + ":\n";
    indent_ += "  ";
    keys();
    indent_.resize(indent_.size() - 2);
  }
  void setting(std::string_view key, const Setting& setting) override {
    yaml += indent_ + std::string(key) + ": " + setting.show() + "\n";
  }

  std::string yaml;

 private:
  std::string indent_;
};

}  // namespace

std::vector<ListedSetting> list_settings(const Settings& settings) {
  Settings copy = settings;  // a visitor may write, this one does not
  Lister lister;
  visit_settings(copy, lister);
  return lister.listed;
}

std::vector<std::string> changed_settings(const Settings& before, const Settings& after) {
  const std::vector<ListedSetting> old_values = list_settings(before);
  const std::vector<ListedSetting> new_values = list_settings(after);
  std::vector<std::string> changed;
  for (std::size_t i = 0; i < old_values.size(); ++i) {
    if (old_values[i] != new_values[i]) changed.push_back(old_values[i].path);
  }
  return changed;
}

std::string settings_as_yaml(const Settings& settings) {
  Settings copy = settings;
  YamlWriter writer;
  visit_settings(copy, writer);
  return writer.yaml;
}

}  // namespace phyllo::broker
