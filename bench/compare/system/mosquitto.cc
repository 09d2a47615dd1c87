#include "bench/compare/system/mosquitto.h"

#include <mosquitto.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "bench/compare/system/server.h"

namespace phyllo::bench {
namespace {

namespace fs = std::filesystem;

/// The library would queue without end: so many messages may wait in a publisher.
constexpr std::size_t kUnsent = 1000;

void require(int code) {
  if (code != MOSQ_ERR_SUCCESS) {
    throw std::runtime_error(std::string("mosquitto: ") + mosquitto_strerror(code));
  }
}

/// A connection with the library's own thread, which waits until the server has answered.
class Connection {
 public:
  Connection(Port server, void* owner) : mosquitto_(mosquitto_new(nullptr, true, owner)) {
    require(mosquitto_int_option(mosquitto_, MOSQ_OPT_TCP_NODELAY, 1));
    require(mosquitto_connect(mosquitto_, "127.0.0.1", server, 60));
  }
  ~Connection() { mosquitto_destroy(mosquitto_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  mosquitto* get() const { return mosquitto_; }
  void start() { require(mosquitto_loop_start(mosquitto_)); }
  void stop() { mosquitto_loop_stop(mosquitto_, true); }

 private:
  mosquitto* mosquitto_;
};

/// Counts up to a number that somebody waits for.
class Counter {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_one();
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    const auto patience = std::chrono::seconds(30);
    if (!changed_.wait_for(lock, patience, [&] { return count_ >= count; })) {
      throw std::runtime_error("mosquitto does not answer");
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
};

class MosquittoPublisher : public Publisher {
 public:
  MosquittoPublisher(Port server, std::size_t topics) : connection_(server, this) {
    for (std::size_t i = 0; i < topics; ++i) names_.push_back(topic_name(i));
    mosquitto_publish_callback_set(connection_.get(), [](mosquitto*, void* self, int) {
      static_cast<MosquittoPublisher*>(self)->sent_.add();
    });
    connection_.start();
  }
  ~MosquittoPublisher() override { connection_.stop(); }

  void publish(std::size_t topic, std::string_view message) override {
    if (published_ % (kUnsent / 2) == 0 && published_ >= kUnsent) {
      sent_.wait_for(published_ - kUnsent / 2);
    }
    require(mosquitto_publish(connection_.get(), nullptr, names_[topic].c_str(),
                              static_cast<int>(message.size()), message.data(), 0, false));
    ++published_;
  }
  void finish() override { sent_.wait_for(published_); }

 private:
  Counter sent_;
  Connection connection_;
  std::vector<std::string> names_;
  std::size_t published_ = 0;
};

class MosquittoSubscriber : public Subscriber {
 public:
  MosquittoSubscriber(Port server, Topics topics, Sink& sink)
      : sink_(sink), topics_(topics), connection_(server, this) {
    mosquitto_subscribe_callback_set(connection_.get(),
                                     [](mosquitto*, void* self, int, int, const int*) {
                                       static_cast<MosquittoSubscriber*>(self)->acknowledged_.add();
                                     });
    mosquitto_unsubscribe_callback_set(connection_.get(), [](mosquitto*, void* self, int) {
      static_cast<MosquittoSubscriber*>(self)->acknowledged_.add();
    });
    mosquitto_message_callback_set(connection_.get(),
                                   [](mosquitto*, void* self, const mosquitto_message* message) {
                                     static_cast<MosquittoSubscriber*>(self)->sink_.take(
                                         {static_cast<const char*>(message->payload),
                                          static_cast<std::size_t>(message->payloadlen)});
                                   });
    connection_.start();
    for (std::size_t i = 0; i < topics.count; ++i) {
      require(
          mosquitto_subscribe(connection_.get(), nullptr, topic_name(topics.first + i).c_str(), 0));
    }
    acknowledged_.wait_for(topics.count);
  }
  ~MosquittoSubscriber() override { connection_.stop(); }

  Farewell unsubscribe() override {
    for (std::size_t i = 0; i < topics_.count; ++i) {
      require(
          mosquitto_unsubscribe(connection_.get(), nullptr, topic_name(topics_.first + i).c_str()));
    }
    acknowledged_.wait_for(2 * topics_.count);
    return Farewell::kConfirmed;
  }

 private:
  Sink& sink_;
  Topics topics_;
  Counter acknowledged_;
  Connection connection_;
};

class MosquittoCluster : public Cluster {
 public:
  MosquittoCluster(const fs::path& program, const Workload& workload, const fs::path& folder)
      : topics_(workload.topics), ports_(free_ports(workload.servers)) {
    mosquitto_lib_init();
    for (std::size_t i = 0; i < workload.servers; ++i) {
      const std::string name = "server" + std::to_string(i);
      // As another user, which it would choose, it would not be killed with us.
      std::string config = "listener " + std::to_string(ports_[i]) +
                           " 127.0.0.1\nuser root\nallow_anonymous true\npersistence false\n"
                           "max_queued_messages 0\nset_tcp_nodelay true\n";
      if (i > 0) {
        config += "connection " + name + "\naddress " + local(ports_[0]) +
                  "\ntopic # both 0\ntry_private true\nrestart_timeout 1\n";
      }
      const fs::path file = folder / (name + ".conf");
      write_file(file, config);
      servers_.emplace_back(std::vector<std::string>{program.string(), "-c", file.string()},
                            folder / (name + ".log"), ports_[i]);
    }
  }

  std::vector<pid_t> processes() const override {
    std::vector<pid_t> pids;
    for (const Server& server : servers_) pids.push_back(server.pid());
    return pids;
  }
  std::unique_ptr<Publisher> publisher(std::size_t index) const override {
    return std::make_unique<MosquittoPublisher>(ports_[index % ports_.size()], topics_);
  }
  std::unique_ptr<Subscriber> subscriber(std::size_t index, Topics topics,
                                         Sink& sink) const override {
    return std::make_unique<MosquittoSubscriber>(ports_[index % ports_.size()], topics, sink);
  }

 private:
  std::size_t topics_;
  std::vector<Port> ports_;
  std::vector<Server> servers_;
};

class MosquittoSystem : public System {
 public:
  std::string name() const override { return "mosquitto"; }
  std::string description() const override {
    const auto program = find_program("mosquitto");
    return (program ? first_line_of(program->string() + " -h") : "") +
           ", bridges in a star, QoS 0, no queue limits; libmosquitto, TCP_NODELAY";
  }
  std::optional<std::string> absence() const override {
    if (find_program("mosquitto")) return std::nullopt;
    return "mosquitto is not installed";
  }
  std::unique_ptr<Cluster> start(const Workload& workload, const fs::path& folder) const override {
    return std::make_unique<MosquittoCluster>(find_program("mosquitto").value(), workload, folder);
  }
};

}  // namespace

std::unique_ptr<System> mosquitto_system() { return std::make_unique<MosquittoSystem>(); }

}  // namespace phyllo::bench
