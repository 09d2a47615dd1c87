#include "sim/plan/cluster_file.h"

#include <algorithm>
#include <system_error>

#include "broker/config/config_errors.h"
#include "broker/config/config_file.h"
#include "sim/plan/cluster_check.h"

namespace phyllo::sim {
namespace {

namespace fs = std::filesystem;
using broker::YamlValue;

/// As deep as files may include each other.
constexpr int kDepth = 8;
constexpr std::size_t kMaxNodes = 5'000;

fs::path resolved(const fs::path& file) {
  std::error_code error;
  return fs::weakly_canonical(file, error);
}

/// Whether `file` includes `shared`, itself or by a file it includes. One that cannot be read does
/// not, as far as anybody knows; `errors` says so.
bool includes(const fs::path& file, const fs::path& shared, int depth,
              broker::ConfigErrors& errors) {
  const auto root = broker::read_config_file(file, errors);
  const YamlValue* const list = root ? root->find("include") : nullptr;
  if (list == nullptr) return false;
  return std::ranges::any_of(list->items, [&](const YamlValue& item) {
    const fs::path included = file.parent_path() / item.text;
    return resolved(included) == shared ||
           (depth > 0 && includes(included, shared, depth - 1, errors));
  });
}

/// The files beside `shared` that include it, by name.
std::vector<fs::path> node_files(const fs::path& shared, broker::ConfigErrors& errors) {
  std::vector<fs::path> files;
  const fs::path folder = shared.has_parent_path() ? shared.parent_path() : fs::path(".");
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".yaml" || resolved(entry.path()) == resolved(shared)) {
      continue;
    }
    const fs::path file =
        shared.has_parent_path() ? entry.path() : fs::path(entry.path().filename());
    if (includes(file, resolved(shared), kDepth, errors)) files.push_back(file);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<std::string> ClusterFile::regions() const {
  std::vector<std::string> names;
  for (const auto& [name, region] : shared().regions) names.push_back(name);
  for (const Node& node : nodes) {
    if (std::ranges::count(names, node.settings.region) == 0) {
      names.push_back(node.settings.region);
    }
  }
  std::ranges::sort(names);
  return names;
}

LoadedCluster load_cluster(const fs::path& file) {
  LoadedCluster loaded;
  broker::ConfigErrors errors;
  std::vector<fs::path> files;
  if (broker::read_config_file(file, errors)) files = node_files(file, errors);
  if (files.empty() && errors.empty()) files.push_back(file);
  if (files.size() > kMaxNodes) {
    loaded.errors = {file.string() + ":1:1: more than " + std::to_string(kMaxNodes) + " brokers"};
    return loaded;
  }
  loaded.errors = errors.lines();
  ClusterFile cluster{.file = file, .nodes = {}, .warnings = {}};
  for (const fs::path& each : files) {
    broker::LoadedSettings node = broker::load_settings(each);
    for (std::string& error : node.errors) {
      // What the files share is wrong once, not once for each of them.
      if (std::ranges::count(loaded.errors, error) == 0) loaded.errors.push_back(std::move(error));
    }
    if (!node.ok()) continue;
    const overlay::Place place = broker::advertised_place(*node.settings, {});
    const overlay::NodeId id = broker::node_id_of(*node.settings, place);
    cluster.nodes.push_back(
        {each.stem().string(), std::move(*node.settings), std::move(node.given), place, id});
  }
  if (loaded.errors.empty()) loaded.errors = check_cluster(cluster);
  if (loaded.errors.empty()) loaded.cluster = std::move(cluster);
  return loaded;
}

}  // namespace phyllo::sim
