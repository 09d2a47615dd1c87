#include "broker/config/given_settings.h"

namespace phyllo::broker {

void GivenSettings::note(const std::string& path, Position position) {
  positions_.emplace(path, std::move(position));
}

const Position& GivenSettings::position(std::string path) const {
  while (true) {
    const auto found = positions_.find(path);
    if (found != positions_.end()) return found->second;
    const std::size_t dot = path.rfind('.');
    if (dot == std::string::npos) return start_;
    path.resize(dot);
  }
}

}  // namespace phyllo::broker
