#include "cli/regions/matrix_json.h"

#include <nlohmann/json.hpp>

namespace phyllo::cli {
namespace {

/// Keeps the order in which members are written.
using Json = nlohmann::ordered_json;

Json json_of_border(const BorderMatrix::Border& border) {
  Json json{{"from", border.from},
            {"to", border.to},
            {"data_bytes", border.data_bytes},
            {"control_bytes", border.control_bytes},
            {"bytes_per_second", border.bytes_per_second},
            {"price_per_gb", border.price_per_gb},
            {"cost", border.spent},
            {"expected_cost", border.expected},
            {"expected_cost_last_day", border.expected_last_day}};
  if (border.now_per_second) json["now_bytes_per_second"] = *border.now_per_second;
  if (border.budget) json["budget"] = *border.budget;
  if (border.predicted) json["predicted_cost"] = *border.predicted;
  json["whole"] = border.coverage == BorderMatrix::Coverage::kWhole;
  return json;
}

}  // namespace

std::string json_of(const BorderMatrix& matrix, const BorderSurvey& survey, std::size_t topics) {
  Json json{{"borders", Json::array()}, {"topics", Json::array()}};
  for (const auto& border : matrix.borders) json["borders"].push_back(json_of_border(border));
  for (const auto& topic : matrix.busiest(topics)) {
    json["topics"].push_back({{"topic", topic.name},
                              {"from", topic.from},
                              {"to", topic.to},
                              {"bytes", topic.bytes},
                              {"excess", topic.excess}});
  }
  json["answered"] = survey.answers.size();
  json["missing"] = Json::array();
  for (const PeerInfo& peer : survey.missing()) {
    json["missing"].push_back({{"node_id", peer.node_id}, {"region", peer.region}});
  }
  json["silent"] = Json::array();
  for (const auto& silent : survey.silent) {
    json["silent"].push_back({{"broker", silent.name}, {"why", silent.why}});
  }
  // Names come over the network: what is not UTF-8 becomes U+FFFD instead of an exception.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace phyllo::cli
