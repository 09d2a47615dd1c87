#include "broker/logging/log_line.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "broker/config/utf8.h"

namespace phyllo::broker {
namespace {

LogLine line(std::string_view message) {
  LogLine line;
  line.time = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'767'225'600'042));
  line.level = LogLevel::kWarning;
  line.subsystem = Subsystem::kTransport;
  line.node = "0123abcd";
  line.region = "eu-west";
  line.message = message;
  return line;
}

TEST(LogLine, TextHoldsEverythingInOneLine) {
  EXPECT_EQ(to_text(line("refused")),
            "2026-01-01T00:00:00.042Z warning transport 0123abcd eu-west refused");
}

TEST(LogLine, TextNamesThePeerItConcerns) {
  LogLine about = line("refused");
  about.peer = overlay::NodeId(overlay::Uint128{0x89abcdef} << 96);
  EXPECT_EQ(to_text(about),
            "2026-01-01T00:00:00.042Z warning transport 0123abcd eu-west peer=89abcdef refused");
}

TEST(LogLine, TextCannotBeForgedByItsMessage) {
  EXPECT_EQ(to_text(line("a\n2026 error\x1b[2J\xff")),
            to_text(line("")) + "a\\n2026 error\\x1b[2J\\xff");
}

TEST(LogLine, JsonHoldsTheFields) {
  LogLine about = line("re\"fused\n");
  about.peer = overlay::NodeId(7);
  EXPECT_EQ(to_json(about),
            R"({"time":"2026-01-01T00:00:00.042Z","level":"warning","subsystem":"transport",)"
            R"("node":"0123abcd","region":"eu-west","peer":"00000000000000000000000000000007",)"
            R"("message":"re\"fused\n"})");
}

TEST(LogLine, JsonHasNoPeerWhenNoneIsConcerned) {
  EXPECT_FALSE(nlohmann::json::parse(to_json(line("x"))).contains("peer"));
}

RC_GTEST_PROP(LogLine, JsonIsValidForAnyMessage, (const std::string& message)) {
  const std::string text = to_json(line(message));
  RC_ASSERT(text.find('\n') == std::string::npos);
  const auto parsed = nlohmann::json::parse(text);
  const bool clean = utf8_length(message) == 0 || printable(message).find("\\x") == message.npos;
  if (clean) RC_ASSERT(parsed["message"].get<std::string>() == message);
}

RC_GTEST_PROP(LogLine, TextIsOneLineForAnyMessage, (const std::string& message)) {
  const std::string text = to_text(line(message));
  RC_ASSERT(text.find('\n') == std::string::npos);
  RC_ASSERT(printable(text) == text);
}

}  // namespace
}  // namespace phyllo::broker
