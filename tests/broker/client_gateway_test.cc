#include "broker/client_gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/envelope.h"
#include "overlay/transport/epoll_set.h"
#include "overlay/transport/sockets.h"

namespace phyllo::broker {
namespace {

namespace transport = overlay::transport;
using overlay::Endpoint;
using overlay::Wire;

Time real_now() {
  return Time(
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

Endpoint endpoint(const std::string& text) { return Endpoint::parse(text).value(); }

/// A program: a DEALER socket of the test's own.
class Program {
 public:
  /// `read_ahead`: how many messages it takes in before anybody asks for them; 0: all.
  Program(zmq::context_t& context, const Endpoint& to, int read_ahead = 0)
      : socket_(context, zmq::socket_type::dealer) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::reconnect_ivl, -1);
    socket_.set(zmq::sockopt::sndhwm, 0);
    socket_.set(zmq::sockopt::rcvhwm, read_ahead);
    socket_.connect(to.text());
  }

  void say(const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto part = i + 1 < frames.size() ? transport::Part::kMore : transport::Part::kLast;
      transport::send_now(socket_, zmq::message_t(frames[i]), part);
    }
  }
  const std::vector<std::string>& heard() {
    zmq::message_t frame;
    while (transport::receive_now(socket_, frame)) heard_.push_back(frame.to_string());
    return heard_;
  }

 private:
  zmq::socket_t socket_;
  std::vector<std::string> heard_;
};

/// Of all frames, those that are envelopes opened.
std::vector<std::string> messages_of(const std::vector<std::string>& frames) {
  std::vector<std::string> messages;
  for (const std::string& frame : frames) {
    if (!Envelope::is(frame)) messages.push_back(frame);
    EnvelopeReader envelope(frame);
    for (std::string_view header, body; envelope.next(header, body);) messages.emplace_back(header);
  }
  return messages;
}

class ClientGatewayTest : public testing::Test {
 protected:
  void open(ClientGateway::Options options = {}) {
    if (options.listen.empty()) options.listen = {endpoint("tcp://127.0.0.1:0")};
    auto opened = ClientGateway::open(context_, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    gateway_ = *std::move(opened);
  }
  Program program(std::size_t listener = 0) {
    return Program(context_, gateway_->listening()[listener]);
  }
  bool run_until(const std::function<bool()>& done) {
    const Time give_up = real_now() + std::chrono::seconds(30);
    transport::EpollSet epoll;
    epoll.add(gateway_->fd(), 0);
    while (!done()) {
      if (real_now() > give_up) return false;
      std::array<std::uint64_t, 1> ready;
      const bool at_once = gateway_->next_tick() <= now();
      gateway_->flush();
      epoll.wait(at_once ? Duration::zero() : std::chrono::milliseconds(5), ready);
      gateway_->process(now(), events_);
    }
    return true;
  }
  Time now() const { return real_now() + skipped_; }
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& event : events_) {
      if (const auto* kind = std::get_if<Kind>(&event)) found.push_back(*kind);
    }
    return found;
  }

  using Connected = ClientGateway::Connected;
  using Message = ClientGateway::Message;
  using Gone = ClientGateway::Gone;

  zmq::context_t context_;
  std::unique_ptr<ClientGateway> gateway_;
  ClientGateway::Events events_;
  Duration skipped_{};
};

TEST_F(ClientGatewayTest, SessionBeginsWithTheFirstMessageAndEndsWithTheConnection) {
  open();
  {
    Program first = program();
    first.say({"hello"});
    first.say({"publish", "body"});
    ASSERT_TRUE(run_until([&] { return all<Message>().size() == 2; }));
  }
  ASSERT_TRUE(run_until([&] { return all<Gone>().size() == 1; }));
  ASSERT_EQ(events_.size(), 4u);
  const SessionId session = std::get<Connected>(events_[0]).session;
  EXPECT_EQ(std::get<Message>(events_[1]).session, session);
  EXPECT_EQ(std::get<Message>(events_[1]).wire, (Wire{"hello", {}}));
  EXPECT_EQ(std::get<Message>(events_[2]).wire, (Wire{"publish", Payload::copy_of("body")}));
  EXPECT_EQ(std::get<Gone>(events_[3]).session, session);
}

