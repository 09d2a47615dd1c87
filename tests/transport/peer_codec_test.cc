#include "overlay/transport/peer_codec.h"

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "phyllo/v1/peer.pb.h"
#include "tests/support/sealed.h"
#include "tests/transport/station.h"

namespace phyllo::overlay::transport {
namespace {

using phyllo::test::sealed;

/// protobuf would otherwise print a line for each malformed string.
[[maybe_unused]] google::protobuf::LogHandler* const kQuiet =
    google::protobuf::SetLogHandler(nullptr);

Contact somebody() {
  return Contact(node(1), 7,
                 Place{"eu-west", endpoint("tcp://10.0.0.1:7400"), endpoint("tcp://h.example:1")});
}

TEST(PeerCodec, HelloSurvivesTheWire) {
  Hello hello;
  hello.cluster = "test";
  hello.sender = somebody();
  hello.receiver = node(2);
  const auto frame = decode(encode(hello));
  ASSERT_TRUE(frame.ok());
  const auto& read = std::get<Hello>(*frame);
  EXPECT_EQ(read.magic, kMagic);
  EXPECT_EQ(read.min_version, kMinVersion);
  EXPECT_EQ(read.max_version, kMaxVersion);
  EXPECT_EQ(read.cluster, "test");
  EXPECT_EQ(read.sender, somebody());
  EXPECT_EQ(read.receiver, node(2));
}

TEST(PeerCodec, AnswersSurviveTheWire) {
  const auto welcome = decode(encode(Welcome{1, somebody()}));
  EXPECT_EQ(std::get<Welcome>(*welcome).receiver, somebody());
  const auto refusal = decode(encode(Refusal{"code", "text"}));
  EXPECT_EQ(std::get<Refusal>(*refusal).code, "code");
  EXPECT_EQ(std::get<Refusal>(*refusal).message, "text");
  const auto bye = decode(encode(Bye{"why"}));
  EXPECT_EQ(std::get<Bye>(*bye).reason, "why");
}

RC_GTEST_PROP(PeerCodec, FastPathWritesWhatProtobufWould, (const std::string& header)) {
  std::string written(message_frame_size(header), '?');
  write_message_frame(header, written.data());
  RC_ASSERT(written == encode(Message{header}));
  const auto read = decode(written);
  RC_ASSERT(read.ok());
  RC_ASSERT(std::get<Message>(*read).header == header);
}

RC_GTEST_PROP(PeerCodec, RandomBytesNeverDoHarm, (const std::string& bytes)) {
  const auto frame = decode(bytes);
  if (!frame) RC_ASSERT(frame.error().code == ErrorCode::kMalformed);
  const auto behind_the_seal = decode(sealed(bytes));
  if (!behind_the_seal) RC_ASSERT(behind_the_seal.error().code == ErrorCode::kMalformed);
}

TEST(PeerCodec, TellsEveryAlteredBitOfAFrameOfItsOwn) {
  Hello hello;
  hello.cluster = "test";
  hello.sender = somebody();
  for (const Frame& frame : {Frame(hello), Frame(Welcome{2, somebody()}),
                             Frame(Refusal{"cluster", "text"}), Frame(Bye{"why"})}) {
    const std::string sent = encode(frame);
    ASSERT_TRUE(decode(sent).ok());
    for (std::size_t bit = 0; bit < 8 * sent.size(); ++bit) {
      std::string came = sent;
      came[bit / 8] ^= static_cast<char>(1 << bit % 8);
      const auto read = decode(came);
      // A message is sealed inside.
      EXPECT_TRUE(!read || std::holds_alternative<Message>(*read)) << bit;
    }
  }
}

TEST(PeerCodec, HearsWhatVersionOneSaysOfVersionsThoughItKnowsNoSeals) {
  v1::PeerFrame wire;
  wire.mutable_refused()->set_code(kRefusedVersion);
  EXPECT_TRUE(decode(wire.SerializeAsString()).ok());
  wire.mutable_refused()->set_code(kRefusedCluster);
  EXPECT_FALSE(decode(wire.SerializeAsString()).ok());
  wire.mutable_hello()->set_magic(std::string(kMagic));
  wire.mutable_hello()->set_max_version(1);
  EXPECT_TRUE(decode(wire.SerializeAsString()).ok());
  wire.mutable_hello()->set_max_version(kMaxVersion);
  EXPECT_FALSE(decode(wire.SerializeAsString()).ok());
  wire.mutable_bye();
  EXPECT_FALSE(decode(wire.SerializeAsString()).ok());
}

RC_GTEST_PROP(PeerCodec, CutAndChangedFramesNeverDoHarm, ()) {
  Hello hello;
  hello.cluster = "test";
  hello.sender = somebody();
  std::string bytes = encode(hello);
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  if (!bytes.empty()) {
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  }
  const auto frame = decode(bytes);
  RC_TAG(frame.ok() ? "decodes" : "malformed");
}

TEST(PeerCodec, FrameOfNoKindIsMalformed) {
  EXPECT_FALSE(decode("").ok());
  EXPECT_FALSE(decode("\xff\xff").ok());
}

TEST(PeerCodec, SenderThatCannotBeIsMalformed) {
  v1::PeerFrame wire;
  auto& hello = *wire.mutable_hello();
  hello.set_magic("PHYLLO");
  hello.set_min_version(kMinVersion);
  hello.set_max_version(kMaxVersion);
  hello.mutable_sender()->set_id(std::string(16, 'x'));
  EXPECT_TRUE(decode(sealed(wire.SerializeAsString())).ok());

  auto wrong = wire;
  wrong.mutable_hello()->mutable_sender()->set_id("short");
  EXPECT_FALSE(decode(sealed(wrong.SerializeAsString())).ok());
  wrong = wire;
  wrong.mutable_hello()->mutable_sender()->set_local_endpoint("udp://nonsense");
  EXPECT_FALSE(decode(sealed(wrong.SerializeAsString())).ok());
  wrong = wire;
  wrong.mutable_hello()->set_receiver("short");
  EXPECT_FALSE(decode(sealed(wrong.SerializeAsString())).ok());
}

TEST(PeerCodec, OverlongTextsAreCut) {
  const auto refusal = decode(encode(Refusal{"code", std::string(10'000, 'x')}));
  EXPECT_EQ(std::get<Refusal>(*refusal).message.size(), 256u);
}

}  // namespace
}  // namespace phyllo::overlay::transport
