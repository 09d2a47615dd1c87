#include "cli/message_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/json_output.h"

namespace phyllo::cli {
namespace {

using nlohmann::json;

/// The message's bytes live as long as the program.
Message message(const std::string& payload) {
  const auto bytes = std::make_shared<const std::string>(payload);
  auto batch = std::make_shared<Message::Batch>();
  batch->topic = std::make_shared<const std::string>("sensors/temp");
  batch->publisher = 0xfeedfacecafebeef;
  batch->bytes = bytes;
  return Message(batch, *bytes, 17, 4);
}

std::string text(const std::string& payload, MessageFormat format,
                 OutputKind kind = OutputKind::kBytes) {
  return message_text(message(payload), format, kind);
}

TEST(MessageText, IsThePayloadAndALineEnd) {
  EXPECT_EQ(text("21.5", MessageFormat::kPayload), "21.5\n");
  EXPECT_EQ(text("21.5", MessageFormat::kTopicPayload), "sensors/temp\t21.5\n");
}

TEST(MessageText, IsNothingButTheBytesWhenRaw) {
  const std::string bytes("\0\n\xff", 3);
  EXPECT_EQ(text(bytes, MessageFormat::kRaw), bytes);
}

TEST(MessageText, SendsNoControlCharactersToATerminal) {
  EXPECT_EQ(text("\x1b]0;x\a", MessageFormat::kPayload, OutputKind::kTerminal), "\\x1b]0;x\\x07\n");
  EXPECT_EQ(text("\x1b", MessageFormat::kPayload, OutputKind::kBytes), "\x1b\n");
}

TEST(MessageText, IsOneJsonObjectALine) {
  EXPECT_EQ(text("say \"hi\"\n", MessageFormat::kJson),
            R"({"topic":"sensors/temp","sequence":17,"publisher":"feedfacecafebeef",)"
            R"("publisher_sequence":4,"payload":"say \"hi\"\n"})"
            "\n");
}

TEST(MessageText, EncodesPayloadsThatAreNotTextInBase64) {
  const json object = json::parse(text("\xff\xfe\x01", MessageFormat::kJson));
  EXPECT_EQ(object["payload_base64"], "//4B");
  EXPECT_FALSE(object.contains("payload"));
}

Gap gap() {
  Gap made;
  made.topic = "sensors/temp";
  made.from = 5;
  made.to = 16;
  made.where = "9b01c2d3e4f5061728394a5b6c7d8e9f";
  made.region = "europe";
  made.why = "queue_limit";
  return made;
}

TEST(GapText, SaysHowManyWhichWhyAndWhere) {
  EXPECT_EQ(gap_text(gap()),
            "gap: 12 messages of sensors/temp lost (numbers 5 to 16): queue_limit at broker "
            "9b01c2d3 in europe");
}

TEST(GapText, SaysWhenTheNumbersAreAPublishersOwn) {
  Gap one = gap();
  one.scope = Gap::Scope::kPublisher;
  one.publisher = 7;
  one.to = 5;
  one.where.clear();
  one.region.clear();
  EXPECT_EQ(gap_text(one),
            "gap: 1 message of sensors/temp lost (of one publisher, number 5): queue_limit");
  EXPECT_EQ(json::parse(json_of(one))["gap"]["publisher"], "0000000000000007");
}

TEST(GapText, IsAnObjectOfItsOwnInJson) {
  const json object = json::parse(json_of(gap()));
  EXPECT_EQ(object["topic"], "sensors/temp");
  EXPECT_EQ(object["gap"]["count"], 12);
  EXPECT_EQ(object["gap"]["of"], "stream");
  EXPECT_EQ(object["gap"]["why"], "queue_limit");
  EXPECT_FALSE(object["gap"].contains("publisher"));
}

TEST(JsonOutput, ShowsATreeWithNoParentForItsRoot) {
  TreeInfo tree{"a", "f0", {}, true, {}};
  tree.nodes.resize(2);
  tree.nodes[0].root = true;
  tree.nodes[0].node_id = "01";
  tree.nodes[1].parent = "01";
  const json object = json::parse(json_of(tree));
  EXPECT_TRUE(object["nodes"][0]["parent"].is_null());
  EXPECT_EQ(object["nodes"][1]["parent"], "01");
  EXPECT_EQ(object["complete"], true);
}

TEST(JsonOutput, LeavesUnmeasuredRoundTripsOut) {
  PeersInfo peers;
  peers.left_leaves.resize(2);
  peers.left_leaves[1].rtt = std::chrono::microseconds(250);
  const json object = json::parse(json_of(peers));
  EXPECT_FALSE(object["left_leaves"][0].contains("rtt_microseconds"));
  EXPECT_EQ(object["left_leaves"][1]["rtt_microseconds"], 250);
}

TEST(JsonOutput, StaysJsonWhenABrokerSendsBytesThatAreNotText) {
  TreeInfo tree;
  tree.nodes.resize(1);
  tree.nodes[0].region = "\xff\xfe";
  EXPECT_NO_THROW(json::parse(json_of(tree)));
}

}  // namespace
}  // namespace phyllo::cli
