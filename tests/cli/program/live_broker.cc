#include "tests/cli/program/live_broker.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "tests/cli/program/command.h"

namespace phyllo::cli {

namespace fs = std::filesystem;

TestFolder::TestFolder() {
  std::string pattern = (fs::temp_directory_path() / "phyllo-test.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TestFolder::~TestFolder() { fs::remove_all(path_); }

fs::path TestFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name) << text;
  return path_ / name;
}

LiveBroker::LiveBroker() {
  folder_.write("broker.yaml",
                "cluster: test\n"
                "node: {region: here}\n"
                "peers:\n"
                "  local: {listen: 'tcp://127.0.0.1:0'}\n"
                "  seeds: []\n"
                "clients: {listen: ['" +
                    endpoint() +
                    "']}\n"
                    "http: {listen: none}\n");
  start();
}

void LiveBroker::start() {
  const fs::path log = folder_.path() / "broker.log";
  auto started = ChildProcess::start(
      {PHYLLO_BIN_DIR "/phyllod", "--config", (folder_.path() / "broker.yaml").string()}, log);
  if (auto* const process = std::get_if<ChildProcess>(&started)) {
    process_.emplace(std::move(*process));
  }
  const CommandResult ping =
      phyllo({"ping", "--count", "1", "--wait", "30s", "--timeout", "30s", "-b", endpoint()});
  EXPECT_EQ(ping.status, 0) << ping.err << std::ifstream(log).rdbuf();
}

void LiveBroker::restart() {
  process_->send(SIGTERM);
  while (!process_->end()) std::this_thread::yield();
  start();
}

std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* const address = reinterpret_cast<sockaddr*>(&place);
  EXPECT_EQ(bind(fd, address, size), 0);
  EXPECT_EQ(getsockname(fd, address, &size), 0);
  close(fd);
  return ntohs(place.sin_port);
}

}  // namespace phyllo::cli
