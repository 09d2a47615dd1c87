#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/cli/program/command.h"
#include "tests/cli/program/live_broker.h"

namespace phyllo::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The demo with three small brokers of two regions, at ports of the test's own.
class Demo : public testing::Test {
 protected:
  Demo() { write_configs("{}"); }

  /// `regions`: the table of all.
  void write_configs(const std::string& regions) {
    clients_.clear();
    const std::uint16_t seed = free_port();
    for (int i = 0; i < 3; ++i) {
      const std::uint16_t peers = i == 0 ? seed : free_port();
      clients_.push_back(free_port());
      std::ostringstream yaml;
      yaml << "cluster: demo-test\n"
           << "node: {region: " << (i < 2 ? "east" : "west") << "}\n"
           << "peers:\n"
           << "  local: {listen: 'tcp://127.0.0.1:" << peers << "'}\n"
           << "  seeds: ['tcp://127.0.0.1:" << seed << "']\n"
           << "regions: " << regions << "\n"
           << "overlay: {global_ring: {profile: lan}}\n"
           << "clients: {listen: ['tcp://127.0.0.1:" << clients_[i] << "']}\n"
           << "http: {listen: none}\n";
      configs_.write("broker-" + std::to_string(i) + ".yaml", yaml.str());
    }
  }

  std::vector<std::string> words(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"demo", "--configs", configs_.path().string(), "--logs",
                                         logs_.path().string()});
    return phyllo_words(arguments);
  }

  /// Every phyllod that was started with our configurations.
  std::set<pid_t> brokers() const {
    std::set<pid_t> found;
    for (const auto& process : std::filesystem::directory_iterator("/proc")) {
      std::ostringstream command;
      command << std::ifstream(process.path() / "cmdline").rdbuf();
      const bool ours = command.str().find("phyllod") != std::string::npos &&
                        command.str().find(configs_.path().string()) != std::string::npos;
      if (ours) found.insert(std::stoi(process.path().filename().string()));
    }
    return found;
  }

  const test::ScratchFolder configs_;
  const test::ScratchFolder logs_;
  std::vector<std::uint16_t> clients_;
};

TEST_F(Demo, EndsByItselfWithASummaryAndStatusZero) {
  Command demo(words({"--seconds", "2"}));
  const CommandResult result = demo.finish();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("started 3 brokers in 2 regions"));
  EXPECT_THAT(result.out, HasSubstr("their logs are in " + logs_.path().string()));
  EXPECT_THAT(result.out, HasSubstr("lost 0, late 0, repeated 0, gap notices 0\n"));
  EXPECT_THAT(result.out, HasSubstr("all 3 brokers drained and exited with status 0\n"));
  EXPECT_THAT(result.out, HasSubstr("(trees of host/cpu/0)"));
  EXPECT_THAT(result.out, Not(HasSubstr("COST A MONTH"))) << "there are no borders";
  EXPECT_THAT(brokers(), testing::IsEmpty());
}

TEST_F(Demo, ShowsTheTreesOfRegionsAndWhatCrossesFromOneToAnother) {
  write_configs("{east: {price_per_gb: 0.05}, west: {}}");
  const CommandResult result = Command(words({"--seconds", "2"})).finish();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("east -> west: directly\n"));
  EXPECT_THAT(result.out, testing::ContainsRegex("FROM +TO +MESSAGES +CONTROL +NOW +COST A MONTH"));
  EXPECT_THAT(result.out, testing::ContainsRegex("\neast +west +[0-9.]+ [kM]?B "));
  EXPECT_THAT(result.out, Not(testing::ContainsRegex("\nwest +east "))) << "nobody publishes there";
  EXPECT_THAT(result.out, testing::ContainsRegex("\nall pairs +[0-9.]+ [kM]?B "));
  EXPECT_THAT(result.out, HasSubstr("lost 0, late 0, repeated 0, gap notices 0\n"));
}

TEST_F(Demo, EndsCleanlyAtCtrlC) {
  Command demo(words({}));
  ASSERT_TRUE(demo.await_out("add your own"));
  EXPECT_EQ(brokers().size(), 3u);
  demo.send(SIGINT);
  const CommandResult result = demo.finish();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("all 3 brokers drained and exited with status 0\n"));
  EXPECT_THAT(brokers(), testing::IsEmpty());
}

TEST_F(Demo, CanBeInterruptedBeforeItIsReady) {
  Command demo(words({}));
  ASSERT_TRUE(demo.await_out("started 3 brokers"));
  demo.send(SIGINT);
  const CommandResult result = demo.finish();
  EXPECT_EQ(result.status, 130) << result.err;
  EXPECT_THAT(brokers(), testing::IsEmpty());
}

TEST_F(Demo, NamesABrokerThatFell) {
  Command demo(words({}));
  ASSERT_TRUE(demo.await_out("add your own"));
  for (const pid_t broker : brokers()) {
    kill(broker, SIGKILL);
    break;
  }
  const CommandResult result = demo.finish();
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("was killed by signal 9, see " + logs_.path().string()));
  EXPECT_THAT(brokers(), testing::IsEmpty());
}

TEST_F(Demo, NamesAPortThatIsInUse) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  place.sin_port = htons(clients_[1]);
  ASSERT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
  ASSERT_EQ(listen(fd, 1), 0);
  const CommandResult result = Command(words({"--seconds", "2"})).finish();
  close(fd);
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("port " + std::to_string(clients_[1]) +
                                    " at 127.0.0.1 cannot be used: Address already in use "
                                    "(clients.listen in "));
  EXPECT_THAT(result.err, HasSubstr("broker-1.yaml"));
}

TEST_F(Demo, PassesOnWhatABrokerSaysAboutABadFile) {
  configs_.write("broker-2.yaml", "cluster: demo-test\npears: {}\n");
  const CommandResult result = Command(words({"--seconds", "2"})).finish();
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.err, HasSubstr("broker-2.yaml:2:1:"));
  EXPECT_THAT(result.err, HasSubstr("peers"));
}

TEST(DemoConfigs, MustBeThere) {
  const test::ScratchFolder empty;
  const CommandResult result = phyllo({"demo", "--configs", empty.path().string()});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr(empty.path().string()));
}

}  // namespace
}  // namespace phyllo::cli
