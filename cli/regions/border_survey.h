#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "phyllo/borders_info.h"
#include "phyllo/client.h"
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

/// Asks brokers, once or again and again. Where they are not too many it stays connected. Not
/// thread-safe.
class BorderAsker {
 public:
  BorderAsker(std::vector<AskedBroker> brokers, std::chrono::milliseconds wait)
      : brokers_(std::move(brokers)), wait_(wait) {}

  /// Asks all of them, and waits for each as long as `wait`. Never fails: who cannot be reached is
  /// among the silent.
  BorderSurvey ask();

 private:
  const std::vector<AskedBroker> brokers_;
  const std::chrono::milliseconds wait_;
  std::vector<Client> clients_;  ///< of all brokers, once they were asked
};

}  // namespace phyllo::cli