TEST_F(ClientGatewayTest, NumbersOfSessionsAreNotUsedAgain) {
  open();
  for (std::size_t round = 1; round <= 5; ++round) {
    Program one = program();
    one.say({"hello"});
    ASSERT_TRUE(run_until([&] { return all<Connected>().size() == round; }));
  }
  std::set<SessionId> sessions;
  for (const auto& connected : all<Connected>()) sessions.insert(connected.session);
  EXPECT_EQ(sessions.size(), 5u);
}

TEST_F(ClientGatewayTest, LastWordsOfAProgramComeBeforeItsEnd) {
  open();
  {
    Program hasty = program();
    hasty.say({"hello"});
    ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
    for (int i = 0; i < 200; ++i) hasty.say({"publish", std::string(1000, 'x')});
    hasty.say({"bye"});
    ASSERT_TRUE(run_until([&] { return all<Message>().size() == 202; }));
  }
  ASSERT_TRUE(run_until([&] { return !all<Gone>().empty(); }));
  EXPECT_TRUE(std::holds_alternative<Gone>(events_.back()));
}

TEST_F(ClientGatewayTest, SendsEachSessionItsOwn) {
  open();
  Program one = program();
  Program two = program();
  one.say({"one"});
  two.say({"two"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 2; }));
  for (const auto& message : all<Message>()) {
    gateway_->send(message.session, Wire{"to " + message.wire.header, Payload::copy_of("small")});
    gateway_->send(message.session, Wire{"more", Payload::from(std::string(100'000, 'x'))});
  }
  ASSERT_TRUE(run_until([&] { return one.heard().size() == 4 && two.heard().size() == 4; }));
  EXPECT_EQ(one.heard()[0], "to one");
  EXPECT_EQ(one.heard()[1], "small");
  EXPECT_EQ(one.heard()[3].size(), 100'000u);
  EXPECT_EQ(two.heard()[0], "to two");
}

TEST_F(ClientGatewayTest, ShortMessagesOfOneBurstTravelTogether) {
  open();
  Program one = program();
  one.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  for (int i = 0; i < 3; ++i) gateway_->send(session, Wire{"short", Payload::copy_of("body")});
  gateway_->send(session, Wire{"long", Payload::from(std::string(10'000, 'x'))});
  gateway_->send(session, Wire{"last", Payload::copy_of("body")});
  ASSERT_TRUE(run_until([&] { return one.heard().size() == 5; }));
  EnvelopeReader envelope(one.heard()[0]);
  std::string_view header;
  std::string_view body;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(envelope.next(header, body));
    EXPECT_EQ(header, "short");
    EXPECT_EQ(body, "body");
  }
  EXPECT_FALSE(envelope.next(header, body));
  EXPECT_EQ(one.heard()[1], "long");
  EXPECT_EQ(one.heard()[3], "last");
  EXPECT_EQ(one.heard()[4], "body");
}

TEST_F(ClientGatewayTest, MessagesOfAnEnvelopeArriveAsIfEachHadComeAlone) {
  open();
  Program one = program();
  EnvelopeWriter envelope;
  envelope.add("publish", "body");
  envelope.add("credit", "");
  const std::string sound = envelope.take();
  std::string altered = sound;
  altered[altered.size() / 2] ^= 1;
  one.say({sound});
  one.say({altered});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 3; }));
  EXPECT_EQ(all<Message>()[0].wire, (Wire{"publish", Payload::copy_of("body")}));
  EXPECT_EQ(all<Message>()[1].wire, (Wire{"credit", {}}));
  // Whoever reads it finds that it is no message.
  EXPECT_EQ(all<Message>()[2].wire, (Wire{altered, {}}));
}

TEST_F(ClientGatewayTest, ManyMessagesToAProgramThatDoesNotReadAreKept) {
  open();
  Program slow = program();
  slow.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  for (int i = 0; i < 20'000; ++i) gateway_->send(session, Wire{std::to_string(i), {}});
  EXPECT_EQ(gateway_->stats().unsendable, 0u);
  EXPECT_EQ(gateway_->stats().overflows, 0u);
  ASSERT_TRUE(run_until([&] { return messages_of(slow.heard()).size() == 20'000; }));
  EXPECT_EQ(messages_of(slow.heard()).back(), "19999");
}

TEST_F(ClientGatewayTest, ProgramThatLetsTooMuchPileUpIsEndedWithoutAHoleInWhatItGot) {
  ClientGateway::Options options;
  options.unsent_bytes = 1'000'000;
  open(options);
  Program stuck(context_, gateway_->listening().front(), 1);
  stuck.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  const Payload body = Payload::from(std::string(300'000, 'x'));
  // The kernel and ZeroMQ hold some megabytes of their own.
  for (int i = 0; i < 1000; ++i) gateway_->send(session, Wire{std::to_string(i), body});
  EXPECT_EQ(gateway_->stats().overflows, 1u);
  EXPECT_GT(gateway_->stats().unsendable, 0u);
  ASSERT_TRUE(run_until([&] { return all<Gone>().size() == 1; }));
  const auto& heard = stuck.heard();
  for (std::size_t i = 0; i < heard.size(); i += 2) EXPECT_EQ(heard[i], std::to_string(i / 2));
}

TEST_F(ClientGatewayTest, ManySmallAnswersPileUpToTheLimitToo) {
  ClientGateway::Options options;
  options.unsent_bytes = 1'000'000;
  open(options);
  Program stuck(context_, gateway_->listening().front(), 1);
  stuck.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  for (int i = 0; i < 2'000'000 && gateway_->stats().overflows == 0; ++i) {
    gateway_->send(session, Wire{"pong", {}});
  }
  EXPECT_EQ(gateway_->stats().overflows, 1u);
}

TEST_F(ClientGatewayTest, ClosedSessionIsHeardNoMoreAndHungUpOnAfterAGrace) {
  open();
  Program stubborn = program();
  stubborn.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  gateway_->send(session, Wire{"bye", {}});
  gateway_->close(now(), session, Closing::kOnceSent);
  stubborn.say({"but"});
  ASSERT_TRUE(
      run_until([&] { return stubborn.heard().size() == 1 && gateway_->stats().unwanted == 1; }));
  EXPECT_EQ(stubborn.heard().front(), "bye");
  EXPECT_EQ(gateway_->stats().port.open, 1u);
  skipped_ += ClientGateway::Options{}.close_grace;
  ASSERT_TRUE(run_until([&] { return gateway_->stats().port.open == 0; }));
  EXPECT_EQ(all<Message>().size(), 1u);
  EXPECT_TRUE(all<Gone>().empty());
}

/// The program waits for that: see IoThread::await_end of the SDK.
TEST_F(ClientGatewayTest, AProgramThatSaidGoodbyeIsHungUpOnAtOnce) {
  open();
  Program leaving = program();
  leaving.say({"goodbye"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  gateway_->close(now(), all<Message>().front().session, Closing::kAtOnce);
  ASSERT_TRUE(run_until([&] { return gateway_->stats().port.open == 0; }));
  EXPECT_TRUE(all<Gone>().empty());
}

TEST_F(ClientGatewayTest, SendingToASessionThatIsGoneIsCounted) {
  open();
  gateway_->send(77, Wire{"anybody?", {}});
  gateway_->close(now(), 77, Closing::kOnceSent);
  EXPECT_EQ(gateway_->stats().unsendable, 1u);
}

TEST_F(ClientGatewayTest, SurplusFramesAreDropped) {
  open();
  Program one = program();
  one.say({"publish", "body", "surplus"});
  one.say({"proper"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  EXPECT_EQ(all<Message>().front().wire.header, "proper");
  EXPECT_EQ(gateway_->stats().malformed, 1u);
}

TEST_F(ClientGatewayTest, OversizeFrameEndsTheSession) {
  ClientGateway::Options options;
  options.frame_bytes = 1000;
  open(options);
  Program greedy = program();
  greedy.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  greedy.say({"publish", std::string(1001, 'x')});
  ASSERT_TRUE(run_until([&] { return all<Gone>().size() == 1; }));
}

TEST_F(ClientGatewayTest, ConnectionsOverTheLimitAreEnded) {
  ClientGateway::Options options;
  options.connections = 3;
  open(options);
  std::vector<std::unique_ptr<Program>> programs;
  for (int i = 0; i < 10; ++i) {
    programs.push_back(std::make_unique<Program>(context_, gateway_->listening().front()));
  }
  ASSERT_TRUE(run_until([&] {
    const auto port = gateway_->stats().port;
    return port.accepted == 10 && port.open == 3;
  }));
  EXPECT_EQ(gateway_->stats().port.over_limit, 7u);
}

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
