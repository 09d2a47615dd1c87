#include "sim/scenario/section.h"

#include <algorithm>

#include "broker/config/yaml_reading.h"

namespace phyllo::sim {

using broker::YamlValue;

Section::Section(const YamlValue& value, std::string path, broker::ConfigErrors& errors)
    : value_(value), path_(std::move(path)), errors_(errors) {
  if (value_.kind == YamlValue::Kind::kMap || value_.kind == YamlValue::Kind::kNothing) return;
  fail(value_.position, path_ + ": must be a section with keys, not " + described(value_));
}

const YamlValue* Section::find(const std::string& key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
  return value_.find(key);
}

const YamlValue* Section::need(const std::string& key) {
  const YamlValue* const found = find(key);
  if (found == nullptr && value_.kind == YamlValue::Kind::kMap) {
    fail(value_.position, path_of(key) + ": is missing");
  }
  return found;
}

bool Section::read(const std::string& key, const broker::Setting& setting) {
  const YamlValue* const value = find(key);
  return value != nullptr && take(*value, key, setting);
}

bool Section::read_needed(const std::string& key, const broker::Setting& setting) {
  const YamlValue* const value = need(key);
  return value != nullptr && take(*value, key, setting);
}

bool Section::take(const YamlValue& value, const std::string& key, const broker::Setting& setting) {
  const Outcome outcome = broker::read_scalar(value, setting);
  if (!outcome) fail(value.position, path_of(key) + ": " + outcome.error().message);
  return outcome.ok();
}

std::span<const YamlValue> Section::items(const std::string& key) {
  const YamlValue* const value = find(key);
  if (value == nullptr || value->kind == YamlValue::Kind::kNothing) return {};
  if (value->kind == YamlValue::Kind::kList) return value->items;
  if (value->is_scalar()) return {value, 1};
  fail(value->position, path_of(key) + ": must be a list, not " + described(*value));
  return {};
}

std::span<const YamlValue::Entry> Section::entries(const std::string& key) {
  const YamlValue* const value = find(key);
  if (value == nullptr || value->kind == YamlValue::Kind::kNothing) return {};
  if (value->kind == YamlValue::Kind::kMap) return value->entries;
  fail(value->position,
       path_of(key) + ": must be a section with names as keys, not " + described(*value));
  return {};
}

void Section::finish() {
  for (const YamlValue::Entry& entry : value_.entries) {
    if (std::ranges::find(known_, entry.key) != known_.end()) continue;
    std::string near;
    std::string message = broker::unknown_key(entry.key, path_, known_, near);
    if (near.empty()) {
      message += "; known here: ";
      for (std::size_t i = 0; i < known_.size(); ++i) message += (i == 0 ? "" : ", ") + known_[i];
    }
    fail(entry.position, message);
  }
}

std::string Section::path_of(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

void Section::fail(const broker::Position& position, const std::string& message) {
  errors_.add(position, message);
}

void Section::fail_at(const std::string& key, const std::string& message) {
  const YamlValue* const value = value_.find(key);
  fail(value == nullptr ? value_.position : value->position, path_of(key) + ": " + message);
}

}  // namespace phyllo::sim
