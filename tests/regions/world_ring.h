#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tests/regions/world.h"

namespace phyllo::regions {

/// Sees whom its region can reach.
class World::Ring final : public GlobalRing {
 public:
  Ring(const World& world, std::size_t region) : world_(world), region_(region) {}
  const overlay::Contact& self() const override { return world_.regions_[region_]->contact; }
  bool rendezvous_here(const multicast::TopicId& topic) const override {
    return world_.rendezvous_for(region_, topic.key()) == region_;
  }
  std::optional<overlay::Contact> successor(const multicast::TopicId& topic) const override {
    std::optional<overlay::Contact> best;
    for (std::size_t i = 0; i < world_.regions_.size(); ++i) {
      const Region& other = *world_.regions_[i];
      if (i == region_ || !other.life || other.side != world_.regions_[region_]->side) continue;
      if (!best || overlay::closer(topic.key(), other.contact.id(), best->id())) {
        best = other.contact;
      }
    }
    return best;
  }
  std::vector<overlay::Contact> met(const std::string& region) const override {
    std::vector<overlay::Contact> met;
    if (world_.unmet.contains({region_, region})) return met;
    for (std::size_t i = 0; i < world_.regions_.size(); ++i) {
      const overlay::Contact& other = world_.regions_[i]->contact;
      if (counts(i) && other.region() == region) met.push_back(other);
    }
    return met;
  }
  std::optional<std::vector<overlay::Contact>> all_others() const override {
    if (!world_.small) return std::nullopt;
    std::vector<overlay::Contact> others;
    for (std::size_t i = 0; i < world_.regions_.size(); ++i) {
      const overlay::Contact& other = world_.regions_[i]->contact;
      const bool unmet = world_.unmet.contains({region_, other.region()});
      if (i != region_ && counts(i) && !unmet) others.push_back(other);
    }
    return others;
  }
  bool home_root(overlay::Key) const override { return true; }
  std::optional<overlay::Contact> closest_at_home(overlay::Key) const override {
    return std::nullopt;
  }

 private:
  bool counts(std::size_t other) const {
    const Region& known = *world_.regions_[other];
    return known.there && known.counted == world_.regions_[region_]->counted;
  }

  const World& world_;
  std::size_t region_;
};

}  // namespace phyllo::regions
