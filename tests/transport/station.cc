#include "tests/transport/station.h"

#include <array>

#include "base/check.h"
#include "overlay/transport/epoll_set.h"

namespace phyllo::overlay::transport {
namespace {

constexpr Duration kPatience = std::chrono::seconds(30);

std::unique_ptr<Transport> opened(Station::Options& options) {
  options.config.listen = {endpoint(options.listen)};
  auto transport = Transport::open(test_context(), options.config);
  PHYLLO_CHECK(transport.ok());
  return *std::move(transport);
}

Place place(const Station::Options& options, const Endpoint& listening) {
  return {options.region, listening, listening};
}

}  // namespace

zmq::context_t& test_context() {
  static zmq::context_t context = [] {
    zmq::context_t made;
    made.set(zmq::ctxopt::max_sockets, 20'000);
    return made;
  }();
  return context;
}

Time real_now() {
  return Time(
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

Endpoint endpoint(const std::string& text) { return Endpoint::parse(text).value(); }

NodeId node(unsigned number) { return NodeId(Uint128{number} << 120); }

Station::Station(unsigned number) : Station(number, Options{}) {}

Station::Station(unsigned number, Options options)
    : transport_(opened(options)),
      self_(node(number), options.incarnation, place(options, transport_->listening().front())) {
  transport_->set_self(self_);
}

void Station::become(Contact self) {
  self_ = std::move(self);
  transport_->set_self(self_);
}

Sent Station::send(const Contact& to, std::string header, std::string body) {
  Wire wire{std::move(header), Payload::from(std::move(body))};
  return transport_->send(now(), to, wire);
}

void Station::turn() {
  transport_->flush();
  transport_->process(now(), events_);
}

bool run_until(std::initializer_list<Station*> stations, const std::function<bool()>& done) {
  EpollSet epoll;
  for (auto* station : stations) epoll.add(station->transport().fd(), 0);
  const Time give_up = real_now() + kPatience;
  while (!done()) {
    if (real_now() > give_up) return false;
    Duration wait = std::chrono::milliseconds(5);  // raw sockets are not waited for
    for (auto* station : stations) {
      const Time next = station->transport().next_tick();
      if (next <= station->now()) {
        wait = Duration::zero();
      } else if (next != kNever) {
        wait = std::min(wait, next - station->now());
      }
    }
    std::array<std::uint64_t, 8> ready;
    epoll.wait(wait, ready);
    for (auto* station : stations) station->turn();
  }
  return true;
}

}  // namespace phyllo::overlay::transport
