#include <algorithm>
#include <array>

#include "broker/config/nearest_key.h"
#include "broker/config/scalars.h"
#include "sim/scenario/scenario_parts.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using broker::ConfigErrors;
using broker::YamlValue;

constexpr std::size_t kMaxMishaps = 1'000;
constexpr std::string_view kRootOf = "root of ";

constexpr const char* kKinds[] = {"crash",     "cull", "restart",    "drain",       "pause",
                                  "partition", "loss", "corruption", "duplication", "delay"};
enum class Kind {
  kCrash,
  kCull,
  kRestart,
  kDrain,
  kPause,
  kPartition,
  kLoss,
  kCorruption,
  kDuplication,
  kDelay
};
constexpr const char* kHows[] = {"silent", "reported"};
enum class How { kSilent, kReported };
constexpr const char* kDirections[] = {"both", "mute", "deaf"};

/// One item of the list `faults`.
class MishapReader {
 public:
  MishapReader(const YamlValue& value, std::size_t number, Scenario& scenario, ConfigErrors& errors)
      : section_(value, "faults[" + std::to_string(number) + "]", errors), scenario_(scenario) {}

  void read() {
    const bool timed = section_.read_needed("at", broker::duration_setting(mishap_.at, 0s, 24h));
    Kind kind{};
    const bool kinded = section_.read_needed("kind", broker::choice_setting(kind, kKinds));
    if (timed && mishap_.at >= scenario_.duration) {
      section_.fail_at(
          "at", "is not before the end, which is at " + broker::show_duration(scenario_.duration));
    }
    if (!kinded) return;  // which keys make sense depends on it
    read(kind);
    section_.finish();
    mishap_.text = kKinds[static_cast<std::size_t>(kind)] + text_;
    scenario_.mishaps.push_back(std::move(mishap_));
  }

 private:
  void read(Kind kind);
  void read_victims();
  void add_victim(const YamlValue& item);
  Death read_how();
  Duration read_lasts();
  double read_chance();
  /// One fault for each of them.
  template <class MakeFault>
  void each_victim(const MakeFault& make) {
    read_victims();
    for (const StationId victim : victims_) mishap_.faults.push_back(make(victim));
  }

  Section section_;
  Scenario& scenario_;
  Scenario::Mishap mishap_;
  std::vector<StationId> victims_;
  std::string text_;  ///< what follows the kind
};

void MishapReader::read(Kind kind) {
  switch (kind) {
    case Kind::kCrash: {
      const Death how = read_how();
      return each_victim([how](StationId victim) { return Crash{victim, how}; });
    }
    case Kind::kCull: {
      double share = 0;
      section_.read_needed("share", broker::real_setting(share, 0.001, 0.999));
      text_ += " " + broker::show_real(share * 100) + " % of the brokers";
      const Death how = read_how();
      mishap_.faults.push_back(MassCrash{share, how, scenario_.mishaps.size() + 1});
      return;
    }
    case Kind::kRestart:
      each_victim([](StationId victim) { return Restart{victim}; });
      if (mishap_.root_of) section_.fail_at("whom", "a root runs: name the broker to restart");
      return;
    case Kind::kDrain:
      return each_victim([](StationId victim) { return sim::Drain{victim}; });
    case Kind::kPause: {
      read_victims();
      const Duration lasts = read_lasts();
      for (const StationId victim : victims_) mishap_.faults.push_back(Pause{victim, lasts});
      return;
    }
    case Kind::kPartition: {
      Cut cut{};
      read_victims();
      section_.read("direction", broker::choice_setting(cut, kDirections));
      mishap_.faults.push_back(Partition{victims_, cut, read_lasts()});
      return;
    }
    case Kind::kLoss: {
      const double chance = read_chance();
      mishap_.faults.push_back(Loss{chance, read_lasts()});
      return;
    }
    case Kind::kCorruption: {
      const double chance = read_chance();
      mishap_.faults.push_back(Corruption{chance, read_lasts()});
      return;
    }
    case Kind::kDuplication: {
      const double chance = read_chance();
      mishap_.faults.push_back(Duplication{chance, read_lasts()});
      return;
    }
    case Kind::kDelay: {
      Duration extra{};
      const double chance = read_chance();
      section_.read_needed("extra", broker::duration_setting(extra, 1us, 1min));
      text_ += " by " + broker::show_duration(extra);
      mishap_.faults.push_back(Spikes{chance, extra, read_lasts()});
      return;
    }
  }
}

void MishapReader::read_victims() {
  if (section_.need("whom") == nullptr) return;
  for (const YamlValue& item : section_.items("whom")) {
    add_victim(item);
    text_ += (text_.empty() ? " " : ", ") + item.text;
  }
  std::ranges::sort(victims_);
  victims_.erase(std::unique(victims_.begin(), victims_.end()), victims_.end());
  if (mishap_.root_of && victims_.size() > 1) {
    section_.fail_at("whom", "a root stands alone: make it a fault of its own");
  }
}

/// A broker, all brokers of a region, or "root of TOPIC".
void MishapReader::add_victim(const YamlValue& item) {
  std::vector<std::string> known = scenario_.network.names;
  const std::size_t before = victims_.size();
  for (std::size_t i = 0; i < scenario_.brokers.size(); ++i) {
    const Scenario::Broker& broker = scenario_.brokers[i];
    known.push_back(broker.name);
    const bool meant =
        item.text == broker.name || item.text == scenario_.network.names[broker.region];
    if (meant) victims_.push_back(static_cast<StationId>(i));
  }
  if (victims_.size() > before) return;
  if (item.text.starts_with(kRootOf)) {
    const std::string topic = item.text.substr(kRootOf.size());
    if (std::ranges::find(scenario_.topics, topic, &Scenario::Topic::name) !=
        scenario_.topics.end()) {
      mishap_.root_of = topic;
      victims_.push_back(0);
      return;
    }
    return section_.fail(item.position, section_.path_of("whom") + ": there is no topic " +
                                            broker::in_quotes(topic));
  }
  const std::string near = broker::nearest_key(item.text, known);
  section_.fail(item.position, section_.path_of("whom") + ": there is no broker or region " +
                                   broker::in_quotes(item.text) +
                                   (near.empty() ? "; write a broker, a region, or 'root of TOPIC'"
                                                 : "; did you mean '" + near + "'?"));
}

Death MishapReader::read_how() {
  How how{};
  section_.read("how", broker::choice_setting(how, kHows));
  return how == How::kSilent ? Death::kSilent : Death::kReported;
}

Duration MishapReader::read_lasts() {
  Duration lasts{};
  if (section_.read_needed("lasts", broker::duration_setting(lasts, 1ms, 24h))) {
    text_ += " for " + broker::show_duration(lasts);
  }
  return lasts;
}

double MishapReader::read_chance() {
  double chance = 0;
  if (section_.read_needed("chance", broker::real_setting(chance, 0, 1))) {
    text_ += " " + broker::show_real(chance * 100) + " %";
  }
  return chance;
}

}  // namespace

void read_mishaps(Section& top, Scenario& scenario, ConfigErrors& errors) {
  const auto faults = top.items("faults");
  if (faults.size() > kMaxMishaps) {
    return top.fail_at("faults", "at most " + std::to_string(kMaxMishaps));
  }
  for (std::size_t i = 0; i < faults.size(); ++i) {
    MishapReader(faults[i], i, scenario, errors).read();
  }
  std::ranges::stable_sort(scenario.mishaps, {}, &Scenario::Mishap::at);
}

}  // namespace phyllo::sim
