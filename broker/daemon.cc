#include "broker/daemon.h"

#include <google/protobuf/stubs/logging.h>

#include <csignal>
#include <iostream>
#include <random>
#include <utility>

#include "broker/border_book.h"
#include "broker/core/broker.h"
#include "broker/descriptor_budget.h"
#include "broker/event_loop.h"
#include "broker/journal.h"
#include "broker/listeners.h"
#include "broker/logging/log.h"
#include "broker/logging/log_output.h"
#include "broker/reload.h"
#include "broker/signals.h"
#include "broker/status_board.h"

namespace phyllo::broker {
namespace {

/// The first life this node claims; should its peers remember a later one, it takes the next.
constexpr overlay::Incarnation kFirstLife = 1;
/// ZeroMQ sockets per link: the DEALER and the two ends of its monitor. Closing ones count too.
constexpr std::size_t kSocketsPerLink = 4;
constexpr std::size_t kMostSockets = 65'000;

int fail(const Error& error) {
  std::cerr << "phyllod: " << error.message << '\n';
  return kExitFailed;
}

void note(const DescriptorBudget& budget, const Settings& settings, const Log& log) {
  if (budget.clients >= settings.core.clients.clients && budget.links >= settings.peers.links) {
    return;
  }
  log.info("the limit on open files leaves room for {} programs and {} links to brokers",
           budget.clients, budget.links);
}

std::uint64_t fresh_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

void reload(const std::filesystem::path& file, Settings& running, LogOutput& output) {
  const Log log(output, Subsystem::kBroker);
  const LoadedSettings wanted = load_settings(file);
  for (const auto& error : wanted.errors) log.error("reload: {}", error);
  if (!wanted.ok()) {
    log.error("reload: nothing was changed");
    return;
  }
  const Reload done = apply_reload(running, *wanted.settings, output);
  for (const auto& path : done.applied) log.info("reload: {} changed", path);
  for (const auto& path : done.needs_restart) {
    log.warning("reload: {} is different, but takes a restart", path);
  }
  if (done.applied.empty() && done.needs_restart.empty()) log.info("reload: nothing has changed");
  if (auto reopened = output.reopen(); !reopened) log.error("{}", reopened.error().message);
}

EventLoop::Options loop_options(DaemonOptions& options, overlay::NodeId node, LogOutput& output) {
  EventLoop::Options loop;
  loop.reload = [&] { reload(options.config, options.settings, output); };
  loop.describe = [&options, &output, node](Status& status) {
    status.node = node.hex();
    status.region = options.settings.region;
    status.cluster = options.settings.core.cluster;
    status.log_lines_lost = output.lost_lines();
  };
  return loop;
}

/// Lets the loop begin with what was kept, and keep what it counts.
Outcome open_book(const Settings& settings, overlay::NodeId node, LogOutput& output,
                  EventLoop::Options& loop) {
  using Clock = std::chrono::system_clock;
  if (!settings.state_dir) return Done{};
  if (std::error_code error; !std::filesystem::is_directory(*settings.state_dir, error)) {
    return Error{ErrorCode::kUnavailable,
                 "node.state_dir: " + *settings.state_dir + " is not a folder"};
  }
  const BorderBook book(*settings.state_dir, node);
  const Log log(output, Subsystem::kBroker);
  auto kept = book.read(Clock::now());
  if (kept) {
    loop.accounts = *std::move(kept);
  } else {
    log.warning("{}: this month's traffic between regions is counted from zero",
                kept.error().message);
  }
  loop.keep = [book, log](const std::vector<BorderAccount>& accounts) {
    if (accounts.empty()) return;
    const Outcome written = book.write(Clock::now(), accounts);
    if (!written) log.warning("{}", written.error().message);
  };
  return Done{};
}

}  // namespace

int run_daemon(DaemonOptions options) {
  Signals signals{SIGTERM, SIGINT, SIGHUP};
  std::signal(SIGPIPE, SIG_IGN);
  google::protobuf::SetLogHandler(nullptr);  // a line for each malformed frame of a stranger
  const auto budget = DescriptorBudget::of(raise_descriptor_limit());
  const Settings& settings = options.settings;
  auto output = LogOutput::open(settings.logging);
  if (!output) return fail(output.error());

  zmq::context_t context;
  const std::size_t sockets = settings.peers.links * kSocketsPerLink + 64;
  context.set(zmq::ctxopt::max_sockets, static_cast<int>(std::min(sockets, kMostSockets)));
  StatusBoard board;
  auto opened = open_listeners(context, settings, budget, board);
  if (!opened) return fail(opened.error());
  Listeners& listeners = *opened;

  const overlay::NodeId node = node_id_of(settings, listeners.place);
  (*output)->identify(node, settings.region);
  const overlay::Contact self(node, kFirstLife, listeners.place);
  listeners.peers->set_self(self);
  const std::string where = describe(listeners, settings, node);
  const Log log(**output, Subsystem::kBroker);
  log.info("listening {}", where);
  note(budget, settings, log);
  EventLoop::Options loop_setup = loop_options(options, node, **output);
  if (auto opened_book = open_book(settings, node, **output, loop_setup); !opened_book) {
    return fail(opened_book.error());
  }
  if (options.ports_file) {
    if (auto written = write_atomically(*options.ports_file, where); !written) {
      return fail(written.error());
    }
  }

  Broker broker(settings.core, self, fresh_seed());
  Journal journal(**output);
  EventLoop loop({broker, *listeners.peers, *listeners.clients, signals, board, journal},
                 std::move(loop_setup));
  return loop.run(settings.peers.seeds) == EventLoop::End::kResigned ? kExitFailed : kExitOk;
}

}  // namespace phyllo::broker
