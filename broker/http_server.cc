#include "broker/http_server.h"

#include <httplib.h>
#include <prometheus/text_serializer.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "broker/config/socket_address.h"
#include "broker/health.h"
#include "broker/http_workers.h"
#include "broker/metrics.h"

namespace phyllo::broker {
namespace {

constexpr std::size_t kThreads = 8;
constexpr std::size_t kWaiting = 64;
constexpr std::size_t kRequestBytes = 4096;
constexpr time_t kPatienceSeconds = 2;

/// The library's default, SO_REUSEPORT, lets two brokers share a port without noticing.
void reuse_address_only(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

void answer(httplib::Response& response, const Verdict& verdict) {
  response.status = verdict.good ? 200 : 503;
  response.set_content(verdict.text + "\n", "text/plain; charset=utf-8");
}

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(const StatusBoard& board) : board_(board) {
    server_.new_task_queue = [] { return new HttpWorkers(kThreads, kWaiting); };
    server_.set_socket_options(reuse_address_only);
    server_.set_payload_max_length(kRequestBytes);
    server_.set_read_timeout(kPatienceSeconds);
    server_.set_write_timeout(kPatienceSeconds);
    // A worker would sit on a kept connection; scrapes are rare enough to connect anew.
    server_.set_keep_alive_max_count(1);
    server_.set_keep_alive_timeout(1);
    serve();
  }

  ~Impl() {
    if (!thread_.joinable()) return;
    server_.stop();
    thread_.join();
  }

  Outcome listen(const HostPort& address) {
    const std::string host = address.host == "*" ? "0.0.0.0" : address.host;
    errno = 0;
    port_ = address.port != 0 ? (server_.bind_to_port(host, address.port) ? int{address.port} : -1)
                              : server_.bind_to_any_port(host);
    if (port_ <= 0) {
      return Error{ErrorCode::kUnavailable, "cannot listen on http://" + show_host_port(address) +
                                                ": " + std::strerror(errno)};
    }
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // Stopping it before it runs would have no effect.
    while (!server_.is_running()) std::this_thread::yield();
    return Done{};
  }

  std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

 private:
  void serve() {
    server_.Get("/healthz", [this](const httplib::Request&, httplib::Response& response) {
      answer(response, health(board_.latest().get(), std::chrono::steady_clock::now()));
    });
    server_.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      answer(response, readiness(board_.latest().get(), std::chrono::steady_clock::now()));
    });
    server_.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
      const auto status = board_.latest();
      if (status == nullptr) return answer(response, {false, "starting"});
      response.set_content(prometheus::TextSerializer().Serialize(metrics_of(*status)),
                           "text/plain; version=0.0.4; charset=utf-8");
    });
  }

  const StatusBoard& board_;
  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HostPort& listen,
                                                      const StatusBoard& board) {
  auto impl = std::make_unique<Impl>(board);
  if (auto listening = impl->listen(listen); !listening) return listening.error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return impl_->port(); }

}  // namespace phyllo::broker
