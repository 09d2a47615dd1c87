#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "sim/plan/cluster_file.h"

namespace phyllo::sim {

/// A temporary folder with the files of a cluster, gone with the object.
class ClusterFolder {
 public:
  ClusterFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "phyllo-plan-XXXXXX").string();
    PHYLLO_CHECK(mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~ClusterFolder() { std::filesystem::remove_all(folder_); }
  ClusterFolder(const ClusterFolder&) = delete;
  ClusterFolder& operator=(const ClusterFolder&) = delete;

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  /// A broker of its own host that includes cluster.yaml.
  void write_broker(const std::string& name, const std::string& region,
                    const std::string& more = "") const {
    write(name + ".yaml", "include: [cluster.yaml]\nnode: {region: " + region +
                              "}\npeers: {local: {listen: 'tcp://" + name + ":7400'}}\n" + more);
  }
  LoadedCluster load() const { return load_cluster(path("cluster.yaml")); }
  /// Without the folder in front.
  std::vector<std::string> errors() const {
    std::vector<std::string> lines = load().errors;
    const std::string prefix = folder_.string() + "/";
    for (std::string& line : lines) {
      for (auto at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) {
        line.erase(at, prefix.size());
      }
    }
    return lines;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace phyllo::sim
