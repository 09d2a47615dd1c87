#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "cli/complaint.h"
#include "cli/connection.h"
#include "cli/display_text.h"
#include "cli/input_file.h"
#include "cli/line_reader.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

using std::chrono::milliseconds;

/// How often waiting for room or for acknowledgements looks for Ctrl-C.
constexpr milliseconds kGlance{50};

struct PubOptions {
  ConnectionOptions connection;
  std::string topic;
  std::optional<std::string> message;
  std::string file;
  std::uint64_t count = 1;
  milliseconds interval{0};
  bool any = false;
  std::uint32_t to = 0;  ///< 0: not a cast
  bool verbose = false;

  bool casts() const { return to > 0; }

  bool from_stdin() const { return file.empty() && message.value_or("-") == "-"; }
};

/// One run of the verb: a connection and a topic's publisher.
class Publication {
 public:
  explicit Publication(const PubOptions& options)
      : options_(options),
        client_(make_client(options.connection, "pub")),
        publisher_(client_.publisher(options.topic)) {}

  ExitStatus run() {
    if (!publisher_.status().ok()) return failed("pub", publisher_.status());
    if (const auto end = await_connection(client_, options_.connection, "pub", &signals_)) {
      return *end;
    }
    const ExitStatus sent = options_.from_stdin() ? publish_lines() : publish_message();
    if (options_.casts()) return sent;
    const ExitStatus acknowledged = flush();
    if (options_.verbose && publisher_.acknowledged() > 0) report();
    client_.close(kGlance);  // whatever was not acknowledged by now has been waited for
    return sent == ExitStatus::kOk ? acknowledged : sent;
  }

 private:
  /// The largest message that this cluster takes.
  std::size_t limit() const {
    const auto broker = client_.broker();
    const std::size_t own = ClientOptions{}.max_message_bytes;
    if (!broker || broker->max_message_bytes == 0) return own;
    return std::min<std::size_t>(own, broker->max_message_bytes);
  }

  ExitStatus publish_message() {
    std::string payload = options_.message.value_or("");
    if (!options_.file.empty()) {
      auto content = read_input_file(options_.file, limit());
      if (!content) return failed("pub", content.status());
      payload = *content;
    }
    for (std::uint64_t i = 0; i < options_.count; ++i) {
      if (i > 0 && signals_.wait(options_.interval)) return ExitStatus::kInterrupted;
      if (const ExitStatus end = send(payload); end != ExitStatus::kOk) return end;
    }
    return ExitStatus::kOk;
  }

  ExitStatus publish_lines() {
    LineReader lines(STDIN_FILENO, limit(), signals_);
    while (const auto line = lines.next()) {
      if (lines.lines() > 1 && options_.interval.count() > 0 && signals_.wait(options_.interval)) {
        return ExitStatus::kInterrupted;
      }
      if (const ExitStatus end = send(*line); end != ExitStatus::kOk) return end;
    }
    switch (lines.end()) {
      case LineReader::End::kStopped:
        return ExitStatus::kInterrupted;
      case LineReader::End::kTooLong:
        complain("pub", "line " + std::to_string(lines.lines() + 1) + " of the input is over the " +
                            "message size limit of " + counted(limit(), "byte"));
        return ExitStatus::kFailure;
      case LineReader::End::kFailed:
        complain("pub", std::string("cannot read the input: ") + std::strerror(errno));
        return ExitStatus::kFailure;
      default:
        return ExitStatus::kOk;
    }
  }

  ExitStatus send(const std::string& payload) {
    return options_.casts() ? cast(payload) : publish(payload);
  }

  ExitStatus cast(const std::string& payload) {
    const auto outcome = client_.manycast(options_.topic, options_.to, payload,
                                          options_.connection.answers(client_));
    if (!outcome.ok()) return failed("pub", outcome.status());
    const bool enough = outcome->taken >= options_.to;
    if (options_.verbose || !enough) complain("pub", taken_text(*outcome));
    return enough ? ExitStatus::kOk : ExitStatus::kFailure;
  }

  std::string taken_text(const CastOutcome& outcome) const {
    std::string text = "taken by " + counted(outcome.taken, "subscriber");
    if (outcome.taken < options_.to) text += ", not by " + grouped(options_.to);
    if (!outcome.complete) text += "; a broker was lost: others may have it";
    for (const std::string& region : outcome.unreached) {
      text += "; " + printable(region) + " could not be asked";
    }
    if (outcome.regions_unknown) text += "; nobody said in time which other regions to ask";
    return text;
  }

