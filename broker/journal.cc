#include "broker/journal.h"

#include <utility>

namespace phyllo::broker {
namespace {

using overlay::Notice;
using overlay::StateChanged;

constexpr std::size_t kLinesPerSecond = 10;
constexpr Duration kSaidAgain = std::chrono::minutes(10);
constexpr std::size_t kRefusalsKept = 1000;

LogLevel level_of(Notice::Level level) {
  switch (level) {
    case Notice::Level::kDebug:
      return LogLevel::kDebug;
    case Notice::Level::kInfo:
      return LogLevel::kInfo;
    case Notice::Level::kWarning:
      break;
  }
  return LogLevel::kWarning;
}

std::string with_reason(std::string text, const std::string& reason) {
  return reason.empty() ? std::move(text) : std::move(text) + ": " + reason;
}

}  // namespace

Journal::Journal(LogOutput& output)
    : broker_(output, Subsystem::kBroker),
      overlay_(output, Subsystem::kOverlay),
      transport_(output, Subsystem::kTransport),
      clients_(output, Subsystem::kClients) {}

void Journal::note(const StateChanged& change) {
  const auto text = with_reason(std::string("state ") + to_string(change.state), change.reason);
  if (change.state == StateChanged::State::kResigned) {
    overlay_.error("{}", text);
  } else {
    overlay_.info("{}", text);
  }
}

void Journal::note(const Notice& notice, overlay::NodeId self) {
  const Log& log = notice.peer == self ? overlay_ : overlay_.about(notice.peer);
  log.write(level_of(notice.level), "{}", notice.text);
}

void Journal::note(Time now, const overlay::transport::Refused& refused) {
  if (!news(now, refused) || !allows(now)) return;
  const bool ours = refused.by == overlay::transport::Refused::By::kUs;
  const auto peer = overlay::NodeId::from_hex(refused.peer);
  const Log log = peer ? transport_.about(*peer) : transport_;
  const std::string who = refused.peer.empty() ? "a connection" : refused.peer;
  if (ours) {
    log.warning("refused {} ({}): {}", who, refused.code, refused.message);
  } else {
    log.warning("refused by {} ({}): {}", who, refused.code, refused.message);
  }
}

void Journal::note(const overlay::transport::Disconnected& disconnected) {
  transport_.about(disconnected.peer).debug("disconnected: {}", disconnected.why);
}

void Journal::note(const overlay::transport::DialFailed& failed) {
  transport_.debug("nobody at {}: {}", failed.endpoint.text(), failed.why);
}

void Journal::note(const CloseClient& closed) {
  clients_.debug("session {} closed: {}", closed.session, closed.reason);
}

void Journal::drain_begins(const char* signal) {
  broker_.info("{}: draining, then leaving the ring", signal);
}

void Journal::stopped(const Stopped& stopped) {
  if (stopped.resigned) {
    broker_.error("{}", with_reason("resigned", stopped.reason));
  } else {
    broker_.info("{}", with_reason("drained", stopped.reason));
  }
}

void Journal::drain_takes_too_long() {
  broker_.warning("leaving without waiting any longer for the drain to finish");
}

bool Journal::news(Time now, const overlay::transport::Refused& refused) {
  if (refused.peer.empty()) return true;
  std::erase_if(refusals_, [&](const auto& said) { return now - said.second >= kSaidAgain; });
  if (refusals_.size() >= kRefusalsKept) return true;
  const bool ours = refused.by == overlay::transport::Refused::By::kUs;
  const std::string key = refused.peer + (ours ? " here: " : " there: ") + refused.message;
  return refusals_.try_emplace(key, now).second;
}

bool Journal::allows(Time now) {
  if (now >= second_ends_) {
    if (left_out_ > 0) transport_.warning("{} more refusals", std::exchange(left_out_, 0));
    second_ends_ = now + std::chrono::seconds(1);
    lines_ = 0;
  }
  if (lines_ == kLinesPerSecond) {
    ++left_out_;
    return false;
  }
  ++lines_;
  return true;
}

}  // namespace phyllo::broker
