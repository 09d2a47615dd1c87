#include "bench/compare/system/zeromq.h"

#include <chrono>
#include <stop_token>
#include <thread>
#include <utility>
#include <zmq.hpp>

#include "bench/compare/measure/process.h"
#include "bench/compare/system/server.h"

namespace phyllo::bench {
namespace {

std::string endpoint(Port port) { return "tcp://" + local(port); }

/// Topics are told apart by how messages begin.
std::string prefix_of(std::size_t topic) { return topic_name(topic) + ' '; }

class ZeromqPublisher : public Publisher {
 public:
  ZeromqPublisher(Port proxy, std::size_t topics) {
    socket_.set(zmq::sockopt::xpub_nodrop, 1);
    socket_.connect(endpoint(proxy));
    for (std::size_t i = 0; i < topics; ++i) prefixes_.push_back(prefix_of(i));
  }

  void publish(std::size_t topic, std::string_view message) override {
    const std::string& prefix = prefixes_[topic];
    zmq::message_t frame(prefix.size() + message.size());
    auto* end = std::copy(prefix.begin(), prefix.end(), static_cast<char*>(frame.data()));
    std::copy(message.begin(), message.end(), end);
    socket_.send(frame, zmq::send_flags::none);
  }
  void finish() override {
    socket_.close();
    context_.close();  // waits until all is sent
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_{context_, zmq::socket_type::pub};
  std::vector<std::string> prefixes_;
};

class ZeromqSubscriber : public Subscriber {
 public:
  ZeromqSubscriber(Port proxy, Topics topics, Sink& sink) : sink_(sink), topics_(topics) {
    socket_.set(zmq::sockopt::rcvtimeo, 100);
    socket_.set(zmq::sockopt::sndhwm, 0);  // or subscriptions are lost
    for (std::size_t i = 0; i < topics.count; ++i)
      socket_.set(zmq::sockopt::subscribe, prefix_of(topics.first + i));
    socket_.connect(endpoint(proxy));
    thread_ = std::jthread([this](const std::stop_token& stop) { receive(stop); });
  }

  Farewell unsubscribe() override {
    thread_.request_stop();
    thread_.join();
    for (std::size_t i = 0; i < topics_.count; ++i)
      socket_.set(zmq::sockopt::unsubscribe, prefix_of(topics_.first + i));
    return Farewell::kUnanswered;
  }

 private:
  void receive(const std::stop_token& stop) {
    zmq::message_t frame;
    while (!stop.stop_requested()) {
      if (!socket_.recv(frame)) continue;
      const std::string_view message = frame.to_string_view();
      sink_.take(message.substr(message.find(' ') + 1));
    }
  }

  Sink& sink_;
  Topics topics_;
  zmq::context_t context_;
  zmq::socket_t socket_{context_, zmq::socket_type::sub};
  std::jthread thread_;
};

struct ProxyPorts {
  Port in;
  Port out;
};

/// `above`: where what was published elsewhere comes from.
void run_proxy(ProxyPorts ports, std::optional<Port> above) {
  zmq::context_t context;
  zmq::socket_t in(context, zmq::socket_type::xsub);
  zmq::socket_t out(context, zmq::socket_type::xpub);
  out.set(zmq::sockopt::xpub_nodrop, 1);
  in.set(zmq::sockopt::sndhwm, 0);  // or subscriptions are lost
  in.bind(endpoint(ports.in));
  out.bind(endpoint(ports.out));
  if (above) in.connect(endpoint(*above));
  zmq::proxy(in, out);
}

class ZeromqCluster : public Cluster {
 public:
  explicit ZeromqCluster(const Workload& workload) : topics_(workload.topics) {
    const std::vector<Port> free = free_ports(2 * workload.servers);
    for (std::size_t i = 0; i < workload.servers; ++i) {
      const ProxyPorts ports{free[2 * i], free[2 * i + 1]};
      const auto above = i == 0 ? std::nullopt : std::optional(ports_.front().out);
      ports_.push_back(ports);
      proxies_.emplace_back([&] { run_proxy(ports, above); });
      if (!wait_until_listening(ports.out)) throw std::runtime_error("a proxy does not listen");
    }
  }

  std::vector<pid_t> processes() const override {
    std::vector<pid_t> pids;
    for (const Fork& proxy : proxies_) pids.push_back(proxy.pid());
    return pids;
  }
  std::unique_ptr<Publisher> publisher(std::size_t /*index*/) const override {
    return std::make_unique<ZeromqPublisher>(ports_.front().in, topics_);
  }
  std::unique_ptr<Subscriber> subscriber(std::size_t index, Topics topics,
                                         Sink& sink) const override {
    return std::make_unique<ZeromqSubscriber>(ports_[index % ports_.size()].out, topics, sink);
  }

 private:
  std::size_t topics_;
  std::vector<ProxyPorts> ports_;
  std::vector<Fork> proxies_;
};

class ZeromqSystem : public System {
 public:
  std::string name() const override { return "zeromq"; }
  std::string description() const override {
    const auto [major, minor, patch] = zmq::version();
    return "libzmq " + std::to_string(major) + "." + std::to_string(minor) + "." +
           std::to_string(patch) + ", XSUB/XPUB proxies wired by hand, XPUB_NODROP";
  }
  std::optional<std::string> absence() const override { return std::nullopt; }
  std::unique_ptr<Cluster> start(const Workload& workload,
                                 const std::filesystem::path& /*folder*/) const override {
    return std::make_unique<ZeromqCluster>(workload);
  }
};

}  // namespace

std::unique_ptr<System> zeromq_system() { return std::make_unique<ZeromqSystem>(); }

}  // namespace phyllo::bench
