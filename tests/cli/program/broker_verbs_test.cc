#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program/command.h"
#include "tests/cli/program/live_broker.h"

namespace phyllo::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using Words = std::vector<std::string>;

/// The verbs against one real broker.
class BrokerVerbs : public testing::Test {
 protected:
  Words words(Words arguments) const {
    arguments.insert(arguments.begin() + 1, {"--broker", broker_.endpoint()});
    return phyllo_words(arguments);
  }
  CommandResult run(const Words& arguments, const std::string& input = "") const {
    Command command(words(arguments));
    command.write(input);
    return command.finish();
  }
  /// A `phyllo sub` whose subscriptions are live. An extra word for each topic after the first.
  std::unique_ptr<Command> subscribe(Words arguments) const {
    arguments.insert(arguments.begin(), {"sub", "--verbose"});
    auto command = std::make_unique<Command>(words(arguments));
    EXPECT_TRUE(command->await_err("listening to"));
    return command;
  }

  LiveBroker broker_;
};

TEST_F(BrokerVerbs, BringAMessageFromPubToSub) {
  // Whoever ends with the first message may be gone when the program asks who is there.
  const auto sub = subscribe({"--count", "2", "chat"});
  const CommandResult pub = run({"pub", "--verbose", "chat", "hello"});
  EXPECT_EQ(pub.status, 0);
  EXPECT_EQ(pub.err, "phyllo pub: 1 message published to chat, which has 1 subscriber\n");
  EXPECT_EQ(run({"pub", "chat", "again"}).status, 0);
  const CommandResult result = sub->finish();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "hello\nagain\n");
}

TEST_F(BrokerVerbs, PublishEachLineOfTheInputInOrder) {
  std::string lines;
  for (int i = 0; i < 20'000; ++i) lines += "line " + std::to_string(i) + "\n";
  const auto sub = subscribe({"--count", "20002", "chat"});
  EXPECT_EQ(run({"pub", "chat"}, lines).status, 0);
  EXPECT_EQ(run({"pub", "chat", "-"}, "\nlast, without an end").status, 0);
  EXPECT_EQ(sub->finish().out, lines + "\nlast, without an end\n");
}

TEST_F(BrokerVerbs, FailWhereAClosedStreamIsNeeded) {
  const auto in_shell = [&](const std::string& redirected) {
    Words command{"/bin/sh", "-c", "exec \"$@\" " + redirected, "sh"};
    for (const std::string& word : words({redirected == "<&-" ? "pub" : "sub", "chat"})) {
      command.push_back(word);
    }
    return command;
  };
  const CommandResult without_input = Command(in_shell("<&-")).finish();
  EXPECT_EQ(without_input.status, 1);
  EXPECT_THAT(without_input.err, HasSubstr("cannot read the input: Bad file descriptor"));
  auto words_of_sub = in_shell(">&-");
  words_of_sub.insert(words_of_sub.end(), {"--verbose", "--count", "1"});
  Command sub(words_of_sub);
  ASSERT_TRUE(sub.await_err("listening to"));
  EXPECT_EQ(run({"pub", "chat", "hello"}).status, 0);
  const CommandResult without_output = sub.finish();
  EXPECT_EQ(without_output.status, 1);
  EXPECT_THAT(without_output.err, HasSubstr("cannot write: Bad file descriptor"));
}

TEST_F(BrokerVerbs, SaysNothingOfSubscribersWhenNothingWasPublished) {
  const CommandResult pub = run({"pub", "--verbose", "--file", "/dev/zero", "chat"});
  EXPECT_EQ(pub.status, 1);
  EXPECT_THAT(pub.err, testing::Not(HasSubstr("subscriber")));
}

TEST_F(BrokerVerbs, BringAFileThroughByteForByte) {
  std::string bytes;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) bytes += static_cast<char>(i * 7919 >> 3);
  const test::ScratchFolder folder;
  const auto file = folder.write("bytes", bytes);
  const auto sub = subscribe({"--raw", "--count", "1", "files"});
  EXPECT_EQ(run({"pub", "files", "--file", file.string()}).status, 0);
  EXPECT_EQ(sub->finish().out, bytes);
}

