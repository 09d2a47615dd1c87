#include "broker/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "broker/health.h"

namespace phyllo::broker {
namespace {

using overlay::StateChanged;
using std::chrono::steady_clock;
using testing::HasSubstr;

Status status_in(StateChanged::State state) {
  Status status;
  status.taken = steady_clock::now();
  status.node = "00ff";
  status.region = "eu-west";
  status.cluster = "test";
  status.broker.state = state;
  return status;
}

TEST(Health, LoopThatTurnsIsHealthyWhateverItsState) {
  const Status joining = status_in(StateChanged::State::kJoining);
  EXPECT_TRUE(health(&joining, joining.taken).good);
}

TEST(Health, LoopThatStandsStillIsNot) {
  const Status active = status_in(StateChanged::State::kActive);
  const auto later = active.taken + std::chrono::seconds(10);
  EXPECT_FALSE(health(&active, later).good);
  EXPECT_EQ(health(&active, later).text, "the event loop has not turned for 10 s");
  EXPECT_FALSE(readiness(&active, later).good);
  EXPECT_FALSE(health(nullptr, later).good);
}

TEST(Health, OnlyAnActiveBrokerThatDoesNotDrainIsReady) {
  Status status = status_in(StateChanged::State::kActive);
  EXPECT_TRUE(readiness(&status, status.taken).good);
  status.broker.draining = true;
  EXPECT_FALSE(readiness(&status, status.taken).good);
  EXPECT_EQ(readiness(&status, status.taken).text, "draining");
  status = status_in(StateChanged::State::kSeeking);
  status.state_reason = "no seed answers";
  EXPECT_FALSE(readiness(&status, status.taken).good);
  EXPECT_EQ(readiness(&status, status.taken).text, "seeking: no seed answers");
}

class HttpServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = HttpServer::start({"127.0.0.1", 0}, board_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    server_ = *std::move(started);
  }
  httplib::Client client() const { return httplib::Client("127.0.0.1", server_->port()); }

  StatusBoard board_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, SaysItStartsUntilSomethingIsPosted) {
  for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
    const auto answer = client().Get(path);
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(answer->status, 503) << path;
    EXPECT_EQ(answer->body, "starting\n");
  }
}

TEST_F(HttpServerTest, AnswersFromTheLatestPost) {
  board_.post(status_in(StateChanged::State::kJoining));
  EXPECT_EQ(client().Get("/healthz")->status, 200);
  EXPECT_EQ(client().Get("/readyz")->status, 503);
  EXPECT_EQ(client().Get("/readyz")->body, "joining\n");
  board_.post(status_in(StateChanged::State::kActive));
  EXPECT_EQ(client().Get("/readyz")->status, 200);
  EXPECT_THAT(client().Get("/metrics")->body, HasSubstr("phyllo_state{state=\"active\"} 1"));
}

TEST_F(HttpServerTest, UnknownPathsAndMethodsAreRefused) {
  EXPECT_EQ(client().Get("/etc/passwd")->status, 404);
  EXPECT_EQ(client().Post("/healthz", "x", "text/plain")->status, 404);
}

TEST_F(HttpServerTest, LargeRequestIsRefused) {
  const auto answer = client().Post("/metrics", std::string(100'000, 'x'), "text/plain");
  EXPECT_TRUE(!answer || answer->status == 413) << answer->status;
}

TEST_F(HttpServerTest, SecondServerOnThePortIsAClearError) {
  const auto second = HttpServer::start({"127.0.0.1", server_->port()}, board_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message,
            "cannot listen on http://127.0.0.1:" + std::to_string(server_->port()) +
                ": Address already in use");
}

TEST_F(HttpServerTest, CallersThatSayNothingDoNotStopIt) {
  board_.post(status_in(StateChanged::State::kActive));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server_->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::vector<int> mute;
  for (int i = 0; i < 10; ++i) {
    mute.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(connect(mute.back(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  auto patient = client();
  patient.set_read_timeout(30);
  const auto answer = patient.Get("/metrics");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  for (const int fd : mute) close(fd);
}

TEST_F(HttpServerTest, StopsAtOnceWithConnectionsOpen) {
  auto lingering = client();
  lingering.set_keep_alive(true);
  EXPECT_TRUE(lingering.Get("/healthz"));
  server_.reset();
  EXPECT_FALSE(lingering.Get("/healthz"));
}

}  // namespace
}  // namespace phyllo::broker
