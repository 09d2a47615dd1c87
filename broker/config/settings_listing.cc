#include "broker/config/settings_listing.h"

#include <algorithm>

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
  void table(std::string_view key, const NameTable& names,
             const std::function<void(const std::string& name)>& keys) override {
    const std::vector<std::string> given = names.names();
    std::string all;
    for (const std::string& name : given) all += (all.empty() ? "" : ", ") + name;
    listed.push_back({prefix_ + std::string(key), "{" + all + "}"});
    section(key, [&] {
      for (const std::string& name : given) section(name, [&] { keys(name); });
    });
  }

  void list(std::string_view key, const SectionList& sections,
            const std::function<void(std::size_t index)>& keys) override {
    const std::string path = prefix_ + std::string(key);
    const std::size_t size = sections.size();
    listed.push_back({path, size == 0 ? "[]" : "[" + std::to_string(size) + " sections]"});
    for (std::size_t i = 0; i < size; ++i) {
      section(std::string(key) + "[" + std::to_string(i) + "]", [&] { keys(i); });
    }
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
  void table(std::string_view key, const NameTable& names,
             const std::function<void(const std::string& name)>& keys) override {
    const std::vector<std::string> given = names.names();
    if (given.empty()) {
      yaml += indent_ + std::string(key) + ": {}\n";
      return;
    }
    section(key, [&] {
      for (std::string name : given) {
        section(text_setting(name).show(), [&] { keys(name); });  // one may need quotes
      }
    });
  }

  void list(std::string_view key, const SectionList& sections,
            const std::function<void(std::size_t index)>& keys) override {
    const std::size_t size = sections.size();
    yaml += indent_ + std::string(key) + (size == 0 ? ": []\n" : ":\n");
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t start = yaml.size();
      indent_ += "    ";
      keys(i);
      indent_.resize(indent_.size() - 4);
      yaml[start + indent_.size() + 2] = '-';
    }
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
  const auto missing_from = [](const std::vector<ListedSetting>& all, const ListedSetting& one) {
    return std::find(all.begin(), all.end(), one) == all.end();
  };
  for (const ListedSetting& each : old_values) {
    if (missing_from(new_values, each)) changed.push_back(each.path);
  }
  // What stands in a table or a list may be in one of them only.
  for (const ListedSetting& each : new_values) {
    if (!missing_from(old_values, each)) continue;
    if (std::find(changed.begin(), changed.end(), each.path) == changed.end()) {
      changed.push_back(each.path);
    }
  }
  // A row that is there in one of them only is one change, not one for each of its keys.
  const auto inside = [](const std::string& path, const std::string& outer) {
    return path.starts_with(outer + ".") || path.starts_with(outer + "[");
  };
  const std::vector<std::string> all = changed;
  std::erase_if(changed, [&](const std::string& path) {
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& outer) { return inside(path, outer); });
  });
  return changed;
}

std::string settings_as_yaml(const Settings& settings) {
  Settings copy = settings;
  YamlWriter writer;
  visit_settings(copy, writer);
  return writer.yaml;
}

}  // namespace phyllo::broker
