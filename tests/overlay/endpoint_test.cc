#include "overlay/endpoint.h"

#include <gtest/gtest.h>

#include <string>

namespace phyllo::overlay {
namespace {

TEST(Endpoint, takes_tcp_with_a_host_and_a_port_and_ipc_with_a_path) {
  for (const char* text : {"tcp://127.0.0.1:7400", "tcp://[::1]:7400", "tcp://*:0",
                           "tcp://broker-1.example.org:65535", "ipc:///run/phyllo/peers"}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_TRUE(endpoint.ok()) << text << ": " << endpoint.error().message;
    EXPECT_EQ(endpoint->text(), text);
  }
}

TEST(Endpoint, refuses_everything_else_and_says_why) {
  for (const std::string& text : {std::string(),
                                  std::string("tcp://"),
                                  std::string("tcp://host"),
                                  std::string("host:7400"),
                                  std::string("tcp://host:"),
                                  std::string("tcp://host:65536"),
                                  std::string("tcp://host:-1"),
                                  std::string("tcp://host:07x"),
                                  std::string("tcp://::1:7400"),
                                  std::string("tcp://[::1:7400"),
                                  std::string("tcp://[::1]"),
                                  std::string("tcp://:7400"),
                                  std::string("udp://host:1"),
                                  std::string("tcp://ho st:1"),
                                  std::string("tcp://ho\nst:1"),
                                  std::string("tcp://a/b:1"),
                                  std::string("tcp://eth0;host:1"),
                                  std::string("ipc://"),
                                  "ipc:///" + std::string(200, 'x'),
                                  "tcp://" + std::string(300, 'x') + ":1",
                                  std::string("tcp://a\0b:1", 11)}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_FALSE(endpoint.ok()) << text;
    EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(endpoint.error().message.find("invalid endpoint"), std::string::npos);
  }
}

TEST(Endpoint, that_is_default_constructed_is_none) {
  EXPECT_TRUE(Endpoint().empty());
  EXPECT_EQ(Endpoint(), Endpoint());
}

}  // namespace
}  // namespace phyllo::overlay
