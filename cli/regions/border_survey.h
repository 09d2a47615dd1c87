#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "phyllo/borders_info.h"
#include "phyllo/peers_info.h"

namespace phyllo::cli {

/// A broker that is to be asked: what it is called, and its endpoints for programs.
struct AskedBroker {
  std::string name;
  std::vector<std::string> endpoints;
};

/// What brokers said of their borders, and who said nothing.
struct BorderSurvey {
  struct Silent {
    std::string name;
    std::string why;
  };

  std::vector<BordersInfo> answers;  ///< each broker's once
  std::vector<Silent> silent;
  std::map<std::string, PeerInfo> known;  ///< every broker that one of them knows, by id

  /// Those known that did not answer.
  std::vector<PeerInfo> missing() const;
  std::set<std::string> incomplete_regions() const;
};

/// Asks all of them, and waits for each as long as `wait`. Never fails: who cannot be reached is
/// among the silent.
BorderSurvey survey_borders(const std::vector<AskedBroker>& brokers,
                            std::chrono::milliseconds wait);

}  // namespace phyllo::cli
