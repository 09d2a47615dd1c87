#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/topic_name.h"
#include "cli/complaint.h"
#include "cli/connection.h"
#include "cli/json_output.h"
#include "cli/message_text.h"
#include "cli/output_queue.h"
#include "cli/standard_output.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Formatted and not yet written: a reader slower than this holds back the broker's deliveries.
constexpr std::size_t kQueueBytes = 4 << 20;
/// How often an idle listener looks whether anybody still reads its output.
constexpr milliseconds kGlance{250};

struct SubOptions {
  ConnectionOptions connection;
  std::vector<std::string> topics;
  std::uint64_t count = 0;  ///< 0: no end
  milliseconds timeout{0};  ///< 0: no end
  bool json = false;
  bool raw = false;
  bool topic_shown = false;
  bool takes_casts = false;
  bool verbose = false;

  MessageFormat format() const {
    if (json) return MessageFormat::kJson;
    if (raw) return MessageFormat::kRaw;
    return topic_shown || topics.size() > 1 ? MessageFormat::kTopicPayload
                                            : MessageFormat::kPayload;
  }
};

/// One run of the verb. Messages are formatted on the client's callback thread and written by the
/// thread that runs `run`.
class Listener {
 public:
  explicit Listener(const SubOptions& options)
      : options_(options),
        format_(options.format()),
        kind_(isatty(STDOUT_FILENO) != 0 ? OutputKind::kTerminal : OutputKind::kBytes),
        output_(signals_),
        client_(make_client(options.connection, "sub")) {}

  ExitStatus run() {
    if (const auto end = await_connection(client_, options_.connection, "sub", &signals_)) {
      return *end;
    }
    for (const std::string& topic : options_.topics) subscribe(topic);
    const ExitStatus end = listen();
    queue_.close();
    subscriptions_.clear();
    client_.close(options_.connection.wait);
    return end;
  }

 private:
  void subscribe(const std::string& topic) {
    SubscribeOptions options;
    options.timeout = options_.connection.wait;
    if (options_.takes_casts) options.casts = Casts::kTake;
    options.on_gap = [this](const Gap& gap) { lost(gap); };
    subscriptions_.push_back(client_.subscribe_async(
        topic, [this](const Message& message) { received(message); },
        [this, topic](const Status& status) { subscribed(topic, status); }, options));
  }

  // --- on the callback thread ---

  void received(const Message& message) {
    if (options_.count != 0 && messages_ == options_.count) return;
    ++messages_;
    queue_.add(message_text(message, format_, kind_));
    if (messages_ == options_.count) {
      complete_ = true;
      queue_.wake();
    }
  }

  void lost(const Gap& gap) {
    complain("sub", gap_text(gap));
    if (options_.json) queue_.add(json_of(gap) + "\n");
  }

  void subscribed(const std::string& topic, const Status& status) {
    if (status.ok()) {
      if (options_.verbose) complain("sub", "listening to " + topic);
      return;
    }
    {
      const std::scoped_lock lock(mutex_);
      if (!refusal_) refusal_ = Status(status.code(), topic + ": " + status.message());
    }
    queue_.wake();
  }

  // --- on the thread of run ---

  ExitStatus listen() {
    const Clock::time_point until =
        options_.timeout.count() > 0 ? Clock::now() + options_.timeout : Clock::time_point::max();
    while (true) {
      const bool complete = complete_;
      if (const auto end = write_queued()) return *end;
      if (complete) return ExitStatus::kOk;
      if (const auto refusal = this->refusal()) return failed("sub", *refusal);
      if (signals_.stopped()) return cut_short(ExitStatus::kInterrupted);
      if (Clock::now() >= until) return cut_short(ExitStatus::kTimeout);
      if (output_.reader_gone()) return ExitStatus::kOk;
      await_news(until);
    }
  }

  /// An end that is regular unless a number of messages was asked for.
  ExitStatus cut_short(ExitStatus otherwise) const {
    return options_.count == 0 ? ExitStatus::kOk : otherwise;
  }

