#include "bench/compare/system/phyllo.h"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

#include "bench/compare/measure/interruption.h"
#include "bench/compare/system/server.h"
#include "phyllo/client.h"

namespace phyllo::bench {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto kPatience = 30s;

void require(const Status& status) {
  if (!status.ok()) throw std::runtime_error("phyllo: " + status.to_string());
}

std::string endpoint(Port port) { return "tcp://" + local(port); }

/// By default a program's queue holds so much that a run with very many subscribers would mostly be
/// the emptying of it: then less, for this many bytes of deliveries.
constexpr std::size_t kQueuedDeliveries = 1 << 30;

ClientOptions options_for(const Workload& workload) {
  ClientOptions options;
  if (workload.publisher_queue > 0) {
    options.publish_queue_bytes = workload.publisher_queue;
    return options;
  }
  options.publish_queue_bytes =
      std::min(options.publish_queue_bytes,
               kQueuedDeliveries / std::max<std::size_t>(workload.subscribers, 1));
  return options;
}

class PhylloPublisher : public Publisher {
 public:
  PhylloPublisher(const std::string& broker, const Workload& workload)
      : client_({broker}, options_for(workload)) {
    require(client_.wait_connected(kPatience));
    for (std::size_t i = 0; i < workload.topics; ++i)
      publishers_.push_back(client_.publisher(topic_name(i)));
  }

  void publish(std::size_t topic, std::string_view message) override {
    const Status status = publishers_[topic].publish(message, kPatience);
    if (!status.ok()) require(status);
  }
  void finish() override { require(client_.flush(kPatience)); }

 private:
  Client client_;
  std::vector<phyllo::Publisher> publishers_;
};

class PhylloSubscriber : public Subscriber {
 public:
  PhylloSubscriber(const std::string& broker, Topics topics, Sink& sink) : client_({broker}) {
    for (std::size_t i = 0; i < topics.count; ++i) {
      SubscribeOptions options;
      options.timeout = kPatience;
      options.on_gap = [&sink](const Gap& gap) { sink.told_of_loss(gap.count()); };
      subscriptions_.push_back(client_.subscribe_async(
          topic_name(topics.first + i),
          [&sink](const Message& message) { sink.take(message.payload()); }, {}, options));
    }
    for (Subscription& subscription : subscriptions_) require(subscription.wait_live());
  }

  Farewell unsubscribe() override {
    for (Subscription& subscription : subscriptions_) subscription.unsubscribe();
    require(client_.ping(kPatience).status());  // the broker takes one thing after the other
    return Farewell::kConfirmed;
  }

 private:
  Client client_;
  std::vector<Subscription> subscriptions_;
};

class PhylloCluster : public Cluster {
 public:
  PhylloCluster(const fs::path& phyllod, const Workload& workload, const fs::path& folder)
      : workload_(workload) {
    const std::vector<Port> ports = free_ports(3 * workload.servers);
    for (std::size_t i = 0; i < workload.servers; ++i) {
      const Port peers = ports[3 * i];
      const Port programs = ports[3 * i + 1];
      const Port http = ports[3 * i + 2];
      const std::string name = "broker" + std::to_string(i);
      const fs::path config = folder / (name + ".yaml");
      write_file(config, "cluster: bench\npeers:\n  local: {listen: \"" + endpoint(peers) +
                             "\"}\n  seeds: [\"" + endpoint(ports[0]) +
                             "\"]\nclients:\n  listen: [\"" + endpoint(programs) +
                             "\"]\nhttp:\n  listen: \"" + local(http) +
                             "\"\nmulticast:\n  children_limit: " +
                             std::to_string(workload.children_limit) + "\n");
      brokers_.emplace_back(std::vector<std::string>{phyllod.string(), "--config", config.string()},
                            folder / (name + ".log"), programs);
      programs_.push_back(programs);
      wait_until_ready(http);
    }
  }

  std::vector<pid_t> processes() const override {
    std::vector<pid_t> pids;
    for (const Server& broker : brokers_) pids.push_back(broker.pid());
    return pids;
  }
  std::unique_ptr<Publisher> publisher(std::size_t index) const override {
    return std::make_unique<PhylloPublisher>(broker_of(index), workload_);
  }
  std::unique_ptr<Subscriber> subscriber(std::size_t index, Topics topics,
                                         Sink& sink) const override {
    return std::make_unique<PhylloSubscriber>(broker_of(index), topics, sink);
  }

 private:
  static void wait_until_ready(Port http) {
    httplib::Client client("127.0.0.1", http);
    for (int attempt = 0; attempt < 1000; ++attempt) {
      const auto answer = client.Get("/readyz");
      if (answer && answer->status == 200) return;
      check_interruption();
      std::this_thread::sleep_for(10ms);
    }
    throw std::runtime_error("phyllod does not become ready");
  }
  std::string broker_of(std::size_t index) const {
    return endpoint(programs_[index % programs_.size()]);
  }

  const Workload& workload_;
  std::vector<Server> brokers_;
  std::vector<Port> programs_;
};

class PhylloSystem : public System {
 public:
  std::string name() const override { return "phyllo"; }
  std::string description() const override {
    const auto phyllod = find_program("phyllod");
    return (phyllod ? first_line_of(phyllod->string() + " --version") : "") +
           ", default settings, SDK with callbacks; a publisher's queue of 1 GiB of deliveries at "
           "most";
  }
  std::optional<std::string> absence() const override {
    if (find_program("phyllod")) return std::nullopt;
    return "phyllod is not built";
  }
  std::unique_ptr<Cluster> start(const Workload& workload, const fs::path& folder) const override {
    return std::make_unique<PhylloCluster>(find_program("phyllod").value(), workload, folder);
  }
};

}  // namespace

std::unique_ptr<System> phyllo_system() { return std::make_unique<PhylloSystem>(); }

}  // namespace phyllo::bench
