#include "bench/compare/report/record.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

namespace phyllo::bench {
namespace {

using Json = nlohmann::ordered_json;

/// All numbers of an outcome by their names; `visit(name, number)`.
template <class Numbers, class Visit>
void each_number(Numbers& outcome, Visit&& visit) {
  visit("deliveries_per_second", outcome.deliveries_per_second);
  visit("cpu_us_per_delivery", outcome.cpu_us_per_delivery);
  visit("publishes_per_second", outcome.publishes_per_second);
  visit("p50_us", outcome.p50_us);
  visit("p99_us", outcome.p99_us);
  visit("p999_us", outcome.p999_us);
  visit("publish_p99_us", outcome.publish_p99_us);
  visit("peak_memory", outcome.peak_memory);
  visit("expected", outcome.expected);
  visit("delivered", outcome.delivered);
  visit("disordered", outcome.disordered);
  visit("damaged", outcome.damaged);
  visit("told_lost", outcome.told_lost);
  visit("bytes_per_subscription", outcome.bytes_per_subscription);
  visit("bytes_per_client", outcome.bytes_per_client);
  visit("subscriptions_per_second", outcome.subscriptions_per_second);
  visit("unsubscriptions_per_second", outcome.unsubscriptions_per_second);
}

/// What was not measured is left out.
Json json_of(const Outcome& outcome) {
  Json json = Json::object();
  if (!outcome.failure.empty()) json["failure"] = outcome.failure;
  each_number(outcome, [&](const char* name, auto number) {
    if (number != 0) json[name] = number;
  });
  return json;
}

Outcome outcome_of(const Json& json) {
  Outcome outcome;
  outcome.failure = json.value("failure", "");
  each_number(outcome, [&](const char* name, auto& number) { number = json.value(name, number); });
  return outcome;
}

Json json_of(const Comparison& comparison) {
  Json series = Json::object();
  for (const Comparison::Series& one : comparison.series) {
    Json outcomes = Json::array();
    for (const Outcome& outcome : one.outcomes) outcomes.push_back(json_of(outcome));
    series[one.system] = std::move(outcomes);
  }
  return {{"workload", comparison.workload.label()},
          {"measured", comparison.measured},
          {"milliseconds", comparison.effort.duration.count()},
          {"systems", std::move(series)}};
}

const Workload* find_workload(const std::string& label) {
  for (const auto* table : {&catalogue(), &growth()}) {
    for (const Workload& workload : *table) {
      if (workload.label() == label) return &workload;
    }
  }
  return nullptr;
}

/// Of a workload that is no more: nothing.
std::optional<Comparison> comparison_of(const Json& json) {
  const Workload* workload = find_workload(json.at("workload").get<std::string>());
  if (workload == nullptr) return std::nullopt;
  Comparison comparison{*workload, {}, {}, json.at("measured").get<std::string>()};
  comparison.effort.duration = std::chrono::milliseconds(json.at("milliseconds").get<int>());
  for (const auto& [system, outcomes] : json.at("systems").items()) {
    Comparison::Series series{system, {}};
    for (const Json& outcome : outcomes) series.outcomes.push_back(outcome_of(outcome));
    comparison.effort.rounds = series.outcomes.size();
    comparison.series.push_back(std::move(series));
  }
  return comparison;
}

}  // namespace

Record Record::read(const std::filesystem::path& file) {
  Record record;
  std::ifstream stream(file);
  if (!stream) return record;
  try {
    const Json json = Json::parse(stream);
    for (const auto& [system, description] : json.at("systems").items()) {
      record.describe(system, description.get<std::string>());
    }
    for (const Json& one : json.at("comparisons")) {
      if (auto comparison = comparison_of(one)) record.put(std::move(*comparison));
    }
  } catch (const Json::exception& error) {
    throw std::runtime_error(file.string() + " holds no comparisons: " + error.what());
  }
  return record;
}

void Record::put(Comparison comparison) {
  const std::string label = comparison.workload.label();
  comparisons_.insert_or_assign(label, std::move(comparison));
}

void Record::write(const std::filesystem::path& file) const {
  Json comparisons_json = Json::array();
  for (const Comparison& comparison : comparisons()) {
    comparisons_json.push_back(json_of(comparison));
  }
  const Json json = {{"systems", systems_}, {"comparisons", std::move(comparisons_json)}};
  std::ofstream stream(file);
  stream << json.dump(1) << '\n';
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::vector<Comparison> Record::comparisons() const {
  std::vector<Comparison> all;
  for (const auto* table : {&catalogue(), &growth()}) {
    for (const Workload& workload : *table) {
      const auto found = comparisons_.find(workload.label());
      if (found != comparisons_.end()) all.push_back(found->second);
    }
  }
  return all;
}

}  // namespace phyllo::bench
