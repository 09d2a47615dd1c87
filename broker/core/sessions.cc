#include "broker/core/sessions.h"

#include <algorithm>
#include <utility>

#include "base/batch_body.h"
#include "broker/core/client_codec.h"
#include "multicast/messages.h"

namespace phyllo::broker {
namespace {

/// Heartbeats for which a program may keep its hello waiting.
constexpr int kHeartbeatsToHello = 3;
/// How often sessions are looked at within a heartbeat, and how early a ping goes out for that.
constexpr int kLooksPerHeartbeat = 4;
/// Batches the forest had no room for are offered again this often, besides when room was reported.
constexpr Duration kRetry = std::chrono::milliseconds(20);
constexpr std::size_t kNameMaximum = 64;
/// In a refusal: it speaks of the connection, not of a request.
constexpr std::uint32_t kConnection = 0;

Error error(ErrorCode code, std::string message) { return {code, std::move(message)}; }

std::uint32_t milliseconds(Duration duration) {
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

}  // namespace

Sessions::Sessions(const ClientLimits& limits, Host host, std::uint64_t secret,
                   regions::Fence fence)
    : limits_(limits),
      host_(std::move(host)),
      gate_(std::move(fence), host_.region),
      secret_(secret),
      subscribers_(limits_, gate_, LossPlace{host_.node, host_.region}, secret),
      publications_(limits_, gate_) {}

// --- programs ---

void Sessions::connected(Time now, SessionId id, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  ++counters_.connections;
  Session& session =
      sessions_.try_emplace(id, id, now, limits_.publish_window_bytes, secret_).first->second;
  if (draining_) {
    out.condemn(session, error(ErrorCode::kUnavailable, "this broker is stopping: " + *draining_));
  } else if (sessions_.size() > limits_.clients) {
    out.condemn(session,
                error(ErrorCode::kLimit, "this broker serves at most " +
                                             std::to_string(limits_.clients) + " clients"));
  }
  if (next_liveness_ == kNever) next_liveness_ = now + limits_.heartbeat / kLooksPerHeartbeat;
  end_condemned(out);
}

void Sessions::message(Time now, SessionId id, overlay::Wire wire, SessionEffects& effects) {
  Session* session = find(id);
  if (session == nullptr) {
    ++counters_.stray_frames;
    return;
  }
  Outbox out(now, effects, counters_);
  session->heard(now);
  auto frame = client::decode_client_frame(std::move(wire));
  if (!frame) {
    const bool altered = frame.error().code == ErrorCode::kAltered;
    ++(altered ? counters_.altered_frames : counters_.malformed_frames);
    out.condemn(*session, frame.error());
  } else {
    handle(*session, std::move(*frame), out);
  }
  end_condemned(out);
}

void Sessions::gone(Time now, SessionId id, SessionEffects& effects) {
  Session* session = find(id);
  if (session == nullptr) return;
  Outbox out(now, effects, counters_);
  remove(*session, out);
}

void Sessions::handle(Session& session, client::ClientFrame frame, Outbox& out) {
  if (auto* hello = std::get_if<client::Hello>(&frame)) return greet(session, *hello, out);
  if (!session.greeted()) {
    return out.condemn(session, error(ErrorCode::kRefused, "the first frame must be a hello"));
  }
  if (auto* publication = std::get_if<client::Publish>(&frame)) {
    publications_.publish(session, std::move(*publication), out);
  } else if (auto* wish = std::get_if<client::Subscribe>(&frame)) {
    subscribers_.subscribe(session, *wish, out);
  } else if (auto* end = std::get_if<client::Unsubscribe>(&frame)) {
    subscribers_.unsubscribe(session, end->subscription, out);
  } else if (auto* credit = std::get_if<client::Credit>(&frame)) {
    subscribers_.credit(session, *credit, out);
  } else if (auto* ping = std::get_if<client::Ping>(&frame)) {
    out.tell(session, client::Pong{ping->nonce});
  } else if (auto* wanted = std::get_if<client::Cast>(&frame)) {
    cast(session, std::move(*wanted), out);
  } else if (const auto* answer = std::get_if<client::OfferAnswer>(&frame)) {
    offers_.answer(session, *answer, out);
  } else if (auto* query = std::get_if<client::Query>(&frame)) {
    ask(session, std::move(*query), out);
  } else if (std::holds_alternative<client::ClientBye>(frame)) {
    out.ask_below(Hangup{session.id(), "the client said goodbye", Closing::kAtOnce});
    remove(session, out);
  }
}

void Sessions::ask(Session& session, client::Query query, Outbox& out) {
  if (const auto* tree = std::get_if<client::TreeQuery>(&query.what)) {
    const auto topic = gate_.admit(tree->topic);
    if (!topic) return out.refuse(session, topic.error(), query.request);
  }
  out.ask_below(Asked{session.id(), std::move(query)});
}

void Sessions::cast(Session& session, client::Cast cast, Outbox& out) {
  auto topic = gate_.admit(cast.topic);
  if (!topic) return out.refuse(session, topic.error(), cast.request);
  if (cast.wanted == 0 || cast.wanted > multicast::kMaxWanted) {
    return out.refuse(session,
                      error(ErrorCode::kInvalidArgument,
                            "a cast is for 1 to " + std::to_string(multicast::kMaxWanted) +
                                " subscribers, not " + std::to_string(cast.wanted)),
                      cast.request);
  }
  const Outcome checked = check_batch_body(cast.body.view(), 1, limits_.message_bytes);
  if (!checked) return out.refuse(session, checked.error(), cast.request);
  ++counters_.casts;
  out.ask_below(
      CastAsked{session.id(), cast.request, *std::move(topic), cast.wanted, std::move(cast.body)});
}

void Sessions::greet(Session& session, const client::Hello& hello, Outbox& out) {
  if (session.greeted()) {
    return out.condemn(session, error(ErrorCode::kRefused, "a second hello"));
  }
  if (hello.min_version > client::kVersion || hello.max_version < client::kVersion) {
    return out.condemn(
        session,
        error(ErrorCode::kRefused,
              "this broker speaks version " + std::to_string(client::kVersion) +
                  " of the client protocol, the client versions " +
                  std::to_string(hello.min_version) + " to " + std::to_string(hello.max_version)));
  }
  if (hello.name.size() > kNameMaximum) {
    return out.condemn(session, error(ErrorCode::kTooLarge, "a client's name may have 64 bytes"));
  }
  session.greet(hello.name);
  client::Welcome welcome;
  welcome.node = host_.node;
  welcome.region = host_.region;
  welcome.cluster = host_.cluster;
  welcome.max_message_bytes = limits_.message_bytes;
  welcome.publish_window_bytes = limits_.publish_window_bytes;
  welcome.heartbeat_ms = milliseconds(limits_.heartbeat);
  welcome.answers_ms = milliseconds(host_.answers);
  welcome.session = session.id();
  out.tell(session, std::move(welcome));
}

// --- what the forest has for them ---

void Sessions::deliver(Time now, const multicast::TopicId& topic,
                       const multicast::StreamBatch& batch, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  subscribers_.deliver(topic, batch, out);
  end_condemned(out);
}

void Sessions::deliver_gap(Time now, const multicast::TopicId& topic, const multicast::Gap& gap,
                           SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  subscribers_.deliver_gap(topic, gap, out);
  end_condemned(out);
}

void Sessions::offer(Time now, const multicast::Offer& offer, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  offers_.open(offer, out);
}

void Sessions::subscription_live(Time now, const multicast::TopicId& topic,
                                 const multicast::StreamPosition& position,
                                 SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  subscribers_.live(topic, position, out);
}

void Sessions::subscription_refused(Time now, const multicast::TopicId& topic, const Error& why,
                                    SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  subscribers_.refused(topic, why, out);
}

void Sessions::publish_taken(Time now, const PublisherTopic& publisher, multicast::Sequence up_to,
                             const multicast::Reception& reception, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  for (const SessionId id : publications_.waiting_for(publisher)) {
    publications_.taken(*find(id), publisher, up_to, reception, out);
  }
  publications_.retry(publisher.first);
}

void Sessions::published(Time now, const Outcome& outcome, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  const Ingress::Waiting* waiting = publications_.next();
  PHYLLO_CHECK(waiting != nullptr);
  publications_.handed_in(*find(waiting->session), outcome, out);
  if (publications_.anything_aside() && next_retry_ == kNever) next_retry_ = now + kRetry;
}

// --- questions ---

void Sessions::answer(Time now, SessionId id, client::Answer answer, SessionEffects& effects) {
  Session* session = find(id);
  if (session == nullptr) return;
  Outbox(now, effects, counters_).tell(*session, std::move(answer));
}

void Sessions::cast_done(Time now, SessionId id, client::CastDone done, SessionEffects& effects) {
  Session* session = find(id);
  if (session == nullptr) return;
  Outbox(now, effects, counters_).tell(*session, done);
}

void Sessions::refuse(Time now, SessionId id, std::uint32_t request, Error why,
                      SessionEffects& effects) {
  Session* session = find(id);
  if (session == nullptr) return;
  Outbox(now, effects, counters_).refuse(*session, std::move(why), request);
}

// --- time, and the end ---

void Sessions::tick(Time now, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  if (now >= next_retry_) {
    next_retry_ = kNever;
    publications_.retry_all();
  }
  offers_.tick(out);
  subscribers_.tick(out);
  if (now >= next_liveness_) {
    next_liveness_ = sessions_.empty() ? kNever : now + limits_.heartbeat / kLooksPerHeartbeat;
    check_liveness(out);
    end_condemned(out);
  }
}

Time Sessions::next_tick() const {
  return std::min({next_liveness_, next_retry_, offers_.next_tick(), subscribers_.next_tick()});
}

void Sessions::check_liveness(Outbox& out) {
  const Duration early = limits_.heartbeat / kLooksPerHeartbeat;
  for (auto& [id, session] : sessions_) {
    const Duration patience =
        session.greeted() ? limits_.silence : limits_.heartbeat * kHeartbeatsToHello;
    if (out.now() - session.last_heard() > patience) {
      ++counters_.silent_closed;
      const std::string time = std::to_string(milliseconds(patience));
      out.condemn(session, error(ErrorCode::kTimeout, "nothing heard for " + time + " ms"));
    } else if (session.greeted() && out.now() - session.last_told() >= limits_.heartbeat - early) {
      out.tell(session,
               client::Ping{static_cast<std::uint64_t>(out.now().time_since_epoch().count())});
    }
  }
}

void Sessions::drain(Time now, const std::string& reason, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  draining_ = reason;
  for (auto& [id, session] : sessions_) {
    if (session.greeted()) out.tell(session, client::Drain{reason});
  }
}

void Sessions::close_all(Time now, const std::string& reason, SessionEffects& effects) {
  Outbox out(now, effects, counters_);
  while (!sessions_.empty()) {
    Session& session = sessions_.begin()->second;
    out.tell(session, client::BrokerBye{reason});
    out.ask_below(Hangup{session.id(), reason});
    remove(session, out);
  }
}

ClientStats Sessions::stats() const {
  ClientStats stats = counters_;
  stats.clients = sessions_.size();
  stats.subscriptions = subscribers_.size();
  stats.subscribed_topics = subscribers_.topics();
  stats.queue_bytes = subscribers_.queued_bytes();
  stats.unacknowledged_bytes = publications_.unacknowledged_bytes();
  stats.waiting_batches = publications_.waiting();
  return stats;
}

Session* Sessions::find(SessionId id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

void Sessions::end_condemned(Outbox& out) {
  for (auto& [id, why] : out.take_condemned()) {
    Session* session = find(id);
    if (session == nullptr) continue;
    std::string reason = why.message;
    out.refuse(*session, std::move(why), kConnection);
    out.ask_below(Hangup{id, std::move(reason)});
    remove(*session, out);
  }
}

void Sessions::remove(Session& session, Outbox& out) {
  subscribers_.leave(session, out);
  offers_.leave(session.id(), out);
  publications_.leave(session);
  sessions_.erase(session.id());
}

}  // namespace phyllo::broker
