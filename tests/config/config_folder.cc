#include "tests/config/config_folder.h"

#include <cstdlib>
#include <fstream>

#include "base/check.h"

namespace phyllo::broker {

ConfigFolder::ConfigFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "phyllo-config-XXXXXX").string();
  PHYLLO_CHECK(mkdtemp(name.data()) != nullptr);
  folder_ = name;
}

ConfigFolder::~ConfigFolder() { std::filesystem::remove_all(folder_); }

void ConfigFolder::write(const std::string& name, std::string_view text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

std::vector<std::string> ConfigFolder::errors(const std::string& name) const {
  std::vector<std::string> errors = load(name).errors;
  const std::string prefix = folder_.string() + "/";
  for (std::string& error : errors) {
    for (auto at = error.find(prefix); at != std::string::npos; at = error.find(prefix)) {
      error.erase(at, prefix.size());
    }
  }
  return errors;
}

}  // namespace phyllo::broker
