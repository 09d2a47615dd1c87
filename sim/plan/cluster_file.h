#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broker/config/settings.h"

namespace phyllo::sim {

/// A deployment as its configuration files describe it.
///
/// A cluster file is what all brokers share; each broker has a file of its own beside it, in the
/// same folder, that includes it. A file that no other one there includes describes a cluster of
/// one broker.
struct ClusterFile {
  struct Node {
    std::string name;  ///< its file's, without ".yaml"
    broker::Settings settings;
    broker::GivenSettings given;  ///< where they stand
    overlay::Place place;         ///< as it tells others; port 0 where the system chooses
    overlay::NodeId id;
  };

  std::filesystem::path file;
  std::vector<Node> nodes;            ///< by name, at least one
  std::vector<std::string> warnings;  ///< what works, and is probably not meant

  /// What all nodes have in common, the table of regions above all.
  const broker::Settings& shared() const { return nodes.front().settings; }
  /// Of the table, or else those that nodes name; in alphabetical order.
  std::vector<std::string> regions() const;
};

/// What reading a cluster came to: all of it, or every error found, each `file:line:column:
/// message`.
struct LoadedCluster {
  std::optional<ClusterFile> cluster;
  std::vector<std::string> errors;  ///< empty exactly when there is a cluster

  bool ok() const { return cluster.has_value(); }
};

/// Reads `file` and its broker's files, strictly, and holds them against each other. Touches
/// nothing but the YAML files in that folder and those they include.
LoadedCluster load_cluster(const std::filesystem::path& file);

}  // namespace phyllo::sim
