#include "broker/logging/log_line.h"

#include <spdlog/fmt/fmt.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "broker/config/utf8.h"

namespace phyllo::broker {
namespace {

std::string timestamp(std::chrono::system_clock::time_point time) {
  using std::chrono::milliseconds;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  const auto millis =
      std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, millis);
}

}  // namespace

std::string to_text(const LogLine& line) {
  std::string text =
      fmt::format("{} {:<7} {:<9} {} {} ", timestamp(line.time), to_string(line.level),
                  to_string(line.subsystem), line.node, line.region);
  if (line.peer) text += "peer=" + line.peer->short_hex() + " ";
  return text + printable(line.message);
}

std::string to_json(const LogLine& line) {
  nlohmann::ordered_json object;
  object["time"] = timestamp(line.time);
  object["level"] = to_string(line.level);
  object["subsystem"] = to_string(line.subsystem);
  object["node"] = line.node;
  object["region"] = line.region;
  if (line.peer) object["peer"] = line.peer->hex();
  object["message"] = line.message;
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace phyllo::broker
