#include "tests/sdk/fake_broker.h"

#include <sys/socket.h>

#include "base/batch_body.h"
#include "base/envelope.h"
#include "sdk/src/frames.h"
#include "tests/support/sealed.h"

namespace phyllo::test {
namespace {

constexpr std::chrono::seconds kPatience{10};

std::string text(const zmq::message_t& frame) {
  return {static_cast<const char*>(frame.data()), frame.size()};
}

}  // namespace

FakeBroker::FakeBroker(Script script) : FakeBroker(script, "tcp://127.0.0.1:*") {}

FakeBroker::FakeBroker(Script script, const std::string& endpoint)
    : router_(context_, zmq::socket_type::router), script_(script) {
  router_.set(zmq::sockopt::linger, 0);
  router_.set(zmq::sockopt::sndhwm, 0);
  router_.set(zmq::sockopt::rcvhwm, 0);
  router_.set(zmq::sockopt::ipv6, endpoint.find("[") != std::string::npos);
  router_.bind(endpoint);
  endpoint_ = router_.get(zmq::sockopt::last_endpoint);
  thread_ = std::thread([this] { serve(); });
}

FakeBroker::~FakeBroker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  thread_.join();
}

std::vector<std::string> FakeBroker::Arrived::messages() const {
  std::vector<std::string> all;
  BatchBodyReader reader(body);
  for (std::string_view message; reader.next(message);) all.emplace_back(message);
  return all;
}

bool FakeBroker::wait(const std::function<bool(const std::vector<Arrived>&)>& done) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return done(arrived_); });
}

std::vector<FakeBroker::Arrived> FakeBroker::arrived() {
  const std::lock_guard lock(mutex_);
  return arrived_;
}

std::vector<FakeBroker::Arrived> FakeBroker::arrived(v1::ClientFrame::KindCase kind) {
  std::vector<Arrived> all = arrived();
  std::erase_if(all, [&](const Arrived& one) { return one.frame.kind_case() != kind; });
  return all;
}

bool FakeBroker::wait_for(v1::ClientFrame::KindCase kind, std::size_t count) {
  return wait([&](const std::vector<Arrived>& all) {
    std::size_t found = 0;
    for (const Arrived& one : all) found += one.frame.kind_case() == kind ? 1 : 0;
    return found >= count;
  });
}

std::vector<std::string> FakeBroker::published(const std::string& topic) {
  std::vector<std::string> all;
  for (const Arrived& one : arrived(v1::ClientFrame::kPublish)) {
    if (one.frame.publish().topic() != topic) continue;
    for (std::string& message : one.messages()) all.push_back(std::move(message));
  }
  return all;
}

void FakeBroker::change(const std::function<void(Script&)>& change) {
  const std::lock_guard lock(mutex_);
  change(script_);
}

void FakeBroker::send(const v1::BrokerFrame& frame) {
  send_frames({phyllo::test::sealed(frame.SerializeAsString())});
}

void FakeBroker::send(const v1::BrokerFrame& frame, const std::string& body) {
  send_frames({phyllo::test::sealed(frame.SerializeAsString(), Payload::copy_of(body)), body});
}

void FakeBroker::send_frames(const std::vector<std::string>& frames) {
  const std::lock_guard lock(mutex_);
  outgoing_.push_back(frames);
  outgoing_.back().insert(outgoing_.back().begin(), last_session_);
}

void FakeBroker::deliver(std::uint32_t subscription, std::uint64_t first,
                         const std::vector<std::string>& messages, std::uint64_t publisher,
                         std::optional<std::uint64_t> publisher_first) {
  BatchBodyWriter body;
  for (const std::string& message : messages) body.append(message);
  v1::BrokerFrame frame;
  auto* batch = frame.mutable_deliver();
  batch->set_subscription(subscription);
  *batch->mutable_stream() = stream();
  batch->set_first(first);
  batch->set_count(body.count());
  batch->set_publisher(publisher);
  batch->set_publisher_first(publisher_first.value_or(first));
  send(frame, std::string(body.take().view()));
}

