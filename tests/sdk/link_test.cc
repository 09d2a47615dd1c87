// A connection on the program's own threads, which take the program's signals.

#include "sdk/src/link.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <utility>

#include "sdk/src/codec.h"
#include "tests/sdk/fake_broker.h"

namespace {

/// So many of this thread's next calls end as if a signal had come.
thread_local int interrupted_polls = 0;

}  // namespace

/// ZeroMQ's way to look whether its own threads have something to say.
extern "C" int poll(pollfd* items, nfds_t count, int milliseconds) {
  if (interrupted_polls > 0) {
    --interrupted_polls;
    errno = EINTR;
    return -1;
  }
  const timespec wait{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
  return ::ppoll(items, count, milliseconds < 0 ? nullptr : &wait, nullptr);
}

namespace phyllo::internal {
namespace {

using namespace std::chrono_literals;
using test::FakeBroker;
using Frame = v1::ClientFrame;

class LinkTest : public testing::Test {
 protected:
  void send(std::string header) {
    Outgoing message{std::move(header), {}};
    EXPECT_TRUE(link_.send(message));
  }
  /// A signal while ZeroMQ looks.
  static void interrupt() { interrupted_polls = 1; }
  /// It came, and did no harm.
  void expect_unharmed() {
    EXPECT_EQ(std::exchange(interrupted_polls, 0), 0) << "ZeroMQ did not look";
    const auto why = link_.broken();
    EXPECT_FALSE(why) << *why;
  }

  FakeBroker broker_;
  Link link_{broker_.endpoint(), Family::kIPv4, {64 << 20, 10'000ms}};
};

TEST_F(LinkTest, SendsThoughASignalComes) {
  interrupt();
  send(encode_hello("test"));
  expect_unharmed();
  EXPECT_TRUE(broker_.wait_for(Frame::kHello));
}

TEST_F(LinkTest, ReceivesThoughASignalComes) {
  interrupt();
  EXPECT_FALSE(link_.receive());
  expect_unharmed();
  send(encode_hello("test"));
  pollfd readable{link_.socket_fd(), POLLIN, 0};
  while (!link_.receive()) ASSERT_EQ(::ppoll(&readable, 1, nullptr, nullptr), 1);
}

TEST_F(LinkTest, AsksWhatASendTookTheSignalOfThoughASignalComes) {
  send(encode_hello("test"));
  interrupt();
  link_.settled(ZMQ_POLLIN);
  expect_unharmed();
}

TEST_F(LinkTest, GivesUpWhereZeroMqIsOfNoUseAnyMore) {
  interrupted_polls = 1'000'000;
  EXPECT_FALSE(link_.receive());
  interrupted_polls = 0;
  EXPECT_TRUE(link_.broken());
}

TEST_F(LinkTest, WatchesTheConnectionThoughASignalComes) {
  interrupt();
  const auto why = link_.broken();
  EXPECT_FALSE(why) << *why;
  expect_unharmed();
}

}  // namespace
}  // namespace phyllo::internal
