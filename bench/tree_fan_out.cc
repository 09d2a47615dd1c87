// What it costs a broker to pass one batch on to the brokers below it in the tree, without any
// socket: bytes of a program in, bytes for every child out. By the number of children, of topics
// that take turns, and by the size of the batch.

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/batch_body.h"
#include "broker/core/broker.h"
#include "broker/core/client_codec.h"
#include "multicast/codec.h"
#include "overlay/codec.h"

namespace phyllo {
namespace {

using namespace std::chrono_literals;
namespace client = broker::client;

constexpr std::size_t kMessageBytes = 128;

std::string name_of(std::size_t topic) { return "sensors/temperature/" + std::to_string(topic); }

overlay::Contact contact(std::uint64_t number) {
  const auto endpoint =
      *overlay::Endpoint::parse("tcp://10.0.0.1:" + std::to_string(10'000 + number));
  return {overlay::NodeId(number), 0, {"r", endpoint, endpoint}};
}

/// A broker alone in its ring, root of all topics, with brokers below it and one program that
/// publishes.
class Root {
 public:
  Root(std::size_t topics, std::size_t children) : next_(topics, 1) {
    broker_.start(now_, {}, effects_);
    broker_.client_connected(now_, kProgram, effects_);
    say(client::Hello{client::kVersion, client::kVersion, "bench"});
    for (std::size_t topic = 0; topic < topics; ++topic) {
      for (std::size_t child = 0; child < children; ++child) graft(topic, child);
    }
    for (const Time end = now_ + 2s; broker_.next_tick() < end;) {
      now_ = broker_.next_tick();
      broker_.tick(now_, effects_);
    }
    effects_.clear();
  }

  /// How many frames it made of it.
  std::size_t publish(std::size_t topic, multicast::Batch batch) {
    batch.publisher_first = next_[topic];
    next_[topic] += batch.count;
    say(client::Publish{name_of(topic), std::move(batch)});
    const std::size_t frames = effects_.size();
    effects_.clear();
    return frames;
  }

 private:
  static constexpr broker::SessionId kProgram = 1;

  void graft(std::size_t topic, std::size_t child) {
    const multicast::Graft graft{*TopicName::parse(name_of(topic)), 1, 1};
    broker_.peer_message(now_, contact(2 + child),
                         overlay::encode(overlay::Direct{multicast::encode(graft)}), effects_);
  }
  void say(const client::ClientFrame& frame) {
    broker_.client_message(now_, kProgram, client::encode_client_frame(frame), effects_);
    broker_.flush(now_, effects_);
  }
  static broker::BrokerConfig config() {
    broker::BrokerConfig config;
    config.clients.heartbeat = config.clients.silence = 1h;
    config.multicast.child_timeout = 1h;
    return config;
  }

  Time now_{1s};
  broker::Effects effects_;
  broker::Broker broker_{config(), contact(1), 1};
  std::vector<multicast::Sequence> next_;
};

multicast::Batch batch_of(std::size_t bytes) {
  const std::string message(kMessageBytes, 'x');
  BatchBodyWriter writer;
  while (writer.empty() || writer.size() + kMessageBytes <= bytes) writer.append(message);
  const std::uint32_t count = writer.count();
  return {7, 1, count, writer.take()};
}

void tree_fan_out(benchmark::State& state) {
  const auto children = static_cast<std::size_t>(state.range(0));
  const auto topics = static_cast<std::size_t>(state.range(1));
  Root root(topics, children);
  const multicast::Batch batch = batch_of(static_cast<std::size_t>(state.range(2)));
  std::size_t frames = 0;
  std::size_t topic = 0;
  for (auto _ : state) frames = root.publish(topic++ % topics, batch);
  if (frames < children) state.SkipWithError("not every child was served");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(children));
}
BENCHMARK(tree_fan_out)
    ->ArgNames({"children", "topics", "bytes"})
    ->ArgsProduct({{1, 2, 4, 8, 16, 32, 64}, {1, 1000}, {128, 64 << 10}});

}  // namespace
}  // namespace phyllo

BENCHMARK_MAIN();
