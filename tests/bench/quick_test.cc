// The whole comparison for a moment, with the systems that need no installation.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/processes/phyllod_process.h"

namespace phyllo::bench {
namespace {

using test::ChildProcess;
using test::ScratchFolder;

struct Compared {
  int status;
  nlohmann::json report;
  std::string text;
};

Compared compare(const std::vector<std::string>& arguments) {
  const ScratchFolder folder;
  std::vector<std::string> command{PHYLLO_BIN_DIR "/bench_compare"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  ChildProcess process(command, folder.path() / "output");
  const auto end = process.wait(std::chrono::minutes(3));
  const std::string text = test::text_of(folder.path() / "output");
  const std::size_t begin = text.find("\n{");
  auto report =
      nlohmann::json::parse(begin == std::string::npos ? "" : text.substr(begin), nullptr, false);
  return {end ? end->status : -1, std::move(report), text};
}

/// The cell of a system's row in the table of results.
nlohmann::json cell(const nlohmann::json& report, const std::string& system,
                    const std::string& column) {
  const auto& table = report["tables"][0];
  const auto& columns = table["columns"];
  const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
  for (const auto& row : table["rows"]) {
    if (row[1] == system) return row[static_cast<std::size_t>(at)];
  }
  return nullptr;
}

TEST(Comparison, MeasuresAsFastAsItGoes) {
  const Compared run = compare({"--quick", "--json"});
  ASSERT_EQ(run.status, 0) << run.text;
  EXPECT_TRUE(run.report["violations"].empty()) << run.text;
  for (const char* system : {"phyllo", "zeromq"}) {
    EXPECT_GT(cell(run.report, system, "deliveries/s"), 0) << system;
    EXPECT_GT(cell(run.report, system, "CPU ns per delivery"), 0) << system;
    EXPECT_GT(cell(run.report, system, "peak MiB"), 0) << system;
    EXPECT_TRUE(cell(run.report, system, "p99 µs").is_null()) << system;
  }
}

TEST(Comparison, MeasuresLatencyAtAPace) {
  const Compared run = compare({"--quick", "--json", "--workload", "w5", "--payload", "256"});
  ASSERT_EQ(run.status, 0) << run.text;
  EXPECT_EQ(run.report["tables"][0]["rows"].size(), 6u);
  for (const char* system : {"phyllo", "zeromq"}) {
    EXPECT_GT(cell(run.report, system, "p50 µs"), 0) << system;
    EXPECT_GE(cell(run.report, system, "p99 µs"), cell(run.report, system, "p50 µs")) << system;
  }
}

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

/// Whether a process runs that was given a file in this folder.
bool anybody_uses(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (test::text_of(entry.path() / "cmdline").find(folder.string() + "/phyllo-bench-") !=
        std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST(Comparison, LeavesNothingBehindWhenItIsStopped) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const ScratchFolder folder;
    const auto temporary = folder.path() / "tmp";
    std::filesystem::create_directory(temporary);
    ChildProcess process(
        {"/usr/bin/env", "TMPDIR=" + temporary.string(), PHYLLO_BIN_DIR "/bench_compare",
         "--systems", "phyllo", "--workload", "w5", "--milliseconds", "100000"},
        folder.path() / "output");
    ASSERT_TRUE(test::eventually([&] { return anybody_uses(temporary); }))
        << test::text_of(folder.path() / "output");
    for (int i = 0; i < 3; ++i) process.signal(signal);  // as an impatient user does
    const auto end = process.wait(std::chrono::seconds(30));
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, 128 + signal) << test::text_of(folder.path() / "output");
    EXPECT_EQ(files_in(temporary), 0u) << signal;
    EXPECT_FALSE(anybody_uses(temporary)) << signal;
  }
}

TEST(Comparison, CountsHowFastSubscriptionsComeAndGo) {
  const Compared run = compare({"--quick", "--json", "--workload", "w6", "--only", "idle subs"});
  ASSERT_EQ(run.status, 0) << run.text;
  EXPECT_GT(cell(run.report, "phyllo", "subscriptions/s"), 0);
  EXPECT_GT(cell(run.report, "phyllo", "unsubscriptions/s"), 0);
  EXPECT_TRUE(cell(run.report, "zeromq", "unsubscriptions/s").is_null()) << "nobody answers";
}

TEST(Comparison, RefusesWhatItDoesNotKnow) {
  EXPECT_NE(compare({"--workload", "w99"}).status, 0);
  EXPECT_NE(compare({"--quick", "--payload", "17"}).status, 0);
}

}  // namespace
}  // namespace phyllo::bench
