#include "overlay/transport/body_frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace phyllo::overlay::transport {
namespace {

TEST(BodyFrame, SendingSharesThePayloadsBytes) {
  const Payload payload = Payload::from(std::string(100, 'x'));
  const zmq::message_t frame = frame_of(payload);
  EXPECT_EQ(frame.data(), payload.data());
}

TEST(BodyFrame, PayloadLivesAsLongAsTheFrame) {
  std::weak_ptr<const void> alive;
  {
    zmq::message_t frame;
    {
      const Payload payload = Payload::from("bytes");
      alive = payload.owner();
      frame = frame_of(payload);
    }
    EXPECT_FALSE(alive.expired());
    EXPECT_EQ(frame.to_string(), "bytes");
  }
  EXPECT_TRUE(alive.expired());
}

TEST(BodyFrame, LedgerHoldsTheBytesAsLongAsTheFrameLives) {
  const auto ledger = std::make_shared<SendLedger>();
  {
    const zmq::message_t one = frame_of(Payload::from("bytes"), ledger, 100);
    const zmq::message_t two = frame_of(Payload::from("more"), ledger, 20);
    EXPECT_EQ(ledger->bytes, 120u);
  }
  EXPECT_EQ(ledger->bytes, 0u);
}

TEST(BodyFrame, LargeReceivedFrameIsTakenOverWithoutCopying) {
  zmq::message_t frame(std::string(100'000, 'x'));
  const void* data = frame.data();
  const Payload payload = payload_of(std::move(frame));
  EXPECT_EQ(payload.data(), data);
  EXPECT_EQ(payload.size(), 100'000u);
}

TEST(BodyFrame, SmallReceivedFrameIsCopied) {
  zmq::message_t frame(std::string(100, 'x'));
  const void* data = frame.data();
  const Payload payload = payload_of(std::move(frame));
  EXPECT_NE(payload.data(), data);
  EXPECT_EQ(payload.view(), std::string(100, 'x'));
}

}  // namespace
}  // namespace phyllo::overlay::transport
