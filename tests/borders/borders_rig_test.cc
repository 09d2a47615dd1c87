// The router between the sites itself: it must count what crosses, cut and delay, or the tests that
// rest on it show nothing.

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "tests/support/network/borders.h"

namespace phyllo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint16_t kPort = 7777;
constexpr std::size_t kIpAndUdp = 28;

sockaddr_in at(const std::string& address) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(kPort);
  inet_pton(AF_INET, address.c_str(), &result.sin_addr);
  return result;
}

/// A UDP socket on one address of a site.
class Post {
 public:
  Post(const NetworkNamespace& site, const std::string& address) {
    const Visit there(site);
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const sockaddr_in here = at(address);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here), 0);
  }
  ~Post() { close(socket_); }
  Post(const Post&) = delete;
  Post& operator=(const Post&) = delete;

  void send(const std::string& to, std::size_t size) {
    const std::string letter(size, 'x');
    const sockaddr_in there = at(to);
    sendto(socket_, letter.data(), size, 0, reinterpret_cast<const sockaddr*>(&there),
           sizeof there);
  }
  /// Whether something came in time.
  bool receives(milliseconds patience) {
    const timeval most{patience.count() / 1000, patience.count() % 1000 * 1000};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    char letter = 0;
    return recv(socket_, &letter, 1, MSG_TRUNC) > 0;
  }

 private:
  int socket_;
};

class BordersRig : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = Borders::missing()) GTEST_SKIP() << *why;
  }
};

TEST_F(BordersRig, CountsWhatCrossesInEachDirection) {
  Borders borders({"eu", "us", "ap"});
  Post eu(borders.site("eu"), borders.address("eu", 1));
  Post us(borders.site("us"), borders.address("us", 2));
  for (int i = 0; i < 10; ++i) {
    eu.send(borders.address("us", 2), 1000);
    ASSERT_TRUE(us.receives(milliseconds(5000)));
  }
  EXPECT_EQ(borders.crossed("eu", "us").packets, 10u);
  EXPECT_EQ(borders.crossed("eu", "us").bytes, 10 * (1000 + kIpAndUdp));
  EXPECT_EQ(borders.crossed("us", "eu").packets, 0u);
  EXPECT_EQ(borders.crossed("eu", "ap").packets, 0u);
}

TEST_F(BordersRig, TheTrafficOfOneSiteCrossesNothing) {
  Borders borders({"eu", "us"});
  Post one(borders.site("eu"), borders.address("eu", 1));
  Post other(borders.site("eu"), borders.address("eu", 2));
  one.send(borders.address("eu", 2), 100);
  ASSERT_TRUE(other.receives(milliseconds(5000)));
  EXPECT_EQ(borders.crossed("eu", "us").packets, 0u);
}

TEST_F(BordersRig, CutsTwoSitesOffFromEachOtherAndNoOthers) {
  Borders borders({"eu", "us", "ap"});
  Post eu(borders.site("eu"), borders.address("eu", 1));
  Post us(borders.site("us"), borders.address("us", 1));
  Post ap(borders.site("ap"), borders.address("ap", 1));
  borders.cut("eu", "us");
  eu.send(borders.address("us", 1), 10);
  us.send(borders.address("eu", 1), 10);
  eu.send(borders.address("ap", 1), 10);
  EXPECT_TRUE(ap.receives(milliseconds(5000)));
  EXPECT_FALSE(us.receives(milliseconds(200)));
  EXPECT_FALSE(eu.receives(milliseconds(1)));
  EXPECT_EQ(borders.crossed("eu", "us").packets, 0u);
  borders.restore();
  eu.send(borders.address("us", 1), 10);
  EXPECT_TRUE(us.receives(milliseconds(5000)));
}

TEST_F(BordersRig, WhatCrossesIsLateAndCountedOnce) {
  constexpr milliseconds kOneWay(150);
  Borders borders({"eu", "us"});
  borders.delay(kOneWay);
  Post eu(borders.site("eu"), borders.address("eu", 1));
  Post us(borders.site("us"), borders.address("us", 1));
  const auto sent = steady_clock::now();
  eu.send(borders.address("us", 1), 100);
  ASSERT_TRUE(us.receives(milliseconds(10'000)));
  EXPECT_GE(steady_clock::now() - sent, kOneWay);
  EXPECT_EQ(borders.crossed("eu", "us").packets, 1u);
}

}  // namespace
}  // namespace phyllo::test