void FakeBroker::acknowledge(const v1::Publish& publish) {
  v1::BrokerFrame frame;
  auto* ack = frame.mutable_publish_ack();
  ack->set_publisher(publish.publisher());
  ack->set_topic(publish.topic());
  ack->set_up_to(publish.first() + publish.count() - 1);
  ack->set_reach(3);
  send(frame);
}

v1::StreamRef FakeBroker::stream() {
  const std::lock_guard lock(mutex_);
  v1::StreamRef stream;
  stream.set_root(std::string(16, script_.root));
  stream.set_incarnation(1);
  stream.set_generation(1);
  return stream;
}

void FakeBroker::serve() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    zmq::pollitem_t item{router_.handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, std::chrono::milliseconds(2));
    while (true) {
      std::vector<zmq::message_t> frames(1);
      if (!router_.recv(frames.back(), zmq::recv_flags::dontwait)) break;
      while (frames.back().more()) {
        frames.emplace_back();
        if (!router_.recv(frames.back())) break;
      }
      handle(text(frames.front()), frames);
    }
    flush_outgoing();
  }
  router_.close();
}

void FakeBroker::handle(const std::string& session, std::vector<zmq::message_t>& frames) {
  if (frames.size() < 2) return;
  ++packets_;
  bool bye = false;
  const std::string first = text(frames[1]);
  if (Envelope::is(first)) {
    EnvelopeReader envelope(first);
    for (std::string_view header, body; envelope.next(header, body);) {
      take(session, header, body, bye);
    }
  } else {
    take(session, first, frames.size() > 2 ? text(frames[2]) : std::string(), bye);
  }
  // As a broker does.
  if (bye) ::shutdown(zmq_msg_get(frames[1].handle(), ZMQ_SRCFD), SHUT_RDWR);
}

void FakeBroker::take(const std::string& session, std::string_view header, std::string_view body,
                      bool& bye) {
  Arrived one;
  one.session = session;
  if (!one.frame.ParseFromString(std::string(header))) return;
  one.body = body;
  const v1::ClientFrame frame = one.frame;
  {
    const std::lock_guard lock(mutex_);
    last_session_ = session;
    arrived_.push_back(std::move(one));
  }
  react(session, frame);
  changed_.notify_all();
  bye |= frame.has_bye();
}

void FakeBroker::react(const std::string& session, const v1::ClientFrame& frame) {
  Script script;
  change([&](Script& current) { script = current; });
  v1::BrokerFrame reply;
  if (frame.has_hello() && script.welcomes) {
    auto* welcome = reply.mutable_welcome();
    welcome->set_version(internal::kProtocolVersion);
    welcome->set_node_id(std::string(16, '\x0a'));
    welcome->set_region("eu");
    welcome->set_cluster("test");
    welcome->set_max_message_bytes(script.max_message_bytes);
    welcome->set_publish_window_bytes(script.window_bytes);
    welcome->set_heartbeat_ms(script.heartbeat_ms);
    welcome->set_answers_ms(script.answers_ms);
    welcome->set_session(42);
    answer(session, reply);
  } else if (frame.has_publish() && script.acknowledges_publish) {
    acknowledge(frame.publish());
  } else if (frame.has_subscribe() && script.acknowledges_subscribe) {
    auto* ack = reply.mutable_subscribe_ack();
    ack->set_subscription(frame.subscribe().subscription());
    *ack->mutable_stream() = stream();
    ack->set_next(script.stream_next);
    answer(session, reply);
  } else if (frame.has_ping() && script.answers_pings) {
    reply.mutable_pong()->set_nonce(frame.ping().nonce());
    answer(session, reply);
  }
}

void FakeBroker::answer(const std::string& session, const v1::BrokerFrame& frame) {
  const std::lock_guard lock(mutex_);
  outgoing_.push_back({session, phyllo::test::sealed(frame.SerializeAsString())});
}

void FakeBroker::flush_outgoing() {
  std::deque<std::vector<std::string>> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(outgoing_);
  }
  for (const auto& frames : all) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto flags = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
      router_.send(zmq::buffer(frames[i]), flags);
    }
  }
}

}  // namespace phyllo::test
