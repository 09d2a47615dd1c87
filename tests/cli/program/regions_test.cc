// `phyllo regions` and `phyllo plan` with the files of a cluster in two regions, and with brokers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program/command.h"
#include "tests/support/processes/phyllod_process.h"

namespace phyllo::cli {
namespace {

using testing::HasSubstr;

class TwoRegions : public testing::Test {
 protected:
  TwoRegions() {
    folder_.write("cluster.yaml",
                  "cluster: two\n"
                  "regions:\n"
                  "  eu: {price_per_gb: 1000, to: {us: {round_trip: 80ms, budget: 5}}}\n"
                  "  us: {price_per_gb: 0}\n"
                  "http: {listen: none}\n");
    folder_.write(
        "load.yaml",
        "duration: 10s\n"
        "topics:\n"
        "  - {name: a, rate: 10, size: 1000B, publishers: {eu: 1}, subscribers: {us: 1}}\n");
  }

  std::string endpoint(const std::string& region) const {
    return "ipc://" + (folder_.path() / (region + ".sock")).string();
  }
  /// Of the broker with this last digit of its id.
  std::string config(const std::string& region, int digit, const std::string& seeds) const {
    return "include: [cluster.yaml]\n"
           "node: {region: " +
           region + ", id: '0000000000000000000000000000000" + std::to_string(digit) +
           "'}\n"
           "peers: {local: {listen: 'tcp://127.0.0." +
           std::to_string(digit) + ":0'}, seeds: [" + seeds +
           "]}\n"
           "clients: {listen: ['" +
           endpoint(region) + "']}\n";
  }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }

