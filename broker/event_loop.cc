#include "broker/event_loop.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include "broker/calendar_month.h"

namespace phyllo::broker {
namespace {

namespace transport = overlay::transport;

constexpr std::uint64_t kTransportTag = 0;
constexpr std::uint64_t kGatewayTag = 1;
constexpr std::uint64_t kSignalsTag = 2;

/// What is lost when the process is killed.
constexpr Duration kKeeping = std::chrono::minutes(5);

/// The one place where real time becomes the core's time.
Time real_now() {
  return Time(
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

EventLoop::EventLoop(Parts parts, Options options) : parts_(parts), options_(std::move(options)) {
  epoll_.add(parts_.transport.fd(), kTransportTag);
  epoll_.add(parts_.gateway.fd(), kGatewayTag);
  epoll_.add(parts_.signals.fd(), kSignalsTag);
}

EventLoop::End EventLoop::run(std::vector<overlay::Endpoint> seeds) {
  const Time now = real_now();
  parts_.broker.start(now, std::move(seeds), effects_);
  say_month(now);
  parts_.broker.resume_borders(now, options_.accounts);
  if (options_.keep) next_keeping_ = now + kKeeping;
  carry_out(now);
  while (!end_) turn();
  post_status(real_now());
  if (options_.keep) keep_accounts(real_now());
  return *end_;
}

void EventLoop::turn() {
  const Due due = wait();
  const Time now = real_now();
  if (due.signals) take_signals(now);
  if (due.transport) take_from_peers(now);
  if (due.gateway) take_from_clients(now);
  if (now >= parts_.broker.next_tick()) parts_.broker.tick(now, effects_);
  parts_.broker.flush(now, effects_);
  carry_out(now);
  if (now >= next_status_) post_status(now);
  if (now >= next_keeping_) keep_accounts(now);
  if (now >= drained_by_ && !end_) {
    parts_.journal.drain_takes_too_long();
    end_ = End::kInterrupted;
  }
}

EventLoop::Due EventLoop::wait() {
  const Time transport_tick = parts_.transport.next_tick();
  const Time gateway_tick = parts_.gateway.next_tick();
  const Time next = std::min(
      {parts_.broker.next_tick(), transport_tick, gateway_tick, next_status_, drained_by_});
  const Time before = real_now();
  std::array<std::uint64_t, 3> ready{};
  const std::size_t count = epoll_.wait(next <= before ? Duration::zero() : next - before, ready);
  const Time after = real_now();
  Due due{transport_tick <= after, gateway_tick <= after, false};
  for (std::size_t i = 0; i < count; ++i) {
    due.transport |= ready[i] == kTransportTag;
    due.gateway |= ready[i] == kGatewayTag;
    due.signals |= ready[i] == kSignalsTag;
  }
  return due;
}

void EventLoop::take_signals(Time now) {
  while (const auto signal = parts_.signals.next()) {
    switch (*signal) {
      case SIGHUP:
        if (options_.reload) options_.reload();
        break;
      case SIGINT:
        drain(now, "SIGINT");
        break;
      default:
        drain(now, "SIGTERM");
        break;
    }
  }
}

void EventLoop::drain(Time now, const char* signal) {
  if (std::exchange(draining_, true)) {
    end_ = End::kInterrupted;
    return;
  }
  parts_.journal.drain_begins(signal);
  drained_by_ = now + options_.drain_limit;
  parts_.broker.drain(now, effects_);
}

void EventLoop::take_from_peers(Time now) {
  parts_.transport.process(now, from_peers_);
  for (auto& event : from_peers_) {
    std::visit(Overloaded{
                   [&](transport::Received& received) {
                     parts_.broker.peer_message(now, received.from, std::move(received.wire),
                                                effects_);
                   },
                   [&](transport::Disconnected& disconnected) {
                     parts_.journal.note(disconnected);
                     parts_.broker.peer_disconnected(now, disconnected.peer, effects_);
                   },
                   [&](transport::Dialed& dialed) {
                     parts_.broker.dialed(now, dialed.endpoint, dialed.found, effects_);
                   },
                   [&](transport::DialFailed& failed) {
                     parts_.journal.note(failed);
                     parts_.broker.dial_failed(now, failed.endpoint, effects_);
                   },
                   [&](transport::Refused& refused) { parts_.journal.note(now, refused); },
               },
               event);
  }
  from_peers_.clear();
}

void EventLoop::take_from_clients(Time now) {
  parts_.gateway.process(now, from_clients_);
  for (auto& event : from_clients_) {
    std::visit(Overloaded{
                   [&](ClientGateway::Connected& connected) {
                     parts_.broker.client_connected(now, connected.session, effects_);
                   },
                   [&](ClientGateway::Message& message) {
                     parts_.broker.client_message(now, message.session, std::move(message.wire),
                                                  effects_);
                   },
                   [&](ClientGateway::Gone& gone) {
                     parts_.broker.client_gone(now, gone.session, effects_);
                   },
               },
               event);
  }
  from_clients_.clear();
}

/// Carrying one effect out may add more, so that the vector may move: hence one at a time.
void EventLoop::carry_out(Time now) {
  for (std::size_t next = 0; next < effects_.size(); ++next) {
    Effect effect = std::move(effects_[next]);
    std::visit([&](auto& kind) { carry_out(now, kind); }, effect);
  }
  effects_.clear();
  parts_.transport.flush();
  parts_.gateway.flush();
}

void EventLoop::carry_out(Time now, ToPeer& effect) {
  if (parts_.transport.send(now, effect.to, effect.wire) == transport::Sent::kFull) {
    parts_.broker.peer_link_full(now, effect.to, std::move(effect.wire), effects_);
  }
}

void EventLoop::carry_out(Time now, DialPeer& effect) {
  parts_.transport.dial(now, effect.endpoint);
}

void EventLoop::carry_out(Time, ForgetPeer& effect) { parts_.transport.forget(effect.peer); }

void EventLoop::carry_out(Time, ToClient& effect) {
  parts_.gateway.send(effect.session, std::move(effect.wire));
}

void EventLoop::carry_out(Time now, CloseClient& effect) {
  parts_.journal.note(effect);
  parts_.gateway.close(now, effect.session, effect.how);
}

void EventLoop::carry_out(Time, SelfChanged& effect) {
  parts_.transport.set_self(std::move(effect.self));
}

void EventLoop::carry_out(Time, Stopped& effect) {
  parts_.journal.stopped(effect);
  end_ = effect.resigned ? End::kResigned : End::kDrained;
}

void EventLoop::carry_out(Time now, overlay::StateChanged& effect) {
  parts_.journal.note(effect);
  state_reason_ = std::move(effect.reason);
  next_status_ = now;  // readiness is what others wait for
}

void EventLoop::carry_out(Time, overlay::Notice& effect) {
  parts_.journal.note(effect, parts_.broker.node().self().id());
}

void EventLoop::post_status(Time now) {
  next_status_ = now + options_.status_interval;
  Status status;
  status.taken = std::chrono::steady_clock::now();
  status.state_reason = state_reason_;
  if (now >= next_calendar_) say_month(now);
  status.broker = parts_.broker.stats();
  status.borders = parts_.broker.border_stats(now);
  status.transport = parts_.transport.stats();
  status.regions = parts_.transport.regions().all();
  status.gateway = parts_.gateway.stats();
  if (options_.describe) options_.describe(status);
  parts_.board.post(std::move(status));
}

void EventLoop::say_month(Time now) {
  parts_.broker.month_is(now, calendar_month(std::chrono::system_clock::now(), now));
  next_calendar_ = now + std::chrono::hours(1);
}

void EventLoop::keep_accounts(Time now) {
  next_keeping_ = now + kKeeping;
  say_month(now);  // so that the accounts are of the month that they are kept in
  options_.keep(parts_.broker.border_accounts(now));
}

}  // namespace phyllo::broker