  std::optional<ExitStatus> write_queued() {
    const std::string bytes = queue_.take();
    switch (output_.write(bytes)) {
      case StandardOutput::Outcome::kWritten:
        return std::nullopt;
      case StandardOutput::Outcome::kReaderGone:
        return ExitStatus::kOk;
      case StandardOutput::Outcome::kStopped:
        return cut_short(ExitStatus::kInterrupted);
      case StandardOutput::Outcome::kFailed:
        break;
    }
    complain("sub", std::string("cannot write: ") + std::strerror(errno));
    return ExitStatus::kFailure;
  }

  void await_news(Clock::time_point until) {
    const auto left = std::chrono::ceil<milliseconds>(
        std::min<Clock::duration>(until - Clock::now(), std::chrono::hours(1)));
    const milliseconds time = std::clamp(left, milliseconds(0), kGlance);
    std::array<pollfd, 2> news{{{signals_.fd(), POLLIN, 0}, {queue_.fd(), POLLIN, 0}}};
    poll(news.data(), news.size(), static_cast<int>(time.count()));
  }

  std::optional<Status> refusal() {
    const std::scoped_lock lock(mutex_);
    return refusal_;
  }

  const SubOptions& options_;
  const MessageFormat format_;
  const OutputKind kind_;
  StopSignals signals_;
  StandardOutput output_;
  OutputQueue queue_{kQueueBytes};
  std::uint64_t messages_ = 0;  ///< touched by the callback thread only
  std::atomic<bool> complete_ = false;
  std::mutex mutex_;
  std::optional<Status> refusal_;
  Client client_;
  std::vector<Subscription> subscriptions_;
};

ExitStatus run_sub(SubOptions& options) {
  if (options.json && options.raw) {
    complain("sub", "give either --json or --raw, not both");
    return ExitStatus::kUsage;
  }
  for (const std::string& topic : options.topics) {
    const auto name = TopicName::parse(topic);
    if (!name.ok()) {
      return failed("sub",
                    Status(StatusCode::kInvalidArgument, topic + ": " + name.error().message));
    }
  }
  // A topic that is named twice is still one subscription.
  std::set<std::string> seen;
  std::erase_if(options.topics, [&seen](const auto& topic) { return !seen.insert(topic).second; });
  return Listener(options).run();
}

}  // namespace

Verb add_sub(CLI::App& phyllo) {
  auto options = std::make_shared<SubOptions>();
  CLI::App* const verb = phyllo.add_subcommand("sub", "Subscribe to topics and print what arrives");
  verb->add_option("TOPIC", options->topics, "One or more topics")->required();
  verb->add_option("-c,--count", options->count, "End after this many messages")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max() / 2)
                  .description(""));
  add_duration_option(*verb, "-t,--timeout", options->timeout,
                      "End after this time; status 124 when --count was not reached");
  verb->add_flag("-j,--json", options->json, "Print one JSON object per message, and one per gap");
  verb->add_flag("-r,--raw", options->raw, "Print the payloads' bytes and nothing between them");
  verb->add_flag("-T,--show-topic", options->topic_shown,
                 "Print the topic and a tab before each payload (default with several topics)");
  verb->add_flag("--take", options->takes_casts,
                 "Take messages of phyllo pub --any and --to as well: each goes to as many "
                 "subscribers as it is for");
  verb->add_flag("-v,--verbose", options->verbose, "Say on stderr when a subscription is live");
  add_connection_options(*verb, options->connection);
  verb->footer(
      "Messages that are lost on the way are reported on stderr as gaps: how many,\n"
      "which, why and where. Ctrl-C ends with status 0, or 130 when --count was not\n"
      "reached.\n\n"
      "Examples:\n"
      "  phyllo sub sensors/temp\n"
      "  phyllo sub --count 1 --timeout 10s sensors/temp\n"
      "  phyllo sub --json sensors/temp sensors/wind | jq -r .payload\n"
      "  phyllo sub --raw --count 1 camera/front > picture.png\n"
      "  phyllo sub --take jobs/resize");
  return {verb, [options] { return run_sub(*options); }};
}

}  // namespace phyllo::cli
