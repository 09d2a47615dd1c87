// How fast a ring of overlay nodes runs in virtual time, and what a node weighs:
//   bench_ring_scale [NODES [LOOKUPS [PROFILE [SEED]]]]
// The nodes join one by one through a random member, then messages go to random keys.

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "sim/ring/ring.h"

namespace {

using phyllo::sim::Ring;
using namespace std::chrono_literals;

/// A plane small enough that a join takes a few milliseconds of virtual time.
constexpr phyllo::sim::Plain kPlain{.base = 10us, .across = 500us};

struct Meter {
  explicit Meter(Ring& measured) : ring(measured) {}

  void print(const char* phase) {
    const double seconds = processor_time() - since;
    const auto run = static_cast<double>(ring.queue().events_run() - events);
    const auto sent = static_cast<double>(ring.network().messages_sent() - messages);
    const double total_rss = rss();
    std::printf(
        "%-8s %8.1f s %9.2f s virtual %12.0f events %12.0f messages %9.0f events/s "
        "%8.0f MB %7.1f kB/node\n",
        phase, seconds, std::chrono::duration<double>(ring.now().time_since_epoch()).count(), run,
        sent, run / seconds, total_rss / 1e6,
        total_rss / 1e3 / static_cast<double>(ring.size() == 0 ? 1 : ring.size()));
    std::fflush(stdout);
    since = processor_time();
    events = ring.queue().events_run();
    messages = ring.network().messages_sent();
  }

  /// Of this process, so that others on the machine do not count.
  static double processor_time() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
  }

  static double rss() {
    std::ifstream statm("/proc/self/statm");
    double size = 0;
    double resident = 0;
    statm >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
  }

  Ring& ring;
  double since = processor_time();
  std::uint64_t events = 0;
  std::uint64_t messages = 0;
};

bool join(Ring& ring, std::size_t nodes, Meter& meter) {
  for (int tenth = 1; tenth <= 10; ++tenth) {
    const std::size_t until = nodes * static_cast<std::size_t>(tenth) / 10;
    if (until > ring.size() && !ring.grow(until - ring.size())) return false;
    if (tenth == 1 || tenth == 5 || tenth == 10) {
      meter.print(("join " + std::to_string(until)).c_str());
    }
  }
  return true;
}

void look_up(Ring& ring, std::size_t lookups) {
  const auto members = ring.active();
  const std::size_t first = ring.routed().size();
  constexpr std::size_t kAtOnce = 1000;
  for (std::size_t i = 0; i < lookups; ++i) {
    ring.route(ring.pick(members), ring.random_key());
    if (i % kAtOnce == kAtOnce - 1) ring.run_for(5ms);
  }
  ring.run_for(1s);
  double hops = 0;
  double delivered = 0;
  for (std::size_t i = first; i < ring.routed().size(); ++i) {
    for (const auto& delivery : ring.routed()[i].deliveries) {
      hops += delivery.hops;
      ++delivered;
    }
  }
  std::printf("%.0f of %zu delivered, %.3f hops, digest %016llx\n", delivered, lookups,
              hops / delivered, static_cast<unsigned long long>(ring.queue().digest()));
}

std::size_t number(int argc, char** argv, int index, std::size_t usual) {
  return index < argc ? std::strtoull(argv[index], nullptr, 10) : usual;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t nodes = number(argc, argv, 1, 1000);
  const std::size_t lookups = number(argc, argv, 2, 2 * nodes);
  const auto timers = phyllo::overlay::Timers::named(argc > 3 ? argv[3] : "paper");
  if (nodes == 0 || !timers) {
    std::fprintf(stderr, "usage: bench_ring_scale [NODES [LOOKUPS [lan|wan|paper [SEED]]]]\n");
    return 2;
  }
  Ring ring({.seed = number(argc, argv, 4, 1),
             .node = {.timers = *timers},
             .plain = kPlain,
             .keep = phyllo::sim::RingMember::Keep::kNothing});
  ring.network().trace().keep(0);
  Meter meter(ring);
  if (!join(ring, nodes, meter)) {
    std::fprintf(stderr, "a node did not get in\n");
    return 1;
  }
  look_up(ring, lookups);
  meter.print("look up");
  return 0;
}