  /// Waits while the client's queue is full, for as long as acknowledgements keep coming.
  ExitStatus publish(const std::string& payload) {
    std::uint64_t acknowledged = publisher_.acknowledged();
    auto until = std::chrono::steady_clock::now() + options_.connection.wait;
    while (true) {
      const Status status = publisher_.publish(payload, kGlance);
      if (status.ok()) return ExitStatus::kOk;
      if (status.code() != StatusCode::kQueueFull) return failed("pub", status);
      if (signals_.stopped()) return ExitStatus::kInterrupted;
      const auto now = std::chrono::steady_clock::now();
      if (publisher_.acknowledged() != acknowledged) until = now + options_.connection.wait;
      acknowledged = publisher_.acknowledged();
      if (now >= until) return failed("pub", status);
    }
  }

  ExitStatus flush() {
    std::uint64_t acknowledged = publisher_.acknowledged();
    auto until = std::chrono::steady_clock::now() + options_.connection.wait;
    while (true) {
      const Status status = publisher_.flush(kGlance);
      if (status.ok()) return ExitStatus::kOk;
      if (status.code() != StatusCode::kTimeout) return failed("pub", status);
      if (signals_.again()) return ExitStatus::kInterrupted;
      const auto now = std::chrono::steady_clock::now();
      if (publisher_.acknowledged() != acknowledged) until = now + options_.connection.wait;
      acknowledged = publisher_.acknowledged();
      if (now < until) continue;
      complain("pub", grouped(publisher_.published() - acknowledged) + " of " +
                          counted(publisher_.published(), "message") +
                          " not acknowledged in time: they may or may not arrive");
      return ExitStatus::kTimeout;
    }
  }

  void report() {
    complain("pub", counted(publisher_.acknowledged(), "message") + " published to " +
                        options_.topic + ", which has " + reach_text());
  }

  /// In all regions. When nobody answers, what the topic's root said: it knows of its own only.
  std::string reach_text() {
    const StatusOr<Reach> reach =
        client_.reach(options_.topic, options_.connection.answers(client_));
    if (!reach.ok()) {
      return "at least " + counted(publisher_.reach(), "subscriber") + " (" +
             reach.status().message() + ")";
    }
    std::string text = reach->complete ? "" : "at least ";
    text += counted(reach->subscribers, "subscriber");
    for (const std::string& region : reach->unheard) {
      text += "; " + printable(region) + " did not answer in time";
    }
    if (reach->regions_unknown) text += "; nobody said in time which other regions there are";
    return text;
  }

  const PubOptions& options_;
  StopSignals signals_;
  Client client_;
  Publisher publisher_;
};

ExitStatus run_pub(const PubOptions& options) {
  if (options.message && !options.file.empty()) {
    complain("pub", "give either MESSAGE or --file, not both");
    return ExitStatus::kUsage;
  }
  if (!options.message && options.file.empty() && isatty(STDIN_FILENO) != 0) {
    complain("pub", "nothing to publish: give MESSAGE, --file FILE, or - to type lines");
    return ExitStatus::kUsage;
  }
  return Publication(options).run();
}

void add_cast_options(CLI::App& verb, PubOptions& options) {
  auto* const any = verb.add_flag("--any", options.any,
                                  "Give each message to one subscriber only, a near one (anycast)");
  verb.add_option("--to", options.to, "Give each message to N subscribers, the nearest (manycast)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""))
      ->excludes(any);
}

}  // namespace

Verb add_pub(CLI::App& phyllo) {
  auto options = std::make_shared<PubOptions>();
  CLI::App* const verb = phyllo.add_subcommand("pub", "Publish to a topic");
  verb->add_option("TOPIC", options->topic, "The topic, e.g. sensors/temp")->required();
  verb->add_option("MESSAGE", options->message,
                   "The message. Without it (and without --file), or as -, each line of the "
                   "standard input is one");
  verb->add_option("-f,--file", options->file, "Publish the whole file as one message")
      ->type_name("FILE");
  verb->add_option("-c,--count", options->count, "Publish MESSAGE or FILE this many times")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 62).description(""));
  add_duration_option(*verb, "-i,--interval", options->interval, "Time between two messages");
  add_cast_options(*verb, *options);
  verb->add_flag("-v,--verbose", options->verbose,
                 "Say on stderr how many messages were published and whom they reach");
  add_connection_options(*verb, options->connection);
  verb->footer(
      "Ends with status 0 when the topic's root has acknowledged every message; with\n"
      "--any and --to, when as many subscribers have each. These go only to subscribers\n"
      "that take casts: phyllo sub --take.\n"
      "A message that begins with a dash goes after --.\n\n"
      "Examples:\n"
      "  phyllo pub sensors/temp 21.5\n"
      "  phyllo pub --file picture.png camera/front\n"
      "  vmstat -n 1 | phyllo pub host/vmstat\n"
      "  phyllo pub --count 10 --interval 1s clock tick\n"
      "  phyllo pub --any jobs/resize picture-17");
  return {verb, [options] {
            if (options->any) options->to = 1;
            return run_pub(*options);
          }};
}

}  // namespace phyllo::cli
