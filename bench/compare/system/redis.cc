#include "bench/compare/system/redis.h"

#include <hiredis/hiredis.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <atomic>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>

#include "bench/compare/system/server.h"

namespace phyllo::bench {
namespace {

namespace fs = std::filesystem;

/// Commands that may wait for their answers, and bytes that the driver collects.
constexpr std::size_t kPipeline = 1000;
constexpr std::size_t kCollected = 64 << 10;

using Reply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

/// A connection of hiredis.
class Connection {
 public:
  explicit Connection(Port server) : context_(redisConnect("127.0.0.1", server)) {
    if (context_ == nullptr || context_->err != 0) throw std::runtime_error("redis: no connection");
  }
  ~Connection() { redisFree(context_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  redisContext* get() const { return context_; }
  Reply reply() const {
    void* reply = nullptr;
    if (redisGetReply(context_, &reply) != REDIS_OK) {
      throw std::runtime_error(std::string("redis: ") + context_->errstr);
    }
    return {static_cast<redisReply*>(reply), &freeReplyObject};
  }
  void write_all() const {
    int done = 0;
    while (done == 0) {
      if (redisBufferWrite(context_, &done) != REDIS_OK) {
        throw std::runtime_error(std::string("redis: ") + context_->errstr);
      }
    }
  }
  /// Without the library's buffer.
  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = send(context_->fd, text.data(), text.size(), MSG_NOSIGNAL);
      if (written < 0) throw std::runtime_error("redis: cannot write");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  redisContext* context_;
};

class RedisPublisher : public Publisher {
 public:
  RedisPublisher(Port server, std::size_t topics) : connection_(server) {
    for (std::size_t i = 0; i < topics; ++i) channels_.push_back(topic_name(i));
  }

  void publish(std::size_t topic, std::string_view message) override {
    const std::string& channel = channels_[topic];
    const char* words[] = {"PUBLISH", channel.data(), message.data()};
    const std::size_t sizes[] = {7, channel.size(), message.size()};
    redisAppendCommandArgv(connection_.get(), 3, words, sizes);
    collected_ += message.size() + 64;
    if (collected_ >= kCollected) pause();
    if (++unanswered_ >= kPipeline) take_answers(kPipeline / 2);
  }
  void pause() override {
    connection_.write_all();
    collected_ = 0;
  }
  void finish() override {
    pause();
    take_answers(unanswered_);
  }

 private:
  void take_answers(std::size_t count) {
    pause();
    for (; count > 0; --count, --unanswered_) connection_.reply();
  }

  Connection connection_;
  std::vector<std::string> channels_;
  std::size_t collected_ = 0;
  std::size_t unanswered_ = 0;
};

class RedisSubscriber : public Subscriber {
 public:
  RedisSubscriber(Port server, Topics topics, Sink& sink)
      : connection_(server), sink_(sink), topics_(topics) {
    for (std::size_t i = 0; i < topics.count; ++i) {
      redisAppendCommand(connection_.get(), "SUBSCRIBE %s", topic_name(topics.first + i).c_str());
    }
    for (std::size_t i = 0; i < topics.count; ++i) connection_.reply();
    thread_ = std::jthread([this](const std::stop_token& stop) { receive(stop); });
  }

  /// The other thread is waiting for answers: the commands go past the library.
  Farewell unsubscribe() override {
    std::string commands;
    for (std::size_t i = 0; i < topics_.count; ++i) {
      commands += "UNSUBSCRIBE " + topic_name(topics_.first + i) + "\r\n";
    }
    connection_.write(commands);
    for (std::size_t count = 0; count < topics_.count; count = unsubscribed_) {
      unsubscribed_.wait(count);
    }
    return Farewell::kConfirmed;
  }

 private:
  void receive(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const Reply reply = connection_.reply();
      if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3) continue;
      const redisReply& message = *reply->element[2];
      if (message.type == REDIS_REPLY_STRING) sink_.take({message.str, message.len});
      if (message.type == REDIS_REPLY_INTEGER) {
        ++unsubscribed_;
        unsubscribed_.notify_one();
      }
    }
  }

  Connection connection_;
  Sink& sink_;
  Topics topics_;
  std::atomic<std::size_t> unsubscribed_ = 0;
  std::jthread thread_;
};

class RedisCluster : public Cluster {
 public:
  RedisCluster(const fs::path& program, const Workload& workload, const fs::path& folder)
      : topics_(workload.topics), ports_(free_ports(workload.servers)) {
    for (std::size_t i = 0; i < workload.servers; ++i) {
      const std::string name = "server" + std::to_string(i);
      std::string config = "bind 127.0.0.1\nport " + std::to_string(ports_[i]) + "\ndir " +
                           folder.string() + "\ndbfilename " + name +
                           ".rdb\nsave \"\"\nappendonly no\n"
                           "client-output-buffer-limit pubsub 0 0 0\n"
                           "client-output-buffer-limit replica 0 0 0\n"
                           "repl-diskless-sync-delay 0\n";
      if (i > 0) config += "replicaof 127.0.0.1 " + std::to_string(ports_[0]) + "\n";
      const fs::path file = folder / (name + ".conf");
      write_file(file, config);
      servers_.emplace_back(std::vector<std::string>{program.string(), file.string()},
                            folder / (name + ".log"), ports_[i]);
    }
  }

  std::vector<pid_t> processes() const override {
    std::vector<pid_t> pids;
    for (const Server& server : servers_) pids.push_back(server.pid());
    return pids;
  }
  std::unique_ptr<Publisher> publisher(std::size_t /*index*/) const override {
    return std::make_unique<RedisPublisher>(ports_.front(), topics_);
  }
  std::unique_ptr<Subscriber> subscriber(std::size_t index, Topics topics,
                                         Sink& sink) const override {
    return std::make_unique<RedisSubscriber>(ports_[index % ports_.size()], topics, sink);
  }

 private:
  std::size_t topics_;
  std::vector<Port> ports_;
  std::vector<Server> servers_;
};

class RedisSystem : public System {
 public:
  std::string name() const override { return "redis"; }
  std::string description() const override {
    const auto program = find_program("redis-server");
    return (program ? first_line_of(program->string() + " --version") : "") +
           ", master with replicas, nothing persistent, no output limits; hiredis with a pipeline "
           "of " +
           std::to_string(kPipeline);
  }
  std::optional<std::string> absence() const override {
    if (find_program("redis-server")) return std::nullopt;
    return "redis-server is not installed";
  }
  std::unique_ptr<Cluster> start(const Workload& workload, const fs::path& folder) const override {
    return std::make_unique<RedisCluster>(find_program("redis-server").value(), workload, folder);
  }
};

}  // namespace

std::unique_ptr<System> redis_system() { return std::make_unique<RedisSystem>(); }

}  // namespace phyllo::bench
