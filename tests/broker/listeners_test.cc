#include "broker/listeners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace phyllo::broker {
namespace {

using testing::HasSubstr;

overlay::Endpoint endpoint(const std::string& text) {
  return overlay::Endpoint::parse(text).value();
}

Settings ephemeral() {
  Settings settings;
  settings.region = "eu-west";
  settings.core.cluster = "test";
  settings.peers.listen_local = endpoint("tcp://127.0.0.1:0");
  settings.clients.listen = {endpoint("tcp://127.0.0.1:0")};
  settings.http.listen = HostPort{"127.0.0.1", 0};
  return settings;
}

class ListenersTest : public testing::Test {
 protected:
  Result<Listeners> open(const Settings& settings) {
    return open_listeners(context_, settings, DescriptorBudget::of(1024), board_);
  }

  zmq::context_t context_;
  StatusBoard board_;
};

TEST_F(ListenersTest, RealPortsStandInTheDescriptionAndThePlace) {
  const Settings settings = ephemeral();
  const auto listeners = open(settings);
  ASSERT_TRUE(listeners.ok()) << listeners.error().message;
  const auto json = nlohmann::json::parse(describe(*listeners, settings, overlay::NodeId(15)));
  EXPECT_EQ(json["node"], "0000000000000000000000000000000f");
  EXPECT_EQ(json["region"], "eu-west");
  EXPECT_EQ(json["cluster"], "test");
  EXPECT_EQ(json["pid"], getpid());
  EXPECT_EQ(json["local"], listeners->place.local.text());
  EXPECT_EQ(json["wan"], json["local"]);
  EXPECT_EQ(json["peers"][0], json["local"]);
  EXPECT_EQ(json["clients"][0], listeners->clients->listening().front().text());
  EXPECT_EQ(json["http"], "127.0.0.1:" + std::to_string(listeners->http->port()));
  for (const auto& text : {json["local"], json["clients"][0], json["http"]}) {
    EXPECT_FALSE(text.get<std::string>().ends_with(":0"));
  }
}

TEST_F(ListenersTest, WanEndpointHasASocketOfItsOwnWhenItDiffers) {
  Settings settings = ephemeral();
  settings.peers.listen_wan = endpoint("tcp://127.0.0.2:0");
  const auto listeners = open(settings);
  ASSERT_TRUE(listeners.ok()) << listeners.error().message;
  ASSERT_EQ(listeners->peers->listening().size(), 2u);
  EXPECT_EQ(listeners->place.local, listeners->peers->listening()[0]);
  EXPECT_EQ(listeners->place.wan, listeners->peers->listening()[1]);
}

TEST_F(ListenersTest, PortZeroForBothGivesTwoSockets) {
  Settings settings = ephemeral();
  settings.peers.listen_wan = settings.peers.listen_local;
  const auto listeners = open(settings);
  ASSERT_TRUE(listeners.ok()) << listeners.error().message;
  EXPECT_EQ(listeners->peers->listening().size(), 2u);
  EXPECT_NE(listeners->place.wan, listeners->place.local);
}

TEST_F(ListenersTest, HttpCanBeSwitchedOff) {
  Settings settings = ephemeral();
  settings.http.listen.reset();
  const auto listeners = open(settings);
  ASSERT_TRUE(listeners.ok());
  EXPECT_EQ(listeners->http, nullptr);
  EXPECT_FALSE(nlohmann::json::parse(describe(*listeners, settings, {})).contains("http"));
}

TEST_F(ListenersTest, EachPortInUseIsAClearError) {
  const Settings settings = ephemeral();
  const auto first = open(settings);
  ASSERT_TRUE(first.ok());
  Settings second = settings;
  second.peers.listen_local = first->peers->listening().front();
  EXPECT_THAT(open(second).error().message, HasSubstr("Address already in use"));
  second = settings;
  second.clients.listen = first->clients->listening();
  EXPECT_THAT(open(second).error().message, HasSubstr("Address already in use"));
  second = settings;
  second.http.listen->port = first->http->port();
  EXPECT_THAT(open(second).error().message, HasSubstr("Address already in use"));
}

TEST(DescriptorBudget, LeavesSomeDescriptorsForTheBrokerItself) {
  for (const std::size_t descriptors : {128, 1024, 20'000, 1'000'000}) {
    const auto budget = DescriptorBudget::of(descriptors);
    EXPECT_LT(budget.clients + budget.peers + 4 * budget.links, descriptors) << descriptors;
    EXPECT_GT(budget.clients + budget.peers + 4 * budget.links, descriptors / 2) << descriptors;
  }
  EXPECT_GT(DescriptorBudget::of(0).links, 0u);
}

TEST(WriteAtomically, LeavesTheWholeTextAndNothingElse) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("phyllo-ports-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  ASSERT_TRUE(write_atomically(folder / "ports.json", "{}").ok());
  ASSERT_TRUE(write_atomically(folder / "ports.json", "{\"a\":1}").ok());
  std::string text;
  std::getline(std::ifstream(folder / "ports.json"), text);
  EXPECT_EQ(text, "{\"a\":1}");
  using Files = std::filesystem::directory_iterator;
  EXPECT_EQ(std::distance(Files(folder), Files()), 1);
  std::filesystem::remove_all(folder);
}

TEST(WriteAtomically, FolderThatDoesNotExistIsAClearError) {
  const auto written = write_atomically("/nonexistent/ports.json", "{}");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().message,
            "cannot write /nonexistent/ports.json: No such file or directory");
}

}  // namespace
}  // namespace phyllo::broker