TEST_F(BrokerVerbs, RefuseAFileOrALineOverTheMessageLimit) {
  const test::ScratchFolder folder;
  const std::string big((8 << 20) + 1, 'x');
  const CommandResult file = run({"pub", "a", "--file", folder.write("big", big).string()});
  EXPECT_EQ(file.status, 1);
  EXPECT_THAT(file.err, HasSubstr("over the message size limit of 8,388,608 bytes"));
  const CommandResult line = run({"pub", "a"}, "ok\n" + big + "\n");
  EXPECT_EQ(line.status, 1);
  EXPECT_THAT(line.err, HasSubstr("line 2 of the input"));
  const CommandResult missing = run({"pub", "a", "--file", "/nowhere/file"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr("cannot read /nowhere/file: No such file or directory"));
}

TEST_F(BrokerVerbs, PublishAMessageThatBeginsWithADashAfterTwo) {
  const auto sub = subscribe({"--count", "1", "chat"});
  EXPECT_EQ(run({"pub", "chat", "--", "-5"}).status, 0);
  EXPECT_EQ(sub->finish().out, "-5\n");
}

TEST_F(BrokerVerbs, GiveAMessageToOneOfThoseThatTakeCasts) {
  const auto onlooker = subscribe({"--count", "1", "jobs"});
  const auto one = subscribe({"--take", "--json", "--count", "3", "jobs"});
  const auto other = subscribe({"--take", "--count", "2", "jobs"});
  const CommandResult first = run({"pub", "--verbose", "--any", "jobs", "resize"});
  EXPECT_EQ(first.status, 0);
  EXPECT_EQ(first.err, "phyllo pub: taken by 1 subscriber\n");
  const CommandResult both = run({"pub", "--to", "2", "jobs", "resize"});
  EXPECT_EQ(both.status, 0) << both.err;
  EXPECT_EQ(run({"pub", "jobs", "published"}).status, 0);
  const std::string line = R"({"topic":"jobs","cast":true,"payload":"resize"})"
                           "\n";
  EXPECT_THAT(one->finish().out, testing::StartsWith(line + line + "{")) << "it was there first";
  EXPECT_EQ(other->finish().out, "resize\npublished\n");
  EXPECT_EQ(onlooker->finish().out, "published\n");
}

TEST_F(BrokerVerbs, CountThoseWhoTakeAMessageAndEndAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const auto one = subscribe({"--take", "--count", "1", "jobs"});
    const auto other = subscribe({"--take", "--count", "1", "jobs"});
    const CommandResult both = run({"pub", "--to", "2", "jobs", "resize"});
    EXPECT_EQ(both.status, 0) << both.err;
    EXPECT_EQ(one->finish().out, "resize\n");
    EXPECT_EQ(other->finish().out, "resize\n");
  }
}

TEST_F(BrokerVerbs, FailWhenNotAsManyTakeAMessageAsItIsFor) {
  const CommandResult nobody = run({"pub", "--any", "jobs", "resize"});
  EXPECT_EQ(nobody.status, 1);
  EXPECT_EQ(nobody.err, "phyllo pub: taken by 0 subscribers, not by 1\n");
  const CommandResult both = run({"pub", "--any", "--to", "3", "jobs", "resize"});
  EXPECT_EQ(both.status, 2);
}

TEST_F(BrokerVerbs, RepeatAMessage) {
  const auto sub = subscribe({"--count", "3", "clock"});
  EXPECT_EQ(run({"pub", "--count", "3", "--interval", "1ms", "clock", "tick"}).status, 0);
  EXPECT_EQ(sub->finish().out, "tick\ntick\ntick\n");
}

TEST_F(BrokerVerbs, ShowTheTopicWhenThereAreSeveral) {
  Command sub(words({"sub", "--verbose", "--count", "2", "a", "b"}));
  EXPECT_TRUE(sub.await_err("listening to a\n") && sub.await_err("listening to b\n"));
  EXPECT_EQ(run({"pub", "a", "one"}).status, 0);
  EXPECT_TRUE(sub.await_out("one"));
  EXPECT_EQ(run({"pub", "b", "two"}).status, 0);
  EXPECT_EQ(sub.finish().out, "a\tone\nb\ttwo\n");
}

TEST_F(BrokerVerbs, SubscribeOnceToATopicThatIsNamedTwice) {
  const auto sub = subscribe({"--count", "2", "a", "a"});
  EXPECT_EQ(run({"pub", "a"}, "one\ntwo\n").status, 0);
  EXPECT_EQ(sub->finish().out, "one\ntwo\n");
}

TEST_F(BrokerVerbs, PrintOneJsonObjectPerMessage) {
  const auto sub = subscribe({"--json", "--count", "2", "a"});
  EXPECT_EQ(run({"pub", "a"}, "one\n\xff\n").status, 0);
  const std::string out = sub->finish().out;
  const json first = json::parse(out.substr(0, out.find('\n')));
  EXPECT_EQ(first["topic"], "a");
  EXPECT_EQ(first["sequence"], 1);
  EXPECT_EQ(first["publisher_sequence"], 1);
  EXPECT_EQ(first["payload"], "one");
  const json second = json::parse(out.substr(out.find('\n') + 1));
  EXPECT_EQ(second["sequence"], 2);
  EXPECT_EQ(second["payload_base64"], "/w==");
  EXPECT_EQ(second["publisher"], first["publisher"]);
}

