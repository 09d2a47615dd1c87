#include "phyllo/client.h"

#include <utility>

#include "sdk/src/core.h"

namespace phyllo {
namespace {

Status no_client() { return {StatusCode::kClosed, "the client was moved from"}; }

template <class T>
StatusOr<T> as(internal::Reply reply) {
  if (auto* value = std::get_if<T>(&reply)) return std::move(*value);
  return std::get<Status>(std::move(reply));
}

}  // namespace

Client::Client(std::vector<std::string> brokers, ClientOptions options)
    : core_(std::make_shared<internal::Core>(std::move(brokers), std::move(options))) {}

Client& Client::operator=(Client&& other) noexcept {
  if (this != &other) {
    if (core_) core_->close(core_->close_timeout());
    core_ = std::move(other.core_);
  }
  return *this;
}

Client::~Client() {
  if (core_) core_->close(core_->close_timeout());
}

Publisher Client::publisher(std::string_view topic) {
  return core_ ? core_->publisher(topic) : Publisher();
}

Subscription Client::subscribe(std::string_view topic, MessageHandler handler,
                               SubscribeOptions options) {
  Subscription made =
      subscribe_async(topic, std::move(handler), StatusHandler(), std::move(options));
  made.wait_live();
  return made;
}

Subscription Client::subscribe(std::string_view topic, SubscribeOptions options) {
  return subscribe(topic, MessageHandler(), std::move(options));
}

Subscription Client::subscribe_async(std::string_view topic, MessageHandler handler,
                                     StatusHandler on_done, SubscribeOptions options) {
  if (!core_) return {};
  return core_->subscribe(topic, std::move(handler), std::move(on_done), std::move(options));
}

StatusOr<CastOutcome> Client::anycast(std::string_view topic, std::string_view payload,
                                      std::chrono::milliseconds timeout) {
  return manycast(topic, 1, payload, timeout);
}

StatusOr<CastOutcome> Client::manycast(std::string_view topic, std::uint32_t wanted,
                                       std::string_view payload,
                                       std::chrono::milliseconds timeout) {
  if (!core_) return no_client();
  return as<CastOutcome>(core_->cast(topic, wanted, payload, timeout));
}

void Client::manycast_async(std::string_view topic, std::uint32_t wanted, std::string_view payload,
                            std::chrono::milliseconds timeout, CastHandler on_done) {
  if (core_) core_->cast_async(topic, wanted, payload, timeout, std::move(on_done));
}

Status Client::flush(std::chrono::milliseconds timeout) {
  return core_ ? core_->flush(timeout) : no_client();
}

Status Client::close(std::chrono::milliseconds timeout) {
  return core_ ? core_->close(timeout) : Status();
}

Status Client::status() const { return core_ ? core_->status() : no_client(); }

std::optional<BrokerInfo> Client::broker() const { return core_ ? core_->broker() : std::nullopt; }

Status Client::wait_connected(std::chrono::milliseconds timeout) {
  return core_ ? core_->wait_connected(timeout) : no_client();
}

ClientStats Client::stats() const { return core_ ? core_->stats() : ClientStats(); }

StatusOr<Reach> Client::reach(std::string_view topic, std::chrono::milliseconds timeout) {
  const StatusOr<TreeInfo> tree = this->tree(topic, timeout);
  if (!tree) return tree.status();
  Reach reach;
  for (const TreeNode& node : tree->nodes) reach.subscribers += node.local_subscribers;
  for (const TreeRegion& region : tree->regions) {
    if (!region.complete) reach.unheard.push_back(region.region);
  }
  reach.regions_unknown = tree->regions_unknown;
  reach.complete = tree->complete;
  return reach;
}

StatusOr<TreeInfo> Client::tree(std::string_view topic, std::chrono::milliseconds timeout) {
  if (!core_) return no_client();
  return as<TreeInfo>(core_->ask(internal::TreeQuestion{std::string(topic)}, timeout));
}

StatusOr<PeersInfo> Client::peers(std::chrono::milliseconds timeout) {
  if (!core_) return no_client();
  return as<PeersInfo>(core_->ask(internal::PeersQuestion{}, timeout));
}

StatusOr<BordersInfo> Client::borders(std::chrono::milliseconds timeout) {
  if (!core_) return no_client();
  return as<BordersInfo>(core_->ask(internal::BordersQuestion{}, timeout));
}

StatusOr<std::chrono::microseconds> Client::ping(std::chrono::milliseconds timeout) {
  if (!core_) return no_client();
  return as<std::chrono::microseconds>(core_->ask(internal::PingQuestion{}, timeout));
}

}  // namespace phyllo
