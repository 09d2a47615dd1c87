#include "tests/borders/listener.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "tests/support/processes/phyllod_process.h"

namespace phyllo::test {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);
constexpr const char* kMessage = "\"publisher_sequence\"";

}  // namespace

std::vector<std::string> phyllo_command(std::vector<std::string> words,
                                        const std::vector<std::string>& brokers) {
  words.insert(words.begin(), std::string(PHYLLO_BIN_DIR) + "/phyllo");
  for (const std::string& broker : brokers) {
    words.emplace_back("--broker");
    words.push_back(broker);
  }
  return words;
}

Listener::Listener(std::filesystem::path output, const std::vector<std::string>& brokers,
                   const std::string& topic)
    : output_(std::move(output)),
      process_(phyllo_command({"sub", "--json", "--verbose", "--wait", "30s", topic}, brokers),
               output_) {}

bool Listener::live() const {
  return eventually([&] { return text_of(output_).find("listening to") != std::string::npos; },
                    kPatience);
}

std::uint64_t Listener::received() const {
  const std::string text = text_of(output_);
  std::uint64_t count = 0;
  for (std::size_t at = text.find(kMessage); at != std::string::npos;
       at = text.find(kMessage, at + 1)) {
    ++count;
  }
  return count;
}

bool Listener::has(std::uint64_t count) const {
  return eventually([&] { return received() >= count; }, kPatience);
}

Listener::Heard Listener::heard() const {
  Heard heard;
  std::uint64_t announced = 0;  // since the last message
  std::istringstream lines(text_of(output_));
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    if (json.contains("gap")) {
      announced += json["gap"].value("count", std::uint64_t{0});
      continue;
    }
    const auto number = json.value("publisher_sequence", std::uint64_t{0});
    if (number <= heard.last) {
      heard.complaint = std::to_string(number) + " after " + std::to_string(heard.last);
    } else if (number - heard.last - 1 > announced) {
      heard.complaint = std::to_string(number - heard.last - 1) + " missing before " +
                        std::to_string(number) + ", reported " + std::to_string(announced);
    }
    heard.reported += announced;
    announced = 0;
    heard.last = std::max(heard.last, number);
    ++heard.messages;
  }
  return heard;
}

}  // namespace phyllo::test
