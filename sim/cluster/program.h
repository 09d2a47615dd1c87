#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "broker/core/client_messages.h"
#include "broker/core/effects.h"
#include "sim/cluster/client_end.h"
#include "sim/cluster/ledger.h"
#include "sim/cluster/reader.h"
#include "sim/network/network.h"

namespace phyllo::sim {

class Cluster;

/// A program that speaks the client protocol: what an SDK would do, in plain words. Keeps what it
/// published until it is acknowledged; when its broker goes away it connects to another one,
/// subscribes anew and publishes again what was not acknowledged. When its broker says that it will
/// stop, it does so at another one first, and leaves when nothing more is missing.
class Program final : public ClientEnd {
 public:
  /// Whether it takes the any- and manycasts to a topic, refuses them when asked, or says nothing
  /// of them.
  enum class Casting { kIgnores, kTakes, kDeclines };
  struct Wish {
    std::string topic;
    std::optional<broker::SlowPolicy> policy = std::nullopt;
    std::uint64_t credit = 1 << 20;
    std::uint64_t queue = 0;
    Casting casts = Casting::kIgnores;
  };

  Program(Cluster& cluster, std::string name, multicast::PublisherId publisher, StationId broker);

  // --- what the test makes it do ---

  broker::client::SubscriptionNumber subscribe(Wish wish);
  void subscribe(const std::string& topic) { subscribe(Wish{topic}); }
  void unsubscribe(broker::client::SubscriptionNumber number);
  void unsubscribe_all();
  /// Nothing when there is none.
  void unsubscribe_oldest();
  /// One batch of `count` messages; the number of the first of them.
  multicast::Sequence publish(const std::string& topic, std::uint32_t count = 1);
  /// An any- or manycast; returns the number under which `casts_done` has its outcome.
  std::uint32_t cast(const std::string& topic, std::uint32_t wanted, const std::string& text);
  /// Gives back credit for what it takes, or stops doing so.
  void stall() { stalled_ = true; }
  void resume();
  /// Answers nothing any more, as a program that hangs.
  void freeze() { frozen_ = true; }
  void ask_tree(const std::string& topic);
  void ask_peers();
  void ask_borders();
  /// Says goodbye and stays away.
  void leave();
  void say(const broker::client::ClientFrame& frame);

  // --- what became of it ---

  const std::string& name() const { return name_; }
  multicast::PublisherId publisher() const { return publisher_; }
  StationId broker() const { return broker_; }
  bool connected() const { return welcome_.has_value(); }
  bool left() const { return left_; }
  bool all_live() const;
  /// Or it will never hear of the rest.
  bool all_acknowledged() const { return unacknowledged_ == 0 || left_; }
  std::size_t subscriptions() const { return subscriptions_.size(); }
  std::set<std::string> topics() const;
  std::set<std::string> published_topics() const {
    std::set<std::string> topics;
    for (const auto& [topic, stream] : streams_) topics.insert(topic);
    return topics;
  }
  const Listening* listening(broker::client::SubscriptionNumber number) const;
  /// Those of its subscriptions that are live.
  std::vector<const Listening*> listenings() const;
  const std::vector<broker::client::Answer>& answers() const { return answers_; }
  const std::vector<broker::client::CastDone>& casts_done() const { return casts_done_; }
  const std::vector<std::string>& casts_taken() const { return casts_taken_; }
  const std::vector<broker::client::Refused>& refusals() const { return refusals_; }
  const std::vector<broker::client::PublishAck>& publish_errors() const { return publish_errors_; }
  /// How many subscribers the root knew of at the latest acknowledgement.
  std::uint64_t last_reach() const { return last_reach_; }
  std::uint64_t moves() const { return moves_; }

  // --- what the cluster tells it ---

  void received(broker::SessionId session, const overlay::Wire& wire) override;
  void connection_lost(broker::SessionId session) override;

 private:
  using Heard = std::variant<broker::client::Deliver, broker::client::GapNotice>;
  struct Subscribed {
    Wish wish;
    Listening* listening = nullptr;                  // null until acknowledged
    std::optional<Reader> reader;                    // of it
    std::uint64_t owed = 0;                          // credit not given back while stalled
    bool on_old = false;                             // the old session still serves it
    std::optional<multicast::StreamPosition> ahead;  // where the new session begins
    std::vector<Heard> heard_ahead;
  };
  struct Stream {
    multicast::Sequence next = 1;
    std::deque<multicast::Batch> unacknowledged;
    Stays<multicast::StreamId, Time> stays = {};
  };

  void connect();
  void move_elsewhere();
  void end_listening(Subscribed& subscribed);
  void hear(Subscribed& subscribed, const Heard& heard);
  void settle_credit(broker::client::SubscriptionNumber number, std::uint64_t bytes);
  void begin_listening(Subscribed& subscribed, multicast::StreamPosition position);
  void old_session_said(const Heard& heard);
  void arrive(Subscribed& subscribed);
  void leave_old();
  void publish_here();
  void look_at_move();
  void send_publish(const std::string& topic, const Stream& stream, multicast::Batch batch);
  void send_subscribe(broker::client::SubscriptionNumber number);
  void end_listenings();
  void on(const broker::client::Welcome& welcome);
  void on(const broker::client::Refused& refused) { refusals_.push_back(refused); }
  void on(const broker::client::PublishAck& ack);
  void on(const broker::client::SubscribeAck& ack);
  void on(const broker::client::Deliver& deliver);
  void on(const broker::client::GapNotice& notice);
  void on(const broker::client::Ping& ping);
  void on(const broker::client::Pong&) {}
  void on(const broker::client::Answer& answer) { answers_.push_back(answer); }
  void on(const broker::client::CastDone& done) { casts_done_.push_back(done); }
  void on(const broker::client::Offer& offer);
  void on(const broker::client::Drain& drain);
  void on(const broker::client::BrokerBye&) {}

  Cluster& cluster_;
  std::string name_;
  multicast::PublisherId publisher_;
  StationId broker_;
  std::optional<broker::SessionId> session_;
  std::optional<broker::SessionId> old_session_;  // of a broker that stops
  std::optional<broker::SessionId> publishes_;    // none: what is published waits
  std::optional<broker::client::Welcome> welcome_;
  bool stalled_ = false;
  bool frozen_ = false;
  bool left_ = false;
  std::uint64_t moves_ = 0;
  std::uint64_t last_reach_ = 0;
  std::uint32_t last_request_ = 0;
  broker::client::SubscriptionNumber last_subscription_ = 0;
  std::map<broker::client::SubscriptionNumber, Subscribed> subscriptions_;
  std::map<std::string, Stream> streams_;
  std::size_t unacknowledged_ = 0;
  std::size_t held_ = 0;  // of these, not sent to anybody yet
  std::vector<broker::client::Answer> answers_;
  std::vector<broker::client::CastDone> casts_done_;
  std::vector<std::string> casts_taken_;
  std::vector<broker::client::Refused> refusals_;
  std::vector<broker::client::PublishAck> publish_errors_;
};

}  // namespace phyllo::sim
