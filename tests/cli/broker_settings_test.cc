#include "cli/demo/broker_settings.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace phyllo::cli {
namespace {

constexpr const char* kYaml = R"(# configs/demo/asia-1.yaml is valid.
cluster: demo
node:
  id: auto
  region: asia
peers:
  local:
    listen: tcp://127.0.0.1:7410
    advertise: auto
  wan:
    listen: none
clients:
  listen: [tcp://127.0.0.1:7411, ipc:///tmp/a.sock]
http:
  listen: 127.0.0.1:7412
)";

TEST(BrokerSettings, ReadsWhatTheBrokerSaysAboutItsFile) {
  const auto settings = parse_broker_settings("configs/demo/asia-1.yaml", kYaml);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->name, "asia-1");
  EXPECT_EQ(settings->region, "asia");
  EXPECT_EQ(settings->clients, "tcp://127.0.0.1:7411");
  std::vector<std::string> listens;
  for (const ListenAddress& address : settings->listens) {
    listens.push_back(address.setting + " " + address.host + " " + std::to_string(address.port));
  }
  EXPECT_EQ(listens, (std::vector<std::string>{"peers.local.listen 127.0.0.1 7410",
                                               "clients.listen 127.0.0.1 7411",
                                               "http.listen 127.0.0.1 7412"}));
}

TEST(BrokerSettings, AreNothingWhenTheTextIsSomethingElse) {
  EXPECT_FALSE(parse_broker_settings("a.yaml", ""));
  EXPECT_FALSE(parse_broker_settings("a.yaml", "error: a.yaml:1:1: no"));
  EXPECT_FALSE(parse_broker_settings("a.yaml", "node: [1"));
  EXPECT_FALSE(parse_broker_settings("a.yaml", "node: {region: a}\nclients: {listen: []}\n"));
}

TEST(BrokerFiles, AreThoseThatNoOtherFileIncludes) {
  std::vector<std::string> names;
  for (const auto& file : broker_files(std::filesystem::path(PHYLLO_SOURCE_DIR) / "configs/demo")) {
    names.push_back(file.stem().string());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"ap-south-1", "ap-south-2", "eu-west-1", "eu-west-2",
                                             "us-east-1", "us-east-2"}));
  EXPECT_TRUE(broker_files("/nowhere").empty());
}

/// Listens at a port of 127.0.0.1 that the system chose.
class Listener {
 public:
  Listener() : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    auto* const address = reinterpret_cast<sockaddr*>(&place);
    EXPECT_EQ(bind(fd_, address, size), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    EXPECT_EQ(getsockname(fd_, address, &size), 0);
    port_ = ntohs(place.sin_port);
  }
  ~Listener() { close(fd_); }
  std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

TEST(ListenAddress, IsRefusedWhileSomebodyListensThere) {
  const Listener listener;
  EXPECT_EQ(why_not_listen({"clients.listen", "127.0.0.1", listener.port()}),
            "Address already in use");
  EXPECT_EQ(why_not_listen({"clients.listen", "*", listener.port()}), "Address already in use");
}

TEST(ListenAddress, IsFreeAgainAfterwards) {
  std::uint16_t port = 0;
  {
    const Listener listener;
    port = listener.port();
  }
  EXPECT_EQ(why_not_listen({"clients.listen", "127.0.0.1", port}), std::nullopt);
}

TEST(ListenAddress, IsRefusedWhenItIsNotOfThisHost) {
  EXPECT_TRUE(why_not_listen({"clients.listen", "192.0.2.1", 7401}));
}

}  // namespace
}  // namespace phyllo::cli
