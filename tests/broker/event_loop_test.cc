// The loop between the sockets and the core. It runs in a thread of its own, with timers so long
// that only the input under test can move it; the test is its programs, its peers and its operator.

#include "broker/event_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/envelope.h"
#include "broker/core/client_codec.h"
#include "overlay/codec.h"
#include "overlay/transport/sockets.h"

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
namespace transport = overlay::transport;
using overlay::Contact;
using overlay::Endpoint;
using overlay::NodeId;
using transport::Transport;
using End = EventLoop::End;

constexpr auto kPatience = 30s;

Time real_now() {
  return Time(
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

Endpoint anywhere() { return Endpoint::parse("tcp://127.0.0.1:0").value(); }

/// Nothing happens by itself.
BrokerConfig quiet_config() {
  BrokerConfig config;
  overlay::Timers& timers = config.overlay.timers;
  for (Duration* timer :
       {&timers.heartbeat, &timers.silence, &timers.probe_timeout, &timers.table_probe,
        &timers.table_maintenance, &timers.heal, &timers.join_retry, &timers.founding_patience,
        &timers.minimum_rto, &timers.pause}) {
    *timer = 1h;
  }
  config.clients.heartbeat = config.clients.silence = 1h;
  config.drain_grace = 1h;
  return config;
}

/// A loop with its broker, node 1 of region r, in a thread of its own.
class Daemon {
 public:
  struct Setup {
    BrokerConfig broker = quiet_config();
    transport::TransportConfig peers = {};
    Duration drain_limit = 1h;
    Duration status_interval = 1h;
    std::function<void()> reload = {};
    std::vector<Endpoint> seeds = {};
  };

  explicit Daemon(Setup setup) : setup_(std::move(setup)), thread_([this] { run(); }) {
    place_.get_future().wait();
  }
  ~Daemon() {
    if (!end()) {
      ADD_FAILURE() << "the loop goes on";
      signal(SIGTERM);
      signal(SIGTERM);
    }
    thread_.join();
  }

  const Endpoint& peers() const { return peers_; }
  const Endpoint& clients() const { return clients_; }
  static NodeId id() { return NodeId(overlay::Uint128{1}); }
  void signal(int number) { pthread_kill(thread_.native_handle(), number); }
  /// How it ended; nullopt when it did not in time.
  std::optional<End> end() {
    if (ended_.wait_for(kPatience) != std::future_status::ready) return std::nullopt;
    return ended_.get();
  }
  bool ended() const { return ended_.wait_for(0s) == std::future_status::ready; }
  std::shared_ptr<const Status> status() const { return board_.latest(); }

 private:
  void run() {
    Signals signals{SIGTERM, SIGINT, SIGHUP};
    zmq::context_t context;
    setup_.peers.cluster = "test";
    setup_.peers.listen = {anywhere()};
    auto peers = Transport::open(context, setup_.peers).value();
    auto clients = ClientGateway::open(context, {.listen = {anywhere()}}).value();
    peers_ = peers->listening().front();
    clients_ = clients->listening().front();
    const Contact self(id(), 1, {"r", peers_, peers_});
    peers->set_self(self);
    LoggingSettings silent;
    silent.destination = "/dev/null";
    const auto log = LogOutput::open(silent).value();
    Journal journal(*log);
    Broker broker(setup_.broker, self, 1);
    EventLoop loop({broker, *peers, *clients, signals, board_, journal}, loop_options());
    place_.set_value();
    end_.set_value(loop.run(setup_.seeds));
  }

  EventLoop::Options loop_options() const {
    EventLoop::Options options;
    options.drain_limit = setup_.drain_limit;
    options.status_interval = setup_.status_interval;
    options.reload = setup_.reload;
    options.describe = [](Status& status) { status.cluster = "described"; };
    return options;
  }

  Setup setup_;
  StatusBoard board_;
  Endpoint peers_ = anywhere();
  Endpoint clients_ = anywhere();
  std::promise<void> place_;
  std::promise<End> end_;
  std::shared_future<End> ended_ = end_.get_future().share();
  std::thread thread_;  // last: it uses the others
};

/// A program that speaks the client protocol.
class Program {
 public:
  Program(zmq::context_t& context, const Endpoint& broker)
      : socket_(context, zmq::socket_type::dealer) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo,
                static_cast<int>(std::chrono::milliseconds(kPatience) / 1ms));
    socket_.connect(broker.text());
    say(client::Hello{client::kVersion, client::kVersion, "test"});
  }
  void say(const client::ClientFrame& frame) {
    socket_.send(zmq::buffer(client::encode_client_frame(frame).header), zmq::send_flags::none);
  }
  /// Whether the next frame that it is told is of this kind.
  template <class Frame>
  bool hears() {
    if (heard_.empty()) hear();
    if (heard_.empty()) return false;
    const auto decoded = client::decode_broker_frame({heard_.front(), {}});
    heard_.pop_front();
    return decoded.ok() && std::holds_alternative<Frame>(*decoded);
  }

 private:
  void hear() {
    zmq::message_t frame;
    if (!socket_.recv(frame)) return;
    if (!Envelope::is(frame.to_string_view())) heard_.push_back(frame.to_string());
    EnvelopeReader envelope(frame.to_string_view());
    for (std::string_view header, body; envelope.next(header, body);) heard_.emplace_back(header);
  }

  zmq::socket_t socket_;
  std::deque<std::string> heard_;
};

