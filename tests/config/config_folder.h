#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "broker/config/settings.h"

namespace phyllo::broker {

/// A temporary folder of configuration files, gone with the object.
class ConfigFolder {
 public:
  ConfigFolder();
  ~ConfigFolder();
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, std::string_view text) const;
  LoadedSettings load(const std::string& name) const { return load_settings(path(name)); }
  /// What is wrong with a file, with paths relative to the folder.
  std::vector<std::string> errors(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace phyllo::broker
