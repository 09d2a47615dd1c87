// Hostile brokers: whatever two of them send, in whatever order, the client's protocol side
// survives it, also while it moves from one to the other.
//
// The input is a script: each step is a byte that chooses what happens, a length, and that many
// bytes, which get a seal unless the byte says otherwise.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/seal.h"
#include "sdk/src/session.h"

namespace {

using namespace phyllo;
using namespace phyllo::internal;

/// Reads the script; yields zeros at its end.
class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}
  bool done() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::string_view bytes(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

/// A client without its threads.
struct World {
  std::shared_ptr<Waker> waker = std::make_shared<Waker>();
  std::shared_ptr<Outbox> outbox =
      std::make_shared<Outbox>(Outbox::Limits{1 << 20, 1 << 20}, 1, waker);
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>(waker);
  std::shared_ptr<Dispatcher> dispatcher = std::make_shared<Dispatcher>(waker);
  std::shared_ptr<Events> events = std::make_shared<Events>(ClientOptions(), dispatcher);
  Session session{
      {"fuzz", std::chrono::seconds(1), Session::Brokers::kSeveral},
      {outbox, events, std::make_shared<ConnectionState>(), std::make_shared<Counters>()}};
  Instant now{};
  std::array<bool, kSlots.size()> open{};

  bool& is_open(Slot slot) { return open[static_cast<std::size_t>(slot)]; }

  std::shared_ptr<Feed> subscribe(std::uint32_t id) {
    Feed::Setup setup;
    setup.id = id;
    setup.topic = "t";
    auto feed = std::make_shared<Feed>(std::move(setup), mailbox, dispatcher, events);
    session.command(now, Join{feed});
    return feed;
  }

  void settle() {
    session.tick(now);
    for (Command& command : mailbox->take_all()) session.command(now, std::move(command));
    for (const Slot slot : kSlots) {
      while (is_open(slot) && session.next_outgoing(now, slot)) continue;
      if (!is_open(slot) || !session.ending(slot)) continue;
      session.closed(now, slot);
      is_open(slot) = false;
    }
    connect();
  }
  void connect() {
    if (std::exchange(is_open(session.main()), true)) return;
    session.opened(now, session.main(), "tcp://here:1");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script(data, size);
  World world;
  const auto first = world.subscribe(1);
  const auto second = world.subscribe(2);
  const auto channel = *world.outbox->channel("t");
  world.connect();
  while (!script.done()) {
    const std::uint8_t what = script.byte();
    std::string header(script.bytes(script.byte()));
    std::optional<Payload> body;
    if ((what & 1) != 0) body = Payload::copy_of(script.bytes(script.byte()));
    if ((what & 64) == 0) seal(header, body.value_or(Payload()));
    const Slot slot = (what & 32) != 0 ? Slot::kSecond : Slot::kFirst;
    if (world.is_open(slot)) world.session.received(world.now, slot, header, body);
    if ((what & 2) != 0) world.outbox->publish(*channel, header, std::chrono::milliseconds(0));
    if ((what & 4) != 0) first->next(std::chrono::milliseconds(0));
    if ((what & 8) != 0) world.now += std::chrono::milliseconds(100);
    if ((what & 16) != 0 && world.is_open(slot)) world.session.broken(slot, "fuzz");
    world.settle();
  }
  world.session.give_up(Status(StatusCode::kClosed, ""));
  world.dispatcher->stop(world.now);
  return 0;
}
