// Programs of the same host, through a socket in the file system.

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/broker/client_gateway_fixture.h"

namespace phyllo::broker {
namespace {

class IpcTest : public ClientGatewayTest {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("phyllo-ipc-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override {
    gateway_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string path() const { return folder_ / "clients.sock"; }
  ClientGateway::Options options() const {
    ClientGateway::Options options;
    options.listen = {endpoint("tcp://127.0.0.1:0"), endpoint("ipc://" + path())};
    return options;
  }

  std::filesystem::path folder_;
};

TEST_F(IpcTest, ServesProgramsOnBoth) {
  open(options());
  Program by_tcp = program(0);
  Program by_ipc = program(1);
  by_tcp.say({"tcp"});
  by_ipc.say({"ipc"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 2; }));
  for (const auto& message : all<Message>()) gateway_->send(message.session, message.wire);
  ASSERT_TRUE(run_until([&] { return by_tcp.heard().size() == 1 && by_ipc.heard().size() == 1; }));
  EXPECT_EQ(by_tcp.heard().front(), "tcp");
  EXPECT_EQ(by_ipc.heard().front(), "ipc");
}

TEST_F(IpcTest, EndOfASessionIsNoticed) {
  open(options());
  {
    Program by_ipc = program(1);
    by_ipc.say({"hello"});
    ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  }
  ASSERT_TRUE(run_until([&] { return all<Gone>().size() == 1; }));
}

TEST_F(IpcTest, OnlyUserAndGroupMayConnect) {
  open(options());
  struct stat found {};
  ASSERT_EQ(stat(path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0660u);
}

TEST_F(IpcTest, SocketOfARunningBrokerIsNotTakenAway) {
  open(options());
  const auto second = ClientGateway::open(context_, options());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message,
            "cannot listen on ipc://" + path() + ": another program listens there");
  Program still = program(1);
  still.say({"hello"});
  EXPECT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
}

TEST_F(IpcTest, SocketLeftBehindByACrashIsReplaced) {
  const int crashed = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(crashed, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(crashed);
  open(options());
  Program by_ipc = program(1);
  by_ipc.say({"hello"});
  EXPECT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
}

TEST_F(IpcTest, FileThatIsNoSocketIsLeftAlone) {
  std::ofstream(path()) << "precious";
  const auto opened = ClientGateway::open(context_, options());
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, testing::HasSubstr("not a socket"));
  EXPECT_EQ(std::filesystem::file_size(path()), 8u);
}

}  // namespace
}  // namespace phyllo::broker
