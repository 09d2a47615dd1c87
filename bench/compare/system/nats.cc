#include "bench/compare/system/nats.h"

#include <nats/nats.h>

#include <stdexcept>

#include "bench/compare/system/server.h"

namespace phyllo::bench {
namespace {

namespace fs = std::filesystem;

void require(natsStatus status) {
  if (status != NATS_OK)
    throw std::runtime_error(std::string("nats: ") + natsStatus_GetText(status));
}

/// A connection of the C client, and its options.
class Connection {
 public:
  Connection(Port server, const Workload& workload) {
    require(natsOptions_Create(&options_));
    require(natsOptions_SetURL(options_, ("nats://" + local(server)).c_str()));
    // Otherwise a thread for each subscription.
    if (workload.topics > 1) require(natsOptions_UseGlobalMessageDelivery(options_, true));
    require(natsConnection_Connect(&connection_, options_));
  }
  ~Connection() {
    natsConnection_Destroy(connection_);
    natsOptions_Destroy(options_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  natsConnection* get() const { return connection_; }

 private:
  natsOptions* options_ = nullptr;
  natsConnection* connection_ = nullptr;
};

class NatsPublisher : public Publisher {
 public:
  NatsPublisher(Port server, const Workload& workload) : connection_(server, workload) {
    for (std::size_t i = 0; i < workload.topics; ++i) subjects_.push_back(topic_name(i, '.'));
  }

  void publish(std::size_t topic, std::string_view message) override {
    require(natsConnection_Publish(connection_.get(), subjects_[topic].c_str(), message.data(),
                                   static_cast<int>(message.size())));
  }
  void finish() override { require(natsConnection_FlushTimeout(connection_.get(), 30'000)); }

 private:
  Connection connection_;
  std::vector<std::string> subjects_;
};

class NatsSubscriber : public Subscriber {
 public:
  NatsSubscriber(Port server, const Workload& workload, Topics topics, Sink& sink)
      : connection_(server, workload) {
    for (std::size_t i = 0; i < topics.count; ++i) {
      natsSubscription* subscription = nullptr;
      require(natsConnection_Subscribe(&subscription, connection_.get(),
                                       topic_name(topics.first + i, '.').c_str(),
                                       &NatsSubscriber::take, &sink));
      subscriptions_.push_back(subscription);
      // As nats bench does: the client drops nothing.
      require(natsSubscription_SetPendingLimits(subscription, -1, -1));
    }
    require(natsConnection_FlushTimeout(connection_.get(), 30'000));
  }
  ~NatsSubscriber() override {
    for (natsSubscription* subscription : subscriptions_) natsSubscription_Destroy(subscription);
  }

  Farewell unsubscribe() override {
    for (natsSubscription* subscription : subscriptions_) {
      require(natsSubscription_Unsubscribe(subscription));
    }
    require(natsConnection_FlushTimeout(connection_.get(), 30'000));
    return Farewell::kConfirmed;
  }

 private:
  static void take(natsConnection*, natsSubscription*, natsMsg* message, void* sink) {
    static_cast<Sink*>(sink)->take(
        {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))});
    natsMsg_Destroy(message);
  }

  Connection connection_;
  std::vector<natsSubscription*> subscriptions_;
};

class NatsCluster : public Cluster {
 public:
  NatsCluster(const fs::path& program, const Workload& workload, const fs::path& folder)
      : workload_(workload) {
    const std::vector<Port> ports = free_ports(2 * workload.servers);
    for (std::size_t i = 0; i < workload.servers; ++i) {
      const std::string name = "server" + std::to_string(i);
      const Port clients = ports[2 * i];
      std::vector<std::string> command{program.string(), "-a", "127.0.0.1", "-p",
                                       std::to_string(clients)};
      if (workload.servers > 1) {
        command.insert(command.end(), {"-n", name, "--cluster_name", "bench", "--cluster",
                                       "nats://" + local(ports[2 * i + 1]), "--routes",
                                       "nats://" + local(ports[1])});
      }
      servers_.emplace_back(command, folder / (name + ".log"), clients);
      ports_.push_back(clients);
    }
  }

  std::vector<pid_t> processes() const override {
    std::vector<pid_t> pids;
    for (const Server& server : servers_) pids.push_back(server.pid());
    return pids;
  }
  std::unique_ptr<Publisher> publisher(std::size_t index) const override {
    return std::make_unique<NatsPublisher>(ports_[index % ports_.size()], workload_);
  }
  std::unique_ptr<Subscriber> subscriber(std::size_t index, Topics topics,
                                         Sink& sink) const override {
    return std::make_unique<NatsSubscriber>(ports_[index % ports_.size()], workload_, topics, sink);
  }

 private:
  const Workload& workload_;
  std::vector<Server> servers_;
  std::vector<Port> ports_;
};

class NatsSystem : public System {
 public:
  std::string name() const override { return "nats"; }
  std::string description() const override {
    const auto program = find_program("nats-server");
    return (program ? first_line_of(program->string() + " --version") : "") +
           ", full mesh, nats.c " + nats_GetVersion() + " with callbacks and no pending limits";
  }
  std::optional<std::string> absence() const override {
    if (find_program("nats-server")) return std::nullopt;
    return "nats-server is not installed";
  }
  std::unique_ptr<Cluster> start(const Workload& workload, const fs::path& folder) const override {
    return std::make_unique<NatsCluster>(find_program("nats-server").value(), workload, folder);
  }
};

}  // namespace

std::unique_ptr<System> nats_system() { return std::make_unique<NatsSystem>(); }

}  // namespace phyllo::bench