TEST_F(BrokerVerbs, EndAfterTheGivenTime) {
  const CommandResult endless = run({"sub", "--timeout", "100ms", "quiet"});
  EXPECT_EQ(endless.status, 0);
  const CommandResult counted = run({"sub", "--timeout", "100ms", "--count", "1", "quiet"});
  EXPECT_EQ(counted.status, 124);
}

TEST_F(BrokerVerbs, EndCleanlyAtCtrlC) {
  const auto endless = subscribe({"quiet"});
  endless->send(SIGINT);
  EXPECT_EQ(endless->finish().status, 0);
  const auto counted = subscribe({"--count", "5", "quiet"});
  counted->send(SIGTERM);
  EXPECT_EQ(counted->finish().status, 130);
}

TEST_F(BrokerVerbs, LeaveNoSubscriptionBehindAtCtrlC) {
  const auto sub = subscribe({"gone"});
  sub->send(SIGINT);
  sub->finish();
  const CommandResult pub = run({"pub", "--verbose", "gone", "x"});
  EXPECT_THAT(pub.err, HasSubstr("which has 0 subscribers"));
}

TEST_F(BrokerVerbs, EndWhenNobodyReadsTheOutputAnyMore) {
  Command pipeline({"/bin/bash", "-c",
                    phyllo_words({})[0] + " sub --verbose --broker " + broker_.endpoint() +
                        " chat | head -n 1; exit ${PIPESTATUS[0]}"});
  EXPECT_TRUE(pipeline.await_err("listening to chat"));
  EXPECT_EQ(run({"pub", "chat", "only"}).status, 0);
  const CommandResult result = pipeline.finish();
  EXPECT_EQ(result.out, "only\n");
  EXPECT_EQ(result.status, 0);
}

TEST_F(BrokerVerbs, SayThatTheBrokerWentAwayAndGoOnWhenItIsBack) {
  const auto sub = subscribe({"--count", "1", "chat"});
  broker_.restart();
  EXPECT_TRUE(sub->await_err("phyllo sub: connection lost: " + broker_.endpoint() + ": "));
  EXPECT_TRUE(sub->await_err("phyllo sub: connected to " + broker_.endpoint() + "\n"));
  Command pub(words({"pub", "--count", "100000", "--interval", "20ms", "chat", "again"}));
  const CommandResult result = sub->finish();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "again\n");
}

TEST_F(BrokerVerbs, PublishWhatWasTypedBeforeCtrlC) {
  const auto sub = subscribe({"--count", "1", "chat"});
  Command pub(words({"pub", "chat"}));
  pub.write("typed\n");
  EXPECT_TRUE(sub->await_out("typed"));
  pub.send(SIGINT);
  EXPECT_EQ(pub.finish().status, 130);
  EXPECT_EQ(sub->finish().out, "typed\n");
}

TEST_F(BrokerVerbs, DrawTheTreeOfATopic) {
  const auto sub = subscribe({"chat"});
  const CommandResult text = run({"tree", "chat"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, HasSubstr("1 subscriber at 1 broker in 1 region\n"));
  EXPECT_THAT(text.out, HasSubstr("here    root     1      0"));
  const json tree = json::parse(run({"tree", "--json", "chat"}).out);
  EXPECT_EQ(tree["nodes"][0]["local_subscribers"], 1);
  EXPECT_EQ(tree["complete"], true);
}

TEST_F(BrokerVerbs, ShowABrokerAndItsPeers) {
  const CommandResult text = run({"peers"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, HasSubstr("region here, active"));
  EXPECT_THAT(text.out, HasSubstr("leaf set: empty"));
  EXPECT_EQ(json::parse(run({"peers", "--json"}).out)["state"], "active");
}

TEST_F(BrokerVerbs, MeasureTheRoundTrip) {
  const CommandResult ping = run({"ping", "--count", "3", "--interval", "1ms"});
  EXPECT_EQ(ping.status, 0);
  EXPECT_THAT(ping.out, HasSubstr("3 sent, 3 answered, round trip min "));
}

TEST_F(BrokerVerbs, TryTheNextBrokerWhenOneIsNotThere) {
  const CommandResult ping = phyllo({"ping", "--count", "1", "-b", "ipc:///nowhere/socket", "-b",
                                     broker_.endpoint(), "--wait", "30s"});
  EXPECT_EQ(ping.status, 0) << ping.err;
}

}  // namespace
}  // namespace phyllo::cli
