#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "phyllo/borders_info.h"
#include "phyllo/cast.h"
#include "phyllo/client_options.h"
#include "phyllo/client_stats.h"
#include "phyllo/connection_event.h"
#include "phyllo/gap.h"
#include "phyllo/message.h"
#include "phyllo/peers_info.h"
#include "phyllo/publisher.h"
#include "phyllo/reach.h"
#include "phyllo/status.h"
#include "phyllo/subscribe_options.h"
#include "phyllo/subscription.h"
#include "phyllo/tree_info.h"

namespace phyllo {

namespace internal {
class Core;
}  // namespace internal

/// A program's connection to Phyllo: to one of the listed brokers at a time, found again by itself
/// when it is lost. Subscriptions are then renewed and unacknowledged messages sent again; nothing
/// arrives twice, and what was missed arrives as a Gap.
///
///     phyllo::Client client({"tcp://localhost:7401"});
///     client.publisher("sensors/temp").publish("21.5");
///
///     auto sub = client.subscribe("sensors/temp", [](const phyllo::Message& m) { … });
///
/// Threads: every member may be called from any thread and inside any callback, the destructor
/// included (for a client on the heap that its own callback deletes; the callback must not touch
/// the client or what it owns afterwards). Callbacks run on threads of the client, one at a time by
/// default. Publisher and Subscription objects may outlive their client.
///
/// A callback that throws does no harm: see ClientOptions::on_exception. No member throws, except
/// std::bad_alloc and std::system_error (no thread could be started). Do not use a client across
/// fork().
class Client {
 public:
  /// Starts to connect in the background and returns at once. `brokers` says where brokers listen
  /// for programs, "tcp://host:port" or "ipc:///path", at least one. An invalid endpoint or option
  /// makes a closed client: status() tells why, and so does every call.
  explicit Client(std::vector<std::string> brokers, ClientOptions options = {});
  Client(Client&&) noexcept = default;
  Client& operator=(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// close(ClientOptions::close_timeout).
  ~Client();

  /// Never fails: a wrong topic name shows in the publisher's status() and in every publish.
  Publisher publisher(std::string_view topic);

  /// Callback style. Returns when the subscription is live (everything published from then on is
  /// received or reported as a gap), or when it failed or timed out: see Subscription::status().
  /// The handler may run before this returns.
  Subscription subscribe(std::string_view topic, MessageHandler handler,
                         SubscribeOptions options = {});
  /// Pull style: take the messages with Subscription::next.
  Subscription subscribe(std::string_view topic, SubscribeOptions options = {});
  /// Returns at once; `on_done` is called once, with ok when the subscription is live or with the
  /// reason why it ended before, unless the subscription or the client is closed first. Without
  /// `handler`: pull style.
  Subscription subscribe_async(std::string_view topic, MessageHandler handler,
                               StatusHandler on_done, SubscribeOptions options = {});

  /// Gives one message to one of the topic's subscribers that take casts (SubscribeOptions::casts):
  /// to one near this client's broker, of its region if anybody there takes it, in turn where there
  /// are several at one broker; who has no credit left is passed over. kTimeout when the outcome is
  /// not known in time, kUnavailable when the connection was lost meanwhile (somebody may have the
  /// message), kTooLarge, kLimit, kInvalidArgument, kClosed. Not kept and never sent again by
  /// itself.
  StatusOr<CastOutcome> anycast(std::string_view topic, std::string_view payload,
                                std::chrono::milliseconds timeout);
  /// The same to `wanted` of them, 1 to 1000, each at most once.
  StatusOr<CastOutcome> manycast(std::string_view topic, std::uint32_t wanted,
                                 std::string_view payload, std::chrono::milliseconds timeout);
  /// Returns at once; `on_done` is called once with the outcome, unless the client is closed first.
  void manycast_async(std::string_view topic, std::uint32_t wanted, std::string_view payload,
                      std::chrono::milliseconds timeout, CastHandler on_done);

  /// Waits until everything published before the call, to any topic, was acknowledged by the
  /// topics' roots. kRefused with the first reason when some of it was refused, kTimeout, kClosed.
  Status flush(std::chrono::milliseconds timeout);

  /// Takes nothing more, waits up to `timeout` until everything published was acknowledged, then
  /// ends the connection, all subscriptions and all threads. Calling it again is harmless. Never
  /// waits longer than `timeout` for anything: kTimeout when something was left unacknowledged (it
  /// may or may not arrive) or a callback did not return. Inside a callback it does not wait for
  /// that callback.
  Status close(std::chrono::milliseconds timeout);

  /// Ok while connected; kUnavailable with the last reason while not; kClosed; kInvalidArgument for
  /// invalid options.
  Status status() const;
  /// The broker connected to now.
  std::optional<BrokerInfo> broker() const;
  /// Waits until status() is ok.
  Status wait_connected(std::chrono::milliseconds timeout);
  ClientStats stats() const;

  /// How many subscribers the topic has in all regions. Asks the brokers of its trees, so it is no
  /// question for every message: Publisher::reach is that, for the broker's own region.
  StatusOr<Reach> reach(std::string_view topic, std::chrono::milliseconds timeout);

  /// For tools: the tree of a topic as the brokers of the cluster see it.
  StatusOr<TreeInfo> tree(std::string_view topic, std::chrono::milliseconds timeout);
  /// For tools: what the connected broker knows of the other brokers.
  StatusOr<PeersInfo> peers(std::chrono::milliseconds timeout);
  /// For tools: what the connected broker exchanged with other regions, and what that costs.
  StatusOr<BordersInfo> borders(std::chrono::milliseconds timeout);
  /// Round trip to the connected broker and back through this client's queues.
  StatusOr<std::chrono::microseconds> ping(std::chrono::milliseconds timeout);

 private:
  std::shared_ptr<internal::Core> core_;
};

}  // namespace phyllo
