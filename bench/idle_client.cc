// What an idle program costs its broker: memory of the process for each of many connections that
// have said one thing and are silent since. First of a bare ROUTER socket of libzmq, which keeps
// nothing of ours, then of a broker's sessions alone, without sockets.

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/core/broker.h"
#include "broker/core/client_codec.h"

namespace phyllo {
namespace {

using namespace std::chrono_literals;
namespace client = broker::client;

constexpr std::size_t kClients = 2000;

struct Memory {
  double heap = 0;      ///< asked for and not given back
  double resident = 0;  ///< of the process

  static Memory now() {
    const struct mallinfo2 info = mallinfo2();
    std::ifstream statm("/proc/self/statm");
    double size = 0;
    double pages = 0;
    statm >> size >> pages;
    return {static_cast<double>(info.uordblks + info.hblkhd),
            pages * static_cast<double>(::sysconf(_SC_PAGESIZE))};
  }
};

void report(const char* what, const Memory& before) {
  const Memory after = Memory::now();
  std::printf("%-28s %8.0f B asked for, %8.0f B resident\n", what,
              (after.heap - before.heap) / kClients, (after.resident - before.resident) / kClients);
}

/// In a process of its own: what that keeps of its sockets is not to be counted.
[[noreturn]] void connect_clients(const std::string& endpoint) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  zmq::context_t context(1);
  context.set(zmq::ctxopt::max_sockets, static_cast<int>(kClients) + 10);
  std::vector<zmq::socket_t> sockets;
  for (std::size_t i = 0; i < kClients; ++i) {
    sockets.emplace_back(context, zmq::socket_type::dealer).connect(endpoint);
    sockets.back().send(zmq::str_buffer("hello"), zmq::send_flags::none);
  }
  while (true) ::pause();
}

/// Forks before there is a context, whose threads the child would not have.
void measure_router() {
  int where[2];
  if (::pipe(where) != 0) return;
  const pid_t clients = ::fork();
  if (clients == 0) {
    char endpoint[64] = {};
    if (::read(where[0], endpoint, sizeof endpoint - 1) <= 0) ::_exit(1);
    connect_clients(endpoint);
  }
  zmq::context_t context(1);
  zmq::socket_t router(context, zmq::socket_type::router);
  router.bind("tcp://127.0.0.1:*");
  const Memory before = Memory::now();
  const std::string endpoint = router.get(zmq::sockopt::last_endpoint);
  if (::write(where[1], endpoint.c_str(), endpoint.size()) < 0) return;
  for (std::size_t i = 0; i < kClients; ++i) {
    zmq::message_t frame;
    do {
      if (!router.recv(frame)) return;
    } while (frame.more());
  }
  report("a bare socket of libzmq", before);
  ::kill(clients, SIGKILL);
  ::waitpid(clients, nullptr, 0);
}

void measure_sessions() {
  const auto endpoint = *overlay::Endpoint::parse("tcp://10.0.0.1:7400");
  Time now{1s};
  broker::Broker broker({}, {overlay::NodeId(1), 1, {"r", endpoint, endpoint}}, 1);
  broker::Effects effects;
  broker.start(now, {}, effects);
  const auto say = [&](broker::SessionId session, const client::ClientFrame& frame) {
    broker.client_message(now, session, client::encode_client_frame(frame), effects);
    broker.flush(now, effects);
    effects.clear();
  };
  say(1, client::Hello{client::kVersion, client::kVersion, "bench"});
  const Memory before = Memory::now();
  for (broker::SessionId session = 2; session < 2 + kClients; ++session) {
    broker.client_connected(now, session, effects);
    say(session, client::Hello{client::kVersion, client::kVersion, "bench"});
    say(session, client::Subscribe{1, "bench/topic", std::nullopt, 1 << 20, 0});
  }
  report("a broker's session", before);
}

}  // namespace
}  // namespace phyllo

int main() {
  // Both ends of each connection, and the clients' mailboxes.
  const rlimit files{4 * phyllo::kClients, 4 * phyllo::kClients};
  ::setrlimit(RLIMIT_NOFILE, &files);
  phyllo::measure_router();
  phyllo::measure_sessions();
  return 0;
}
