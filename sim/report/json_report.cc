#include "sim/report/json_report.h"

#include <nlohmann/json.hpp>

namespace phyllo::sim {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return *count;
  if (const auto* number = std::get_if<double>(&cell)) return *number;  // not finite: null
  if (const auto* words = std::get_if<std::string>(&cell)) return *words;
  return nullptr;
}

Json json_of(const Table& table) {
  Json rows = Json::array();
  for (const auto& cells : table.rows) {
    Json row = Json::array();
    for (const Cell& cell : cells) row.push_back(json_of(cell));
    rows.push_back(std::move(row));
  }
  Json json = {{"title", table.title}, {"columns", table.columns}, {"rows", std::move(rows)}};
  if (!table.note.empty()) json["note"] = table.note;
  return json;
}

const char* name_of(Plot::Scale scale) {
  return scale == Plot::Scale::kLogarithmic ? "logarithmic" : "linear";
}

Json json_of(const Plot& plot) {
  Json lines = Json::array();
  for (const Plot::Line& line : plot.lines) {
    Json points = Json::array();
    for (const auto& [x, y] : line.points) points.push_back(Json::array({x, y}));
    lines.push_back({{"name", line.name}, {"points", std::move(points)}});
  }
  return {{"title", plot.title},
          {"x", plot.x},
          {"y", plot.y},
          {"x_scale", name_of(plot.x_scale)},
          {"y_scale", name_of(plot.y_scale)},
          {"lines", std::move(lines)}};
}

template <class Item>
Json array_of(const std::vector<Item>& items) {
  Json array = Json::array();
  for (const Item& item : items) array.push_back(json_of(item));
  return array;
}

}  // namespace

std::string json_report(const Report& report) {
  Json parameters = Json::object();
  for (const auto& [name, value] : report.parameters) parameters[name] = value;
  const Json json = {{"title", report.title},
                     {"command", report.command},
                     {"parameters", std::move(parameters)},
                     {"seeds", report.seeds},
                     {"tables", array_of(report.tables)},
                     {"plots", array_of(report.plots)},
                     {"violations", report.violations},
                     {"notes", report.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace phyllo::sim
