// What strangers throw at a broker's ports: it stays ready, its memory does not grow, it is
// counted.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <zmq.hpp>

#include "tests/support/processes/phyllod_process.h"

namespace phyllo::test {
namespace {

constexpr const char* kConfig =
    "cluster: test\n"
    "peers:\n  local:\n    listen: tcp://127.0.0.1:0\n  seeds: []\n"
    "clients:\n  listen: [tcp://127.0.0.1:0]\n"
    "http:\n  listen: 127.0.0.1:0\n"
    "logging:\n  level: error\n";
constexpr std::size_t kGrowth = 16 << 20;

class GarbageTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(broker_.ready()) << broker_.log();
    resident_before_ = broker_.resident_bytes();
  }
  void TearDown() override {
    EXPECT_EQ(broker_.get("/readyz"), "active\n");
    EXPECT_LT(broker_.resident_bytes(), resident_before_ + kGrowth);
  }
  std::string peers() const { return broker_.ports().at("peers").at(0); }
  std::string clients() const { return broker_.ports().at("clients").at(0); }

  std::string random_bytes(std::size_t most) {
    std::string bytes(random_() % (most + 1), '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }
  /// Random messages over `connections` ZeroMQ connections, each of one to four frames.
  void throw_frames_at(const std::string& endpoint, int connections, int messages) {
    zmq::context_t context;
    for (int i = 0; i < connections; ++i) {
      zmq::socket_t socket(context, zmq::socket_type::dealer);
      socket.set(zmq::sockopt::linger, 2000);
      socket.connect(endpoint);
      for (int k = 0; k < messages; ++k) {
        for (auto more = random_() % 4; more > 0; --more) {
          socket.send(zmq::buffer(random_bytes(300)), zmq::send_flags::sndmore);
        }
        socket.send(zmq::buffer(random_bytes(300)), zmq::send_flags::none);
      }
    }
  }
  /// A plain TCP connection.
  static int connect_to(const std::string& endpoint) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      close(fd);
      return -1;
    }
    return fd;
  }
  void throw_bytes_at(const std::string& endpoint, int connections) {
    for (int i = 0; i < connections; ++i) {
      const int fd = connect_to(endpoint);
      if (fd < 0) continue;
      const std::string bytes = random_bytes(2000);
      send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      close(fd);
    }
  }
  /// Half of them at each port; returns when they have all been accepted, `at_each_port` together
  /// with earlier ones, and have ended.
  void connect_ten_thousand_times(int at_each_port) {
    std::vector<int> open;
    for (int i = 0; i < 10'000; ++i) {
      open.push_back(connect_to(i % 2 == 0 ? peers() : clients()));
      if (open.size() < 500) continue;
      for (const int fd : open) close(fd);
      open.clear();
    }
    EXPECT_TRUE(eventually([&] {
      return broker_.metric("phyllo_connections_accepted_total{port=\"peers\"}") == at_each_port &&
             broker_.metric("phyllo_connections_accepted_total{port=\"clients\"}") ==
                 at_each_port &&
             broker_.metric("phyllo_connections{port=\"peers\"}") == 0 &&
             broker_.metric("phyllo_connections{port=\"clients\"}") == 0;
    }));
  }

  ScratchFolder folder_;
  PhyllodProcess broker_{folder_.path(), "broker", std::string(kConfig)};
  std::mt19937 random_{7};
  std::size_t resident_before_ = 0;
};

TEST_F(GarbageTest, RandomFramesAtThePeersPort) {
  throw_frames_at(peers(), 50, 200);
  EXPECT_TRUE(eventually(
      [&] { return broker_.metric("phyllo_malformed_frames_total{port=\"peers\"}") >= 50; }));
}

TEST_F(GarbageTest, RandomFramesAtTheClientsPort) {
  throw_frames_at(clients(), 50, 200);
  EXPECT_TRUE(eventually(
      [&] { return broker_.metric("phyllo_malformed_frames_total{port=\"clients\"}") >= 50; }));
  EXPECT_TRUE(eventually([&] { return broker_.metric("phyllo_clients") == 0; }));
}

TEST_F(GarbageTest, RandomBytesAtEveryPort) {
  throw_bytes_at(peers(), 300);
  throw_bytes_at(clients(), 300);
  throw_bytes_at("http://" + broker_.ports().at("http").get<std::string>(), 30);
  EXPECT_TRUE(eventually([&] {
    return broker_.metric("phyllo_connections_accepted_total{port=\"peers\"}") >= 300 &&
           broker_.metric("phyllo_connections_accepted_total{port=\"clients\"}") >= 300 &&
           broker_.metric("phyllo_connections{port=\"peers\"}") == 0 &&
           broker_.metric("phyllo_connections{port=\"clients\"}") == 0;
  }));
}

TEST_F(GarbageTest, TenThousandConnectsLeaveNothingBehind) {
  connect_ten_thousand_times(5000);  // fills what the allocators keep for the next ones
  const std::size_t resident = broker_.resident_bytes();
  connect_ten_thousand_times(10'000);
  EXPECT_LT(broker_.resident_bytes(), resident + (2 << 20)) << "200 bytes for each";
}

TEST_F(GarbageTest, ConnectionsThatSayNothingAreEnded) {
  std::vector<int> open;
  for (int i = 0; i < 400; ++i) open.push_back(connect_to(i % 2 == 0 ? peers() : clients()));
  EXPECT_TRUE(eventually([&] {
    return broker_.metric("phyllo_connections_accepted_total{port=\"clients\"}") == 200 &&
           broker_.metric("phyllo_connections{port=\"peers\"}") == 0 &&
           broker_.metric("phyllo_connections{port=\"clients\"}") == 0;
  }));
  for (const int fd : open) close(fd);
}

}  // namespace
}  // namespace phyllo::test
