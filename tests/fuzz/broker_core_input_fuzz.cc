// A whole broker that strangers, peers and programs say anything to, in any order, while time goes
// on: it never stops, and what it keeps stays within its limits.
//
// Input: a sequence of steps, each one byte that says what happens and to whom, two bytes of length
// (least significant first), and so many bytes of what is said. Without the byte's highest bit,
// what is said gets a seal.

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/seal.h"
#include "broker/core/broker.h"
#include "broker/core/client_codec.h"
#include "overlay/codec.h"

namespace {

using namespace phyllo;
using broker::Broker;
using broker::Effects;

constexpr std::size_t kMaximumSteps = 2'000;

broker::BrokerConfig config() {
  broker::BrokerConfig config;
  config.clients.clients = 4;
  config.clients.subscriptions_per_client = 8;
  config.clients.subscriptions = 16;
  config.clients.publish_window_bytes = 4'096;
  config.clients.message_bytes = 4'096;
  config.clients.queue_bytes = 4'096;
  config.clients.queue_bytes_maximum = 8'192;
  config.multicast.ingress_bytes_per_topic = 2'048;
  config.multicast.ingress_bytes = 8'192;
  config.overlay.buffer_bytes = 64 << 10;
  return config;
}

overlay::Contact contact(std::uint64_t number) {
  const auto endpoint =
      *overlay::Endpoint::parse("tcp://10.0.0." + std::to_string(number) + ":7400");
  return {
      overlay::NodeId((overlay::Uint128{number} << 120) | number), 0, {"r", endpoint, endpoint}};
}

/// Takes the input apart.
class Script {
 public:
  explicit Script(std::string_view bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::string text() {
    std::size_t length = byte();
    length += 256u * byte();
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return std::string(taken);
  }

 private:
  std::string_view rest_;
};

/// Header and body in one: the first byte is the header's length.
overlay::Wire split(const std::string& text) {
  if (text.empty()) return {};
  const std::size_t header = static_cast<std::uint8_t>(text[0]);
  const std::string rest = text.substr(1);
  return {rest.substr(0, std::min(header, rest.size())),
          Payload::from(rest.substr(std::min(header, rest.size())))};
}

overlay::Wire sealed(overlay::Wire wire) {
  seal(wire.header, wire.body);
  return wire;
}

class Play {
 public:
  Play() : broker_(config(), contact(1), 1) { broker_.start(now_, {}, effects_); }

  void step(Script& script) {
    const std::uint8_t what = script.byte();
    const std::uint64_t who = 1 + what / 16 % 4;
    const std::string said = script.text();
    const overlay::Wire wire = what < 128 ? sealed(split(said)) : split(said);
    switch (what % 16) {
      case 0:
        broker_.client_connected(now_, who, effects_);
        break;
      case 1: {
        broker_.client_connected(now_, who, effects_);
        const auto hello = broker::client::encode_client_frame(broker::client::Hello{2, 2, ""});
        broker_.client_message(now_, who, hello, effects_);
        break;
      }
      case 2:
      case 3:
      case 4:
        broker_.client_message(now_, who, wire, effects_);
        break;
      case 5:
        broker_.client_gone(now_, who, effects_);
        break;
      case 6:
        broker_.peer_message(now_, contact(1 + who), wire, effects_);
        break;
      case 7:
      case 8:
        // Past the overlay's codec, so that the forest's has something to do.
        broker_.peer_message(now_, contact(1 + who), overlay::encode(overlay::Direct{split(said)}),
                             effects_);
        break;
      case 9:
        broker_.peer_disconnected(now_, contact(1 + who).id(), effects_);
        break;
      case 10:
        broker_.dialed(now_, contact(1 + who).place().local, contact(1 + who), effects_);
        break;
      case 11:
        broker_.flush(now_, effects_);
        break;
      case 12:
        pass(std::chrono::milliseconds(10 * said.size()));
        break;
      case 13:
        pass(std::chrono::milliseconds(500));
        break;
      case 14:
        if (said == "drain") broker_.drain(now_, effects_);
        break;
      default:
        break;
    }
    effects_.clear();
  }

  void pass(Duration duration) {
    const Time end = now_ + duration;
    for (int ticks = 0; ticks < 1'000 && broker_.next_tick() <= end; ++ticks) {
      now_ = std::max(now_, broker_.next_tick());
      broker_.tick(now_, effects_);
      effects_.clear();
    }
    now_ = end;
  }

  void check_bounds() const {
    const auto stats = broker_.stats();
    PHYLLO_CHECK(stats.clients.clients <= 4);
    PHYLLO_CHECK(stats.clients.subscriptions <= 16);
    PHYLLO_CHECK(stats.clients.queue_bytes <= 16 * (2 * 16'384 + 8'192));
    PHYLLO_CHECK(stats.clients.unacknowledged_bytes <= 4 * (70'000 + 4'096));
    PHYLLO_CHECK(stats.multicast.ingress_bytes <= 8'192);
  }

 private:
  Time now_{std::chrono::seconds(1)};
  Effects effects_;
  Broker broker_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  [[maybe_unused]] static const auto kQuiet = google::protobuf::SetLogHandler(nullptr);
  Script script({reinterpret_cast<const char*>(data), size});
  Play play;
  for (std::size_t i = 0; i < kMaximumSteps && !script.empty(); ++i) play.step(script);
  play.check_bounds();
  play.pass(std::chrono::seconds(30));
  play.check_bounds();
  return 0;
}
