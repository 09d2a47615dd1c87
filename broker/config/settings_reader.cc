#include "broker/config/settings_reader.h"

#include <algorithm>

#include "broker/config/settings_listing.h"
#include "broker/config/yaml_reading.h"

namespace phyllo::broker {

SettingsReader::SettingsReader(const YamlValue& root, ConfigErrors& errors)
    : root_(root), errors_(errors), given_(root.position) {
  for (const ListedSetting& each : list_settings(Settings{})) all_paths_.push_back(each.path);
}

GivenSettings SettingsReader::read(Settings& settings) {
  // `include` was followed before the values came here.
  frames_.push_back({&root_, "", {"include"}});
  visit_settings(settings, *this);
  report_unknown(frames_.back());
  frames_.pop_back();
  return std::move(given_);
}

void SettingsReader::section(std::string_view key, const std::function<void()>& keys) {
  const std::string path = frames_.back().path + std::string(key);
  const YamlValue* value = look_up(key);
  if (value != nullptr && value->kind != YamlValue::Kind::kMap) {
    // A section whose keys are all commented out is just empty.
    if (value->kind != YamlValue::Kind::kNothing) {
      fail(value->position, path, "must be a section with keys, not " + described(*value));
    }
    value = nullptr;
  }
  frames_.push_back({value, path + ".", {}});
  keys();
  report_unknown(frames_.back());
  frames_.pop_back();
}

void SettingsReader::setting(std::string_view key, const Setting& setting) {
  const std::string path = frames_.back().path + std::string(key);
  const YamlValue* value = look_up(key);
  if (value == nullptr) return;
  if (setting.shape == Setting::Shape::kList) {
    read_list(*value, path, setting);
  } else {
    read_scalar(*value, path, setting);
  }
}

void SettingsReader::table(std::string_view key, const NameTable& names,
                           const std::function<void(const std::string& name)>& keys) {
  const std::string path = frames_.back().path + std::string(key);
  const YamlValue* value = look_up(key);
  if (value == nullptr || value->kind == YamlValue::Kind::kNothing) return;
  if (value->kind != YamlValue::Kind::kMap) {
    return fail(value->position, path, "must be a section of names, not " + described(*value));
  }
  frames_.push_back({value, path + ".", {}});
  for (const YamlValue::Entry& entry : value->entries) {
    if (const Outcome added = names.add(entry.key); !added) {
      fail(entry.position, path, added.error().message);
    } else {
      section(entry.key, [&] { keys(entry.key); });
    }
  }
  frames_.pop_back();
}

void SettingsReader::list(std::string_view key, const SectionList& sections,
                          const std::function<void(std::size_t index)>& keys) {
  const std::string path = frames_.back().path + std::string(key);
  const YamlValue* value = look_up(key);
  if (value == nullptr || value->kind == YamlValue::Kind::kNothing) return;
  if (value->kind != YamlValue::Kind::kList) {
    return fail(value->position, path, "must be a list of sections, not " + described(*value));
  }
  sections.clear();
  for (std::size_t i = 0; i < value->items.size(); ++i) {
    const YamlValue& item = value->items[i];
    const std::string item_path = path + "[" + std::to_string(i) + "]";
    if (const Outcome added = sections.add(); !added) {
      return fail(item.position, path, added.error().message);
    }
    given_.note(item_path, item.position);
    const bool map = item.kind == YamlValue::Kind::kMap;
    if (!map) {
      fail(item.position, item_path, "must be a section with keys, not " + described(item));
    }
    frames_.push_back({map ? &item : nullptr, item_path + ".", {}});
    keys(i);
    report_unknown(frames_.back());
    frames_.pop_back();
  }
}

/// Also learns that the key exists, and where the value stands.
const YamlValue* SettingsReader::look_up(std::string_view key) {
  Frame& frame = frames_.back();
  frame.known.emplace_back(key);
  const YamlValue* value = frame.map == nullptr ? nullptr : frame.map->find(frame.known.back());
  if (value != nullptr) given_.note(frame.path + std::string(key), value->position);
  return value;
}

void SettingsReader::read_list(const YamlValue& value, const std::string& path,
                               const Setting& setting) {
  if (value.kind != YamlValue::Kind::kList) {
    const std::string hint = value.is_scalar() ? "; write [" + value.text + "]" : "";
    return fail(value.position, path, "must be a list, not " + described(value) + hint);
  }
  setting.clear();
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const YamlValue& item = value.items[i];
    given_.note(path + "[" + std::to_string(i) + "]", item.position);
    read_scalar(item, path, setting);
  }
}

void SettingsReader::read_scalar(const YamlValue& value, const std::string& path,
                                 const Setting& setting) {
  const Outcome outcome = broker::read_scalar(value, setting);
  if (!outcome) fail(value.position, path, outcome.error().message);
}

void SettingsReader::fail(const Position& position, const std::string& path,
                          const std::string& message) {
  errors_.add(position, path + ": " + message);
  given_.note_failed(path);
}

void SettingsReader::report_unknown(const Frame& frame) {
  if (frame.map == nullptr) return;
  for (const YamlValue::Entry& entry : frame.map->entries) {
    if (errors_.full()) return;
    const auto& known = frame.known;
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    errors_.add(entry.position, unknown_key(frame, entry.key));
  }
}

/// The message for it, with the best guess of what was meant: the same word elsewhere, or a word
/// like it here. What was meant is then not also
/// missing: one mistake, one message.
std::string SettingsReader::unknown_key(const Frame& frame, const std::string& key) {
  const std::string section = frame.path.substr(0, frame.path.empty() ? 0 : frame.path.size() - 1);
  for (const std::string& path : all_paths_) {
    if (!path.ends_with("." + key)) continue;
    given_.note_failed(path);
    std::string none;
    return broker::unknown_key(key, section, {}, none) + "; did you mean '" + path + "'?";
  }
  std::string near;
  const std::string message = broker::unknown_key(key, section, frame.known, near);
  if (!near.empty()) {
    given_.note_failed(frame.path + near);
    return message;
  }
  std::string known;
  for (const std::string& each : frame.known) known += (known.empty() ? "" : ", ") + each;
  return message + "; known here: " + known;
}

GivenSettings read_settings(const YamlValue& root, Settings& settings, ConfigErrors& errors) {
  ConfigErrors unheard;
  Settings first = default_settings(Profile::kLan, LogLevel::kInfo);
  SettingsReader(root, unheard).read(first);
  settings = default_settings(first.profile, first.logging.level, first.global_ring.profile);
  return SettingsReader(root, errors).read(settings);
}

}  // namespace phyllo::broker