/// Another broker, as far as its transport.
class Peer {
 public:
  Peer(zmq::context_t& context, NodeId id, overlay::Incarnation life = 1)
      : transport_(Transport::open(context, {.cluster = "test", .listen = {anywhere()}}).value()),
        self_(id, life, {"r", listening(), listening()}) {
    transport_->set_self(self_);
  }
  const Endpoint& listening() const { return transport_->listening().front(); }
  const Contact& self() const { return self_; }
  /// Who answers there; nullopt when nobody does.
  std::optional<Contact> dial(const Endpoint& endpoint) {
    std::optional<Contact> found;
    transport_->dial(real_now(), endpoint);
    run_until([&] {
      found = first<transport::Dialed>(&transport::Dialed::found);
      return found.has_value();
    });
    return found;
  }
  void send(const Contact& to, const overlay::Message& message) {
    overlay::Wire wire = overlay::encode(message);
    EXPECT_EQ(transport_->send(real_now(), to, wire), transport::Sent::kQueued);
    transport_->flush();
  }
  /// Waits for a message of this kind.
  template <class Kind>
  bool hears() {
    return run_until([&] {
      const auto wire = first<transport::Received>(&transport::Received::wire);
      if (!wire) return false;
      const auto message = overlay::decode(*wire);
      return message.ok() && std::holds_alternative<Kind>(*message);
    });
  }
  bool hears_from(NodeId id) {
    return run_until([&] {
      const auto from = first<transport::Received>(&transport::Received::from);
      return from && from->id() == id;
    });
  }
  bool run_until(const std::function<bool()>& done) {
    transport::EpollSet epoll;
    epoll.add(transport_->fd(), 0);
    for (const Time give_up = real_now() + kPatience; !done();) {
      if (real_now() > give_up) return false;
      std::array<std::uint64_t, 1> ready;
      epoll.wait(5ms, ready);
      transport_->process(real_now(), events_);
    }
    return true;
  }

 private:
  /// A field of the first event of this kind, which is forgotten with all before it.
  template <class Kind, class Field>
  std::optional<Field> first(Field Kind::*field) {
    while (!events_.empty()) {
      const transport::Event event = std::move(events_.front());
      events_.erase(events_.begin());
      if (const auto* kind = std::get_if<Kind>(&event)) return kind->*field;
    }
    return std::nullopt;
  }

  std::unique_ptr<Transport> transport_;
  Contact self_;
  transport::Events events_;
};

class EventLoopTest : public testing::Test {
 protected:
  zmq::context_t context_;
};

TEST_F(EventLoopTest, WakesForAProgramAndCarriesTheAnswerBack) {
  Daemon daemon({});
  Program program(context_, daemon.clients());
  EXPECT_TRUE(program.hears<client::Welcome>());
  program.say(client::Ping{7});
  EXPECT_TRUE(program.hears<client::Pong>());
  program.say(client::ClientBye{});
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kDrained);
  EXPECT_EQ(daemon.status()->broker.clients.connections, 1u);
}

TEST_F(EventLoopTest, WakesForAPeerAndCarriesTheAnswerBack) {
  Daemon daemon({});
  Peer peer(context_, NodeId(overlay::Uint128{2}));
  const auto broker = peer.dial(daemon.peers());
  ASSERT_TRUE(broker);
  EXPECT_EQ(broker->id(), Daemon::id());
  peer.send(*broker, overlay::Ping{5, false});
  EXPECT_TRUE(peer.hears<overlay::Pong>());
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kDrained);
}

TEST_F(EventLoopTest, DialsItsSeedsAndTalksToWhoeverAnswers) {
  Peer seed(context_, NodeId(overlay::Uint128{2}));
  Daemon daemon({.seeds = {seed.listening()}});
  EXPECT_TRUE(seed.hears_from(Daemon::id()));
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kDrained);
}

