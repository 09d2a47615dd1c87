#include "sdk/src/core.h"

#include <algorithm>
#include <future>
#include <random>
#include <utility>

#include "base/batch_body.h"
#include "base/topic_name.h"
#include "sdk/src/cast_callback.h"
#include "sdk/src/options_check.h"

namespace phyllo::internal {
namespace {

Status client_closed() { return {StatusCode::kClosed, "the client is closed"}; }

std::uint64_t fresh_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

/// Ok, or kInvalidArgument with the reason and the position.
Status check_topic(std::string_view topic) {
  const auto parsed = TopicName::parse(topic);
  if (parsed.ok()) return {};
  return {StatusCode::kInvalidArgument, parsed.error().message};
}

}  // namespace

Core::Core(std::vector<std::string> brokers, ClientOptions options)
    : Core(std::move(brokers), std::move(options), Seeds{fresh_seed(), fresh_seed()}) {}

Core::Core(std::vector<std::string> brokers, ClientOptions options, Seeds seeds)
    : close_timeout_(options.close_timeout),
      subscribe_timeout_(options.subscribe_timeout),
      max_message_bytes_(options.max_message_bytes),
      waker_(std::make_shared<Waker>()),
      outbox_(std::make_shared<Outbox>(
          Outbox::Limits{options.publish_queue_bytes, options.max_message_bytes}, seeds.outbox,
          waker_)),
      mailbox_(std::make_shared<Mailbox>(waker_)),
      dispatcher_(std::make_shared<Dispatcher>(waker_)),
      events_(std::make_shared<Events>(options, dispatcher_)),
      state_(std::make_shared<ConnectionState>()),
      counters_(std::make_shared<Counters>()) {
  Status valid = check_options(brokers, options);
  if (valid.ok()) {
    start(std::move(brokers), options, seeds.connector);
  } else {
    outbox_->never_open(valid);
    state_->closed(std::move(valid));
    mailbox_->close();
    dispatcher_->stop(Instant::min());
  }
}

void Core::start(std::vector<std::string> brokers, const ClientOptions& options,
                 std::uint64_t seed) {
  const auto choice = brokers.size() > 1 ? Session::Brokers::kSeveral : Session::Brokers::kOne;
  Session session({options.name, options.connect_timeout, choice},
                  {outbox_, events_, state_, counters_});
  Connector connector(std::move(brokers), options.order, options.reconnect, seed);
  const Link::Limits limits{options.max_receive_bytes, options.connect_timeout};
  reactor_ =
      std::make_shared<Reactor>(std::move(session), std::move(connector), limits, mailbox_, waker_);
  dispatcher_->start(options.callback_threads, [reactor = reactor_] { return reactor->serve(); });
  outbox_->send_through(reactor_);
}

Core::~Core() { close(std::chrono::milliseconds::zero()); }

Publisher Core::publisher(std::string_view topic) {
  if (Status valid = check_topic(topic); !valid.ok()) return {nullptr, nullptr, std::move(valid)};
  auto channel = outbox_->channel(std::string(topic));
  if (!channel.ok()) return {nullptr, nullptr, channel.status()};
  return {outbox_, *channel, Status()};
}

Subscription Core::subscribe(std::string_view topic, MessageHandler handler, StatusHandler on_done,
                             SubscribeOptions options) {
  Feed::Setup setup;
  // Numbers come again only after four thousand million subscriptions of one client.
  setup.id = ++last_subscription_;
  if (setup.id == 0) setup.id = ++last_subscription_;
  setup.topic = std::string(topic);
  setup.on_message = std::move(handler);
  setup.on_done = std::move(on_done);
  setup.patience = close_timeout_;
  setup.deadline = deadline_after(Clock::now(), options.timeout.value_or(subscribe_timeout_));
  setup.options = std::move(options);
  Status valid = check_topic(topic);
  const auto feed = std::make_shared<Feed>(std::move(setup), mailbox_, dispatcher_, events_);
  if (!valid.ok()) {
    feed->end(std::move(valid));
  } else if (!mailbox_->post(Join{feed})) {
    feed->end(reactor_ ? client_closed() : state_->status());
  }
  return Subscription(feed);
}

Reply Core::ask(Question question, std::chrono::milliseconds timeout) {
  const auto promise = std::make_shared<std::promise<Reply>>();
  std::future<Reply> reply = promise->get_future();
  Ask ask{std::move(question), deadline_after(Clock::now(), timeout),
          [promise](Reply answer) { promise->set_value(std::move(answer)); }};
  if (!mailbox_->post(std::move(ask))) return state_->status();
  // The reactor enforces the deadline, and closing answers what is left.
  return reply.get();
}

Reply Core::cast(std::string_view topic, std::uint32_t wanted, std::string_view payload,
                 std::chrono::milliseconds timeout) {
  auto question = check_cast(topic, wanted, payload);
  if (!question.ok()) return question.status();
  return ask(*question, timeout);
}

void Core::cast_async(std::string_view topic, std::uint32_t wanted, std::string_view payload,
                      std::chrono::milliseconds timeout, CastHandler on_done) {
  const auto told = std::make_shared<CastCallback>(std::move(on_done), events_);
  const auto tell = [told, dispatcher = dispatcher_](Reply reply) {
    told->outcome(std::move(reply));
    dispatcher->post(told);
  };
  auto question = check_cast(topic, wanted, payload);
  if (!question.ok()) return tell(question.status());
  const Instant deadline = deadline_after(Clock::now(), timeout);
  if (!mailbox_->post(Ask{*question, deadline, tell})) tell(state_->status());
}

StatusOr<CastQuestion> Core::check_cast(std::string_view topic, std::uint32_t wanted,
                                        std::string_view payload) const {
  constexpr std::uint32_t kMost = 1000;
  if (Status valid = check_topic(topic); !valid.ok()) return valid;
  if (wanted == 0 || wanted > kMost) {
    return Status(StatusCode::kInvalidArgument, "a cast is for 1 to " + std::to_string(kMost) +
                                                    " subscribers, not " + std::to_string(wanted));
  }
  std::size_t limit = max_message_bytes_;
  if (const auto broker = state_->broker(); broker && broker->max_message_bytes != 0) {
    limit = std::min<std::size_t>(limit, broker->max_message_bytes);
  }
  if (payload.size() > limit) {
    return Status(StatusCode::kTooLarge, "a message of " + std::to_string(payload.size()) +
                                             " bytes exceeds the limit of " +
                                             std::to_string(limit));
  }
  BatchBodyWriter body;
  body.append(payload);
  return CastQuestion{std::string(topic), wanted, body.take()};
}

ClientStats Core::stats() const {
  ClientStats stats;
  outbox_->count(stats);
  stats.connects = counters_->connects;
  stats.failed_attempts = counters_->failed_attempts;
  stats.malformed_frames = counters_->malformed_frames;
  stats.altered_frames = counters_->altered_frames;
  stats.subscriptions = counters_->subscriptions;
  stats.callback_exceptions = events_->exceptions();
  return stats;
}

Status Core::close(std::chrono::milliseconds timeout) {
  const Instant deadline = deadline_after(Clock::now(), timeout);
  {
    std::unique_lock lock(closing_mutex_);
    if (closing_ != Closing::kOpen) {
      // Somebody else closes: wait for that, unless that one waits for this callback to return.
      const auto done = [&] { return closing_ == Closing::kDone; };
      if (!done() && dispatcher_->runs_this_thread()) {
        return {StatusCode::kTimeout, "another thread is closing the client"};
      }
      if (deadline == kNoDeadline) {
        closed_changed_.wait(lock, done);
      } else if (!closed_changed_.wait_until(lock, deadline, done)) {
        return {StatusCode::kTimeout, "the client is still being closed"};
      }
      return close_status_;
    }
    closing_ = Closing::kUnderWay;
  }
  Status status = tear_down(deadline);
  const std::lock_guard lock(closing_mutex_);
  closing_ = Closing::kDone;
  close_status_ = status;
  closed_changed_.notify_all();
  return status;
}

Status Core::tear_down(Instant deadline) {
  if (!reactor_) return {};
  outbox_->refuse_more();
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  Status status =
      deadline == kNoDeadline ? outbox_->flush_all(left.max()) : outbox_->flush_all(left);
  state_->closed(client_closed());
  mailbox_->post(Shut{});
  reactor_->join();
  end_left_over(mailbox_->close());
  outbox_->close();
  std::vector<std::shared_ptr<Feed>> feeds = reactor_->give_up(client_closed());
  for (const auto& feed : feeds) feed->end(client_closed());
  // Idle callback threads need a moment to end, also when the time is over.
  constexpr std::chrono::milliseconds kMoment{100};
  const bool returned = dispatcher_->stop(std::max(deadline, Clock::now() + kMoment));
  // What the callbacks captured may hold this client: let go of it here.
  for (const auto& feed : feeds) feed->release_handlers();
  events_->release();
  if (!returned && status.ok()) {
    status = Status(StatusCode::kTimeout, "a callback did not return in time");
  }
  return status;
}

/// What was asked after the reactor looked for the last time.
void Core::end_left_over(std::vector<Command> commands) {
  for (Command& command : commands) {
    if (auto* join = std::get_if<Join>(&command)) {
      join->feed->end(client_closed());
      join->feed->release_handlers();
    } else if (auto* ask = std::get_if<Ask>(&command)) {
      ask->reply(client_closed());
    }
  }
}

}  // namespace phyllo::internal
