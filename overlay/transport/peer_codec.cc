#include "overlay/transport/peer_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <limits>
#include <utility>

#include "base/check.h"
#include "base/seal.h"
#include "overlay/contact_codec.h"
#include "phyllo/v1/peer.pb.h"

namespace phyllo::overlay::transport {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

constexpr std::size_t kMaxText = 256;

Error malformed(std::string what) { return Error{ErrorCode::kMalformed, std::move(what)}; }

std::string cut(std::string text) {
  if (text.size() > kMaxText) text.resize(kMaxText);
  return text;
}

void write(const Hello& hello, v1::PeerFrame& out) {
  auto& wire = *out.mutable_hello();
  wire.set_magic(hello.magic);
  wire.set_min_version(hello.min_version);
  wire.set_max_version(hello.max_version);
  wire.set_cluster(hello.cluster);
  if (hello.sender) overlay::encode(*hello.sender, *wire.mutable_sender());
  if (hello.receiver) wire.set_receiver(hello.receiver->bytes());
}

void write(const Welcome& welcome, v1::PeerFrame& out) {
  out.mutable_welcome()->set_version(welcome.version);
  overlay::encode(welcome.receiver, *out.mutable_welcome()->mutable_receiver());
}

void write(const Refusal& refusal, v1::PeerFrame& out) {
  out.mutable_refused()->set_code(refusal.code);
  out.mutable_refused()->set_message(refusal.message);
}

void write(const Bye& bye, v1::PeerFrame& out) { out.mutable_bye()->set_reason(bye.reason); }

void write(const Message& message, v1::PeerFrame& out) { out.set_message(message.header); }

Result<Frame> read(const v1::PeerHello& wire) {
  Hello hello{wire.magic(), wire.min_version(), wire.max_version(), cut(wire.cluster()), {}, {}};
  // Another version may say the rest in another way; what it needs to be refused is read.
  if (hello.magic != kMagic || hello.min_version > kMaxVersion || hello.max_version < kMinVersion) {
    return Frame(std::move(hello));
  }
  auto sender = overlay::decode(wire.sender());
  if (!sender) return sender.error();
  hello.sender = *std::move(sender);
  if (!wire.receiver().empty()) {
    hello.receiver = NodeId::from_bytes(wire.receiver());
    if (!hello.receiver) return malformed("a node id that is not 16 bytes");
  }
  return Frame(std::move(hello));
}

Result<Frame> read(const v1::PeerWelcome& wire) {
  auto receiver = overlay::decode(wire.receiver());
  if (!receiver) return receiver.error();
  return Frame(Welcome{wire.version(), *std::move(receiver)});
}

Result<Frame> read(v1::PeerFrame& wire) {
  switch (wire.kind_case()) {
    case v1::PeerFrame::kHello:
      return read(wire.hello());
    case v1::PeerFrame::kWelcome:
      return read(wire.welcome());
    case v1::PeerFrame::kRefused:
      return Frame(Refusal{cut(wire.refused().code()), cut(wire.refused().message())});
    case v1::PeerFrame::kBye:
      return Frame(Bye{cut(wire.bye().reason())});
    case v1::PeerFrame::kMessage:
      return Frame(Message{std::move(*wire.mutable_message())});
    case v1::PeerFrame::KIND_NOT_SET:
      break;
  }
  return malformed("a frame of no known kind");
}

/// Version 1 knew no seals; what it says about versions is heard all the same.
bool from_other_version(const v1::PeerFrame& wire) {
  if (wire.has_refused()) return wire.refused().code() == kRefusedVersion;
  if (!wire.has_hello()) return false;
  const v1::PeerHello& hello = wire.hello();
  return hello.magic() != kMagic || hello.min_version() > kMaxVersion ||
         hello.max_version() < kMinVersion;
}

Outcome check_seal(std::string_view bytes, const v1::PeerFrame& wire) {
  if (!has_seal(bytes)) {
    if (from_other_version(wire)) return Done{};
    return malformed("a frame without a checksum at its end");
  }
  Payload no_body;
  if (auto opened = unseal(bytes, no_body); !opened) return opened.error();
  return Done{};
}

constexpr std::uint32_t kMessageTag = WireFormatLite::MakeTag(
    v1::PeerFrame::kMessageFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);

}  // namespace

std::string encode(const Frame& frame) {
  v1::PeerFrame wire;
  std::visit([&](const auto& kind) { write(kind, wire); }, frame);
  std::string bytes = wire.SerializeAsString();
  if (!std::holds_alternative<Message>(frame)) seal(bytes, {});
  return bytes;
}

Result<Frame> decode(std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<int>::max()) return malformed("a frame over 2 GiB");
  v1::PeerFrame wire;
  if (!wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return malformed("bytes that are not a PeerFrame");
  }
  if (!wire.has_message()) {
    if (auto sound = check_seal(bytes, wire); !sound) return sound.error();
  }
  return read(wire);
}

std::size_t message_frame_size(std::string_view header) {
  PHYLLO_CHECK(header.size() <= std::numeric_limits<std::uint32_t>::max());
  const auto length = static_cast<std::uint32_t>(header.size());
  return CodedOutputStream::VarintSize32(kMessageTag) + CodedOutputStream::VarintSize32(length) +
         header.size();
}

void write_message_frame(std::string_view header, char* out) {
  auto* at = reinterpret_cast<std::uint8_t*>(out);
  at = CodedOutputStream::WriteVarint32ToArray(kMessageTag, at);
  at = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(header.size()), at);
  CodedOutputStream::WriteRawToArray(header.data(), static_cast<int>(header.size()), at);
}

}  // namespace phyllo::overlay::transport
