#include "bench/compare/system/absent.h"
#include "bench/compare/system/phyllo.h"
#include "bench/compare/system/system.h"
#include "bench/compare/system/zeromq.h"
#ifdef PHYLLO_BENCH_NATS
#include "bench/compare/system/nats.h"
#endif
#ifdef PHYLLO_BENCH_REDIS
#include "bench/compare/system/redis.h"
#endif
#ifdef PHYLLO_BENCH_MOSQUITTO
#include "bench/compare/system/mosquitto.h"
#endif

namespace phyllo::bench {

std::vector<std::unique_ptr<System>> all_systems() {
  std::vector<std::unique_ptr<System>> systems;
  systems.push_back(phyllo_system());
#ifdef PHYLLO_BENCH_NATS
  systems.push_back(nats_system());
#else
  systems.push_back(absent_system("nats", "libnats"));
#endif
#ifdef PHYLLO_BENCH_REDIS
  systems.push_back(redis_system());
#else
  systems.push_back(absent_system("redis", "hiredis"));
#endif
#ifdef PHYLLO_BENCH_MOSQUITTO
  systems.push_back(mosquitto_system());
#else
  systems.push_back(absent_system("mosquitto", "libmosquitto"));
#endif
  systems.push_back(zeromq_system());
  return systems;
}

std::string topic_name(std::size_t topic, char separator) {
  return std::string("bench") + separator + 't' + std::to_string(topic);
}

}  // namespace phyllo::bench
