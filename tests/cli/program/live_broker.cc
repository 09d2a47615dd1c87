#include "tests/cli/program/live_broker.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "tests/cli/program/command.h"

namespace phyllo::cli {

LiveBroker::LiveBroker() { start(); }

void LiveBroker::start() {
  process_.emplace(folder_.path(), "broker",
                   "cluster: test\n"
                   "node: {region: here}\n"
                   "peers:\n"
                   "  local: {listen: 'tcp://127.0.0.1:0'}\n"
                   "  seeds: []\n"
                   "clients: {listen: ['" +
                       endpoint() +
                       "']}\n"
                       "http: {listen: none}\n");
  const CommandResult ping =
      phyllo({"ping", "--count", "1", "--wait", "30s", "--timeout", "30s", "-b", endpoint()});
  EXPECT_EQ(ping.status, 0) << ping.err << process_->log();
}

void LiveBroker::restart() {
  process_->signal(SIGTERM);
  EXPECT_EQ(process_->exit_status(), 0) << process_->log();
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
