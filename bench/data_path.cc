// What the steps of a publication cost without any socket: a batch built and read, its frames
// written and read by each codec, the next hop of a key, and a whole broker that passes a batch on
// to its subscribers.

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/batch_body.h"
#include "broker/core/broker.h"
#include "broker/core/client_codec.h"
#include "multicast/codec.h"
#include "sim/ring/ring.h"

namespace phyllo {
namespace {

using namespace std::chrono_literals;
namespace client = broker::client;

constexpr std::size_t kBatchBytes = 64 << 10;
constexpr const char* kTopic = "sensors/temperature/12";

/// Messages of `size` bytes, as many as the SDK puts together.
multicast::Batch batch_of(std::size_t size, multicast::Sequence first = 1) {
  const std::string message(size, 'x');
  BatchBodyWriter writer;
  while (writer.empty() || writer.size() + size <= kBatchBytes) writer.append(message);
  const std::uint32_t count = writer.count();
  return {7, first, count, writer.take()};
}

void count_messages(benchmark::State& state, std::uint32_t each) {
  state.SetItemsProcessed(state.iterations() * each);
}

void build_batch(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const std::uint32_t messages = batch_of(size).count;
  for (auto _ : state) benchmark::DoNotOptimize(batch_of(size));
  count_messages(state, messages);
}
BENCHMARK(build_batch)->Arg(16)->Arg(128)->Arg(1024);

void read_batch(benchmark::State& state) {
  const multicast::Batch batch = batch_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    BatchBodyReader reader(batch.body.view());
    std::string_view message;
    while (reader.next(message)) benchmark::DoNotOptimize(message.data());
  }
  count_messages(state, batch.count);
}
BENCHMARK(read_batch)->Arg(16)->Arg(128)->Arg(1024);

void check_batch(benchmark::State& state) {
  const multicast::Batch batch = batch_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(check_batch_body(batch.body.view(), batch.count, 1 << 20));
  }
  count_messages(state, batch.count);
}
BENCHMARK(check_batch)->Arg(16)->Arg(128)->Arg(1024);

multicast::StreamBatch stream_batch() { return {{overlay::NodeId(7), 1, 1}, 1, batch_of(128)}; }

void encode_data(benchmark::State& state) {
  const multicast::Message data =
      multicast::Data{multicast::TopicId::of(*TopicName::parse(kTopic)), stream_batch()};
  for (auto _ : state) benchmark::DoNotOptimize(multicast::encode(data));
}
BENCHMARK(encode_data);

void decode_data(benchmark::State& state) {
  const overlay::AppMessage data = multicast::encode(
      multicast::Data{multicast::TopicId::of(*TopicName::parse(kTopic)), stream_batch()});
  for (auto _ : state) benchmark::DoNotOptimize(multicast::decode(data));
}
BENCHMARK(decode_data);

void encode_deliver(benchmark::State& state) {
  const client::BrokerFrame deliver = client::Deliver{1, stream_batch()};
  for (auto _ : state) benchmark::DoNotOptimize(client::encode_broker_frame(deliver));
}
BENCHMARK(encode_deliver);

void decode_publish(benchmark::State& state) {
  const overlay::Wire publish = client::encode_client_frame(client::Publish{kTopic, batch_of(128)});
  for (auto _ : state) benchmark::DoNotOptimize(client::decode_client_frame(publish));
}
BENCHMARK(decode_publish);

void next_hop(benchmark::State& state) {
  sim::Ring ring(
      {.plain = {.base = 10us, .across = 500us}, .keep = sim::RingMember::Keep::kNothing});
  ring.network().trace().keep(0);
  if (!ring.grow(static_cast<std::size_t>(state.range(0)))) state.SkipWithError("no ring");
  std::vector<overlay::Key> keys;
  for (int i = 0; i < 1000; ++i) keys.push_back(ring.random_key());
  const overlay::Node& node = ring.node(0);
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(node.next_hop(keys[next++ % keys.size()]));
}
BENCHMARK(next_hop)->Arg(8)->Arg(200);

/// A broker alone, with one program that publishes and many that subscribe, each to all topics.
class LoneBroker {
 public:
  explicit LoneBroker(std::size_t subscribers, std::size_t topics = 1) {
    for (std::size_t i = 0; i < topics; ++i) {
      topics_.push_back(kTopic + ("/" + std::to_string(i)));
    }
    broker_.start(now_, {}, effects_);
    connect(1);
    for (std::size_t i = 0; i < subscribers; ++i) {
      connect(2 + i);
      for (std::uint32_t t = 0; t < topics; ++t) {
        say(2 + i, client::Subscribe{t + 1, topics_[t], std::nullopt, std::uint64_t{1} << 60, 0});
      }
    }
    for (const Time end = now_ + 2s; broker_.next_tick() < end;) {
      now_ = broker_.next_tick();
      broker_.tick(now_, effects_);
    }
    effects_.clear();
  }

  /// To each topic in turn. How many frames it made of it.
  std::size_t publish(multicast::Batch batch) {
    const std::size_t turn = published_ / topics_.size();
    batch.publisher_first = turn * batch.count + 1;
    say(1, client::Publish{topics_[published_++ % topics_.size()], std::move(batch)});
    return std::exchange(effects_, {}).size();
  }

 private:
  void connect(broker::SessionId session) {
    broker_.client_connected(now_, session, effects_);
    say(session, client::Hello{client::kVersion, client::kVersion, "bench"});
  }
  void say(broker::SessionId session, const client::ClientFrame& frame) {
    broker_.client_message(now_, session, client::encode_client_frame(frame), effects_);
    broker_.flush(now_, effects_);
  }
  static broker::BrokerConfig config() {
    broker::BrokerConfig config;
    config.clients.heartbeat = config.clients.silence = 1h;
    return config;
  }
  static overlay::Contact self() {
    const auto endpoint = *overlay::Endpoint::parse("tcp://10.0.0.1:7400");
    return {overlay::NodeId(1), 0, {"r", endpoint, endpoint}};
  }

  Time now_{1s};
  broker::Effects effects_;
  broker::Broker broker_{config(), self(), 1};
  std::vector<std::string> topics_;
  std::size_t published_ = 0;
};

void fan_out(benchmark::State& state) {
  const auto subscribers = static_cast<std::size_t>(state.range(0));
  LoneBroker broker(subscribers);
  const multicast::Batch batch = batch_of(static_cast<std::size_t>(state.range(1)));
  std::size_t frames = 0;
  for (auto _ : state) frames = broker.publish(batch);
  if (frames < subscribers) state.SkipWithError("not everybody was served");
  count_messages(state, batch.count * static_cast<std::uint32_t>(subscribers));
}
BENCHMARK(fan_out)->ArgNames({"subscribers", "bytes"})->ArgsProduct({{1, 9, 100}, {16, 1024}});

/// Each batch is of another topic than the one before.
void many_topics(benchmark::State& state) {
  constexpr std::size_t kSubscribers = 4;
  LoneBroker broker(kSubscribers, static_cast<std::size_t>(state.range(0)));
  BatchBodyWriter writer;
  for (int i = 0; i < 2; ++i) writer.append(std::string(128, 'x'));
  const multicast::Batch batch{7, 1, 2, writer.take()};
  std::size_t frames = 0;
  for (auto _ : state) frames = broker.publish(batch);
  if (frames < kSubscribers) state.SkipWithError("not everybody was served");
  count_messages(state, batch.count * kSubscribers);
}
BENCHMARK(many_topics)->ArgName("topics")->Arg(1)->Arg(1000)->Arg(100'000);

}  // namespace
}  // namespace phyllo

BENCHMARK_MAIN();
