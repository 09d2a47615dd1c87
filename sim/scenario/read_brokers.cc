#include <algorithm>
#include <array>
#include <set>

#include "broker/config/settings.h"
#include "broker/config/settings_checks.h"
#include "broker/config/settings_listing.h"
#include "broker/config/settings_reader.h"
#include "sim/scenario/scenario_parts.h"

namespace phyllo::sim {
namespace {

using broker::ConfigErrors;
using broker::Position;
using broker::Settings;
using broker::YamlValue;

constexpr std::size_t kMaxFiles = 1000;

/// Sections of a broker's file that say where it is, not how it behaves.
constexpr std::array kOfOneBroker{"node", "peers", "http", "logging"};

bool of_one_broker(const std::string& path) {
  if (path == "clients.listen") return true;
  return std::ranges::any_of(
      kOfOneBroker, [&](const std::string& section) { return path.starts_with(section + "."); });
}

const char* profile_name(broker::Profile profile) {
  static constexpr std::array kNames{"lan", "wan", "paper"};
  return kNames[static_cast<std::size_t>(profile)];
}

void take_settings(const Settings& settings, Scenario& scenario) {
  scenario.broker = settings.core;
  scenario.profile = profile_name(settings.profile);
}

/// The section `broker`: what all brokers are told, as in their own files.
void read_inline(const YamlValue& value, Scenario& scenario, ConfigErrors& errors) {
  if (value.kind == YamlValue::Kind::kNothing) return;
  if (value.kind != YamlValue::Kind::kMap) {
    errors.add(value.position, "broker: must be a section with the settings of phyllod");
    return;
  }
  for (const char* section : kOfOneBroker) {
    const YamlValue* const given = value.find(section);
    if (given == nullptr) continue;
    errors.add(given->position, std::string(section) +
                                    ": has no meaning in a simulation; list the brokers' own files "
                                    "in broker_files instead");
  }
  Settings settings;
  broker::GivenSettings given = broker::read_settings(value, settings, errors);
  given.note("peers.seeds", value.position);  // the simulator knows whom to ask
  broker::check_settings(settings, given, errors);
  take_settings(settings, scenario);
}

std::size_t region_index(Scenario& scenario, const std::string& name) {
  if (const auto index = scenario.network.index(name)) return *index;
  scenario.network.names.push_back(name);
  return scenario.network.names.size() - 1;
}

/// The first setting that would make two brokers behave differently; empty: none.
std::string difference(const Settings& first, const Settings& other) {
  for (const std::string& path : broker::changed_settings(first, other)) {
    if (!of_one_broker(path)) return path;
  }
  return {};
}

class FileReader {
 public:
  FileReader(Scenario& scenario, ConfigErrors& errors) : scenario_(scenario), errors_(errors) {}

  void read(const std::filesystem::path& file, const Position& position) {
    const broker::LoadedSettings loaded = broker::load_settings(file);
    if (!loaded.ok()) return errors_.add(position, "broker_files: " + loaded.errors.front());
    const Settings& settings = *loaded.settings;
    if (!first_) {
      first_ = settings;
      take_settings(settings, scenario_);
    } else if (const std::string path = difference(*first_, settings); !path.empty()) {
      return errors_.add(position, "broker_files: " + broker::in_quotes(file.string()) +
                                       " differs from the first file in " + path +
                                       "; simulated brokers all have the same settings");
    }
    const overlay::NodeId id = broker::node_id_of(settings, broker::advertised_place(settings, {}));
    if (!ids_.insert(id).second) {
      return errors_.add(position, "broker_files: " + broker::in_quotes(file.string()) +
                                       " is the same broker as one before");
    }
    scenario_.brokers.push_back(
        {file.stem().string(), region_index(scenario_, settings.region), id});
  }

 private:
  Scenario& scenario_;
  ConfigErrors& errors_;
  std::optional<Settings> first_;
  std::set<overlay::NodeId> ids_;
};

}  // namespace

void read_brokers(Section& top, const std::filesystem::path& folder, Scenario& scenario,
                  ConfigErrors& errors) {
  const YamlValue* const value = top.find("broker");
  if (value != nullptr) read_inline(*value, scenario, errors);
  const auto files = top.items("broker_files");
  if (files.empty()) return;
  if (value != nullptr) {
    return top.fail_at("broker_files",
                       "the files say what the brokers are told; leave out the section broker");
  }
  if (files.size() > kMaxFiles) {
    return top.fail_at("broker_files", "at most " + std::to_string(kMaxFiles) + " files");
  }
  FileReader reader(scenario, errors);
  for (const YamlValue& file : files) {
    if (!file.is_scalar() || file.text.empty()) {
      errors.add(file.position, "broker_files: must be a list of files");
    } else {
      reader.read(folder / file.text, file.position);
    }
  }
}

}  // namespace phyllo::sim