TEST_F(EventLoopTest, TellsTheBrokerWhatALinkHadNoRoomFor) {
  Peer seed(context_, NodeId(overlay::Uint128{2}));
  Daemon::Setup setup{.status_interval = 10ms, .seeds = {seed.listening()}};
  setup.peers.queue_bytes = 0;
  setup.peers.control_reserve_bytes = 0;
  Daemon daemon(std::move(setup));
  EXPECT_TRUE(seed.run_until([&] {
    const auto status = daemon.status();
    return status && status->broker.peer_link_drops > 0;
  }));
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kDrained);
}

TEST_F(EventLoopTest, ALaterLifeIsToldToWhoeverConnectsFromThenOn) {
  Daemon daemon({});
  Peer peer(context_, NodeId(overlay::Uint128{2}));
  const auto broker = peer.dial(daemon.peers());
  ASSERT_TRUE(broker);
  EXPECT_EQ(broker->incarnation(), 1u);
  peer.send(*broker, overlay::Superseded{broker->reborn(7), false});
  peer.send(*broker, overlay::Ping{5, false});
  ASSERT_TRUE(peer.hears<overlay::Pong>());
  Peer stranger(context_, NodeId(overlay::Uint128{3}));
  const auto found = stranger.dial(daemon.peers());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->incarnation(), 8u);
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kDrained);
}

TEST_F(EventLoopTest, EndsWhenAnotherHolderOfItsIdPrevails) {
  Daemon daemon({});
  Peer rival(context_, Daemon::id(), 9);
  const auto broker = rival.dial(daemon.peers());
  ASSERT_TRUE(broker);
  rival.send(*broker, overlay::Superseded{rival.self(), true});
  EXPECT_TRUE(rival.run_until([&] { return daemon.ended(); }));
  EXPECT_EQ(daemon.end(), End::kResigned);
  EXPECT_EQ(daemon.status()->broker.state, overlay::StateChanged::State::kResigned);
  EXPECT_THAT(daemon.status()->state_reason, testing::HasSubstr(rival.listening().text()));
}

TEST_F(EventLoopTest, DueTimersNeedNoInput) {
  Daemon::Setup setup;
  setup.broker.drain_grace = 50ms;
  Daemon daemon(std::move(setup));
  Program program(context_, daemon.clients());
  ASSERT_TRUE(program.hears<client::Welcome>());
  daemon.signal(SIGTERM);
  EXPECT_TRUE(program.hears<client::Drain>());
  EXPECT_TRUE(program.hears<client::BrokerBye>()) << "it has not moved, and the grace is over";
  EXPECT_EQ(daemon.end(), End::kDrained);
}

TEST_F(EventLoopTest, DrainsOnTheFirstSignalAndStopsAtOnceOnTheSecond) {
  for (const int first : {SIGTERM, SIGINT}) {
    Daemon daemon({});
    Program program(context_, daemon.clients());
    ASSERT_TRUE(program.hears<client::Welcome>());
    daemon.signal(first);
    ASSERT_TRUE(program.hears<client::Drain>());
    program.say(client::Ping{7});
    EXPECT_TRUE(program.hears<client::Pong>()) << "it serves those who have not moved yet";
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.end(), End::kInterrupted);
    EXPECT_TRUE(daemon.status()->broker.draining);
  }
}

TEST_F(EventLoopTest, ADrainThatTakesTooLongIsCutShort) {
  Daemon daemon({.drain_limit = 50ms});
  Program program(context_, daemon.clients());
  ASSERT_TRUE(program.hears<client::Welcome>());
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kInterrupted);
}

TEST_F(EventLoopTest, ReloadsOnSighupAndGoesOn) {
  std::promise<void> reloaded;
  Daemon daemon({.reload = [&] { reloaded.set_value(); }});
  daemon.signal(SIGHUP);
  EXPECT_EQ(reloaded.get_future().wait_for(kPatience), std::future_status::ready);
  Program program(context_, daemon.clients());
  EXPECT_TRUE(program.hears<client::Welcome>());
  program.say(client::ClientBye{});
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kDrained);
}

TEST_F(EventLoopTest, PostsItsStatusWithWhatItsOwnerAdds) {
  Daemon daemon({.status_interval = 10ms});
  Peer peer(context_, NodeId(overlay::Uint128{2}));
  ASSERT_TRUE(peer.dial(daemon.peers()));
  EXPECT_TRUE(peer.run_until([&] {
    const auto status = daemon.status();
    return status && status->transport.accepted == 1;
  }));
  EXPECT_EQ(daemon.status()->cluster, "described");
  EXPECT_EQ(daemon.status()->broker.state, overlay::StateChanged::State::kActive);
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.end(), End::kDrained);
}

}  // namespace
}  // namespace phyllo::broker
