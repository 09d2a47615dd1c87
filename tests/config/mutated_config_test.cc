#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "broker/config/settings.h"
#include "broker/config/settings_listing.h"

namespace phyllo::broker {
namespace {

const std::string& reference() {
  static const std::string text = [] {
    std::ifstream stream(PHYLLO_SOURCE_DIR "/configs/reference.yaml");
    return std::string(std::istreambuf_iterator<char>(stream), {});
  }();
  return text;
}

/// `text` after one slip of the editor: bytes replaced, dropped, doubled or moved.
std::string mutated(std::string text, Random& random) {
  constexpr std::string_view kTelling = "[]{}:,#&*!|>'\"%@`-? \t\n\\0~_";
  const std::size_t at = random.below(text.size());
  const std::string piece = text.substr(at, 1 + random.below(40));
  switch (random.below(5)) {
    case 0:
      text[at] = static_cast<char>(random.below(256));
      break;
    case 1:
      text[at] = kTelling[random.below(kTelling.size())];
      break;
    case 2:
      text.erase(at, piece.size());
      break;
    case 3:
      text.insert(at, piece);
      break;
    case 4:
      text.insert(random.below(text.size()), piece);
      break;
  }
  return text;
}

void expect_places_in(const std::string& text, const std::vector<std::string>& errors) {
  static const std::regex kForm(R"(mutated\.yaml:(\d+):(\d+): .+)");
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  for (const std::string& error : errors) {
    std::smatch match;
    if (error.starts_with("there may be more errors")) continue;
    if (!std::regex_match(error, match, kForm)) RC_FAIL(error);
    RC_ASSERT(std::stol(match[1]) >= 1);
    RC_ASSERT(std::stol(match[1]) <= lines);
    RC_ASSERT(std::stol(match[2]) >= 1);
  }
}

TEST(MutatedConfig, BeginsFromOneThatIsAccepted) {
  EXPECT_TRUE(parse_settings(reference(), "reference.yaml").ok());
}

RC_GTEST_PROP(MutatedConfig, IsRefusedWithPlacesOrPrintsAsWhatItMeans, (std::uint64_t seed)) {
  Random random(seed);
  std::string text = reference();
  for (auto slips = 1 + random.below(4); slips > 0; --slips) text = mutated(text, random);
  const LoadedSettings loaded = parse_settings(text, "mutated.yaml");
  RC_ASSERT(loaded.ok() == loaded.errors.empty());
  RC_CLASSIFY(loaded.ok(), "accepted");
  expect_places_in(text, loaded.errors);
  if (!loaded.ok()) return;
  const LoadedSettings again = parse_settings(settings_as_yaml(*loaded.settings), "printed.yaml");
  if (!again.ok()) RC_FAIL(again.errors.front());
  RC_ASSERT(changed_settings(*loaded.settings, *again.settings).empty());
}

}  // namespace
}  // namespace phyllo::broker
