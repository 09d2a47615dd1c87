#include "cli/pace.h"

namespace phyllo::cli {

double Pace::per_second(std::uint64_t value, Moment now) {
  constexpr std::chrono::seconds kWindow{3};
  looks_.push_back({now, value});
  while (looks_.size() > 2 && looks_[1].when <= now - kWindow) looks_.pop_front();
  const Look& oldest = looks_.front();
  const std::chrono::duration<double> passed = now - oldest.when;
  return passed.count() > 0 ? static_cast<double>(value - oldest.value) / passed.count() : 0.0;
}

}  // namespace phyllo::cli