  const test::ScratchFolder folder_;
};

TEST_F(TwoRegions, TellWhatTheyExchangeAndWhoIsMissing) {
  test::PhyllodProcess eu(folder_.path(), "eu", config("eu", 1, ""));
  ASSERT_TRUE(eu.listens()) << eu.log();
  const std::string seed = eu.ports().at("local").get<std::string>();
  test::PhyllodProcess us(folder_.path(), "us", config("us", 2, seed));
  ASSERT_TRUE(us.listens()) << us.log();
  nlohmann::json answer;
  const auto both_spoke = [&] {
    const CommandResult result =
        phyllo({"regions", "--json", "--wait", "30s", file("cluster.yaml")});
    if (result.status != 0) return false;
    answer = nlohmann::json::parse(result.out);
    return answer["answered"] == 2 && answer["borders"][0]["control_bytes"] > 0 &&
           answer["borders"][1]["control_bytes"] > 0;
  };
  ASSERT_TRUE(test::eventually(both_spoke)) << answer << eu.log() << us.log();
  EXPECT_EQ(answer["borders"][0]["from"], "eu");
  EXPECT_EQ(answer["borders"][0]["to"], "us");
  EXPECT_EQ(answer["borders"][0]["budget"], 5);
  EXPECT_GT(answer["borders"][0]["cost"], 0);
  EXPECT_EQ(answer["borders"][1]["cost"], 0);
  EXPECT_THAT(answer["missing"], testing::SizeIs(0));

  Command watch(phyllo_words({"regions", "--json", file("cluster.yaml"), "--watch", "50ms"}));
  EXPECT_TRUE(watch.await_out("now_bytes_per_second")) << "known at the second look";
  watch.send(SIGINT);
  const CommandResult watched = watch.finish();
  EXPECT_EQ(watched.status, 0) << watched.err;
  const auto first = nlohmann::json::parse(watched.out.substr(0, watched.out.find('\n')));
  EXPECT_FALSE(first["borders"][0].contains("now_bytes_per_second"));

  us.signal(SIGKILL);
  us.exit_status();
  const CommandResult rest =
      phyllo({"regions", file("cluster.yaml"), "--load", file("load.yaml"), "--wait", "2s"});
  EXPECT_EQ(rest.status, 124);
  EXPECT_THAT(rest.out, HasSubstr("PREDICTED"));
  EXPECT_THAT(rest.out, testing::ContainsRegex("us +eu +≥ "));
  EXPECT_THAT(rest.err, HasSubstr("no answer from us: "));
  const CommandResult silent = phyllo({"regions", "-b", endpoint("us"), "--wait=300ms", "--watch"});
  EXPECT_EQ(silent.status, 69) << "there is nothing to look at again";
  const CommandResult nobody = phyllo({"regions", "-b", endpoint("us"), "--wait", "300ms"});
  EXPECT_EQ(nobody.status, 69);
  EXPECT_EQ(nobody.out, "");
}

TEST_F(TwoRegions, ShowATopicsTreesAndShareItsCasts) {
  test::PhyllodProcess eu(folder_.path(), "eu", config("eu", 1, ""));
  ASSERT_TRUE(eu.listens()) << eu.log();
  const std::string seed = eu.ports().at("local").get<std::string>();
  test::PhyllodProcess us(folder_.path(), "us", config("us", 2, seed));
  ASSERT_TRUE(us.listens()) << us.log();
  const auto words = [&](const std::string& region, std::vector<std::string> more) {
    more.insert(more.begin() + 1, {"--broker", endpoint(region), "--wait", "30s"});
    return more;
  };
  Command sub(phyllo_words(words("us", {"sub", "--verbose", "--take", "chat"})));
  ASSERT_TRUE(sub.await_err("listening to"));
  const auto both_are_shown = [&] {
    phyllo(words("eu", {"pub", "chat", "hello"}));
    const CommandResult tree = phyllo(words("eu", {"tree", "chat"}));
    return tree.status == 0 && tree.out.find("eu -> us: directly") != std::string::npos;
  };
  ASSERT_TRUE(test::eventually(both_are_shown)) << eu.log() << us.log();
  const CommandResult text = phyllo(words("us", {"tree", "chat"}));
  EXPECT_THAT(text.out, HasSubstr("1 subscriber at 2 brokers in 2 regions"));
  const CommandResult json = phyllo(words("us", {"tree", "--json", "chat"}));
  const auto answer = nlohmann::json::parse(json.out);
  EXPECT_EQ(answer["complete"], true);
  EXPECT_EQ(answer["regions_unknown"], false);
  EXPECT_EQ(answer["regions"][0]["region"], "us");
  EXPECT_EQ(answer["regions"][1]["region"], "eu");
  EXPECT_EQ(answer["regions"][1]["ways"][0]["to"], "us");
  EXPECT_EQ(answer["nodes"].size(), 2u);

  EXPECT_THAT(phyllo(words("eu", {"pub", "--verbose", "chat", "counted"})).err,
              HasSubstr("which has 1 subscriber\n"));
  EXPECT_EQ(phyllo(words("eu", {"pub", "--any", "chat", "a job"})).status, 0);
  EXPECT_TRUE(sub.await_out("a job"));

  us.signal(SIGKILL);
  us.exit_status();
  const CommandResult rest = phyllo(words("eu", {"tree", "chat"}));
  EXPECT_NE(rest.status, 0);
  EXPECT_THAT(rest.out + rest.err, testing::AnyOf(HasSubstr("us did not answer in time"),
                                                  HasSubstr("nobody said in time")));
}

TEST_F(TwoRegions, AreComparedWithWhatTheyAreToBecome) {
  folder_.write("eu.yaml", config("eu", 1, ""));
  folder_.write("us.yaml", config("us", 2, ""));
  std::filesystem::create_directory(folder_.path() / "new");
  for (const char* name : {"cluster.yaml", "eu.yaml", "us.yaml"}) {
    std::filesystem::copy(folder_.path() / name, folder_.path() / "new" / name);
  }
  folder_.write("new/us-2.yaml", config("us", 3, ""));
  const CommandResult plan = phyllo({"plan", "--json", file("cluster.yaml"),
                                     file("new/cluster.yaml"), "--load", file("load.yaml")});
  ASSERT_EQ(plan.status, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("Brokers that change"));
  EXPECT_THAT(plan.out, HasSubstr("us-2"));
  EXPECT_THAT(plan.out, HasSubstr("Roots that move"));
  EXPECT_THAT(plan.out, HasSubstr("Traffic and cost between regions, a month"));
  const CommandResult wrong = phyllo({"plan", file("cluster.yaml"), file("new/nothing.yaml")});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("nothing.yaml"));
}

TEST_F(TwoRegions, AreNotAskedWhenTheirFilesAreWrong) {
  folder_.write("eu.yaml", config("eu", 1, "") + "colour: blue\n");
  const CommandResult result = phyllo({"regions", file("cluster.yaml")});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("unknown key 'colour'"));
  EXPECT_EQ(phyllo({"regions", "--load", file("load.yaml")}).status, 2) << "a load of what?";
}

}  // namespace
}  // namespace phyllo::cli
