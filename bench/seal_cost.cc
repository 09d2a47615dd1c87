// What the seals of frames cost: checksums of headers and bodies, and a whole hop of a batch from
// broker to broker, as the receiver (who checks the body) and as the sender (who does not).

#include <benchmark/benchmark.h>

#include <string>

#include "base/checksum.h"
#include "base/payload.h"
#include "overlay/codec.h"

namespace phyllo {
namespace {

void checksum_of_bytes(benchmark::State& state) {
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(checksum(bytes));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(checksum_of_bytes)->Arg(100)->Arg(1 << 10)->Arg(64 << 10);

overlay::Direct batch_of(benchmark::State& state) {
  const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
  return {{std::string(80, 'h'), Payload::from(body).summed()}};
}

void send_batch(benchmark::State& state) {
  const overlay::Direct batch = batch_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(overlay::encode(batch));
}
BENCHMARK(send_batch)->Arg(100)->Arg(64 << 10);

void receive_batch(benchmark::State& state) {
  const overlay::Wire wire = overlay::encode(batch_of(state));
  for (auto _ : state) benchmark::DoNotOptimize(overlay::decode(wire));
}
BENCHMARK(receive_batch)->Arg(100)->Arg(64 << 10);

}  // namespace
}  // namespace phyllo

BENCHMARK_MAIN();
