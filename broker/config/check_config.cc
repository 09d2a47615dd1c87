#include "broker/config/check_config.h"

#include "broker/config/settings.h"
#include "broker/config/settings_listing.h"
#include "broker/config/socket_address.h"
#include "broker/config/utf8.h"

namespace phyllo::broker {
namespace {

/// Comments, so that the whole text is a configuration again.
std::string summary(const std::filesystem::path& file, const Settings& settings) {
  const overlay::Place place = advertised_place(settings, {});
  const bool open_port =
      socket_address(place.local).port == 0 || socket_address(place.wan).port == 0;
  const std::string id =
      settings.node_id || !open_port ? node_id_of(settings, place).hex() : "known once it listens";
  return "# " + printable(file.string()) + " is valid. All settings in effect:\n# node id " + id +
         "\n# peers of region " + place.region + " connect to " + place.local.text() +
         ", all others to " + place.wan.text() + "\n";
}

}  // namespace

ConfigCheck check_config(const std::filesystem::path& file) {
  const LoadedSettings loaded = load_settings(file);
  if (loaded.ok()) {
    return {true, summary(file, *loaded.settings) + settings_as_yaml(*loaded.settings)};
  }
  ConfigCheck check{false, ""};
  for (const std::string& error : loaded.errors) check.text += error + "\n";
  return check;
}

}  // namespace phyllo::broker
