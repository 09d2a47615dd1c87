#include <algorithm>

#include "bench/compare/workload/workload.h"

namespace phyllo::bench {
namespace {

std::string size_text(std::size_t bytes) {
  return bytes < 1024 ? std::to_string(bytes) + " B" : std::to_string(bytes / 1024) + " KiB";
}

std::vector<Workload> table() {
  std::vector<Workload> rows;
  for (const std::size_t payload : {16, 128, 1024, 16 << 10, 64 << 10}) {
    rows.push_back(
        {.name = "w1", .what = "fan-out 1:9", .servers = 3, .subscribers = 9, .payload = payload});
  }
  for (const std::size_t payload : {16, 1024}) {
    rows.push_back({.name = "w2", .what = "pair", .payload = payload});
  }
  rows.push_back({.name = "w3", .what = "wide 1:64", .subscribers = 64, .crowd = 8});
  rows.push_back({.name = "w3", .what = "wide 1:1000", .subscribers = 1000, .crowd = 125});
  rows.push_back({.name = "w4",
                  .what = "1000 topics",
                  .servers = 3,
                  .publishers = 10,
                  .subscribers = 3,
                  .topics = 1000});
  for (const std::uint32_t rate : {1'000u, 10'000u, 50'000u}) {
    rows.push_back({.name = "w5",
                    .what = "latency 1:9",
                    .servers = 3,
                    .subscribers = 9,
                    .payload = 256,
                    .rate = rate,
                    .axis = Axis::kRate});
  }
  for (const Trouble trouble : {Trouble::kNone, Trouble::kStoppedSubscriber}) {
    rows.push_back({.name = "w7",
                    .what = trouble == Trouble::kNone ? "none stopped" : "one stopped for 5 s",
                    .servers = 3,
                    .subscribers = 9,
                    .rate = 10'000,
                    .extra_time = 5,
                    .trouble = trouble});
  }
  rows.push_back({.name = "w6",
                  .what = "200,000 idle subscriptions",
                  .publishers = 0,
                  .subscribers = 4,
                  .topics = 50'000,
                  .interest = Interest::kOwn});
  rows.push_back({.name = "w6",
                  .what = "2,000 idle clients",
                  .publishers = 0,
                  .subscribers = 2'000,
                  .crowd = 100,
                  .interest = Interest::kOwn});
  for (const std::size_t children_limit : {0, 2, 1}) {
    rows.push_back(
        {.name = "w9",
         .what = children_limit == 0
                     ? "8 servers, flat"
                     : "8 servers, at most " + std::to_string(children_limit) + " children each",
         .servers = 8,
         .subscribers = 8,
         .children_limit = children_limit});
  }
  return rows;
}

std::vector<Workload> growth_table() {
  std::vector<Workload> rows;
  for (const std::size_t subscribers : {1, 4, 16, 64, 250, 1000}) {
    rows.push_back({.name = "subscribers",
                    .what = "1:" + std::to_string(subscribers),
                    .subscribers = subscribers,
                    .crowd = (subscribers + 7) / 8,
                    .axis = Axis::kSubscribers});
  }
  for (const std::size_t topics : {1, 10, 100, 1'000, 10'000, 100'000}) {
    rows.push_back({.name = "topics",
                    .what = std::to_string(topics) + " topics, 1:4",
                    .subscribers = 4,
                    .topics = topics,
                    .axis = Axis::kTopics});
  }
  for (const std::size_t payload : {16, 64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10}) {
    rows.push_back({.name = "payloads", .what = "1:8", .subscribers = 8, .payload = payload});
  }
  return rows;
}

}  // namespace

std::string Workload::label() const {
  std::string text = name + " " + what;
  if (!idle()) text += ", " + size_text(payload);
  if (paced()) text += ", " + std::to_string(rate) + "/s";
  return text;
}

const std::vector<Workload>& catalogue() {
  static const std::vector<Workload> kRows = table();
  return kRows;
}

const std::vector<Workload>& growth() {
  static const std::vector<Workload> kRows = growth_table();
  return kRows;
}

std::vector<Workload> chosen(std::string_view name) {
  if (name == "all") return catalogue();
  if (name == "growth") return growth();
  std::vector<Workload> rows;
  for (const auto* table : {&catalogue(), &growth()}) {
    std::ranges::copy_if(*table, std::back_inserter(rows),
                         [&](const Workload& row) { return row.name == name; });
  }
  return rows;
}

}  // namespace phyllo::bench
