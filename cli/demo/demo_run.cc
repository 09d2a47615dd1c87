#include "cli/demo/demo_run.h"

#include <cstdio>
#include <set>
#include <utility>

#include "cli/complaint.h"
#include "cli/demo/border_block.h"
#include "cli/display_text.h"
#include "cli/duration_text.h"
#include "cli/tree_text.h"

namespace phyllo::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kReadingPeriod{100};
constexpr milliseconds kScreenPeriod{500};
constexpr milliseconds kLinePeriod{5000};
constexpr seconds kStartPatience{30};
constexpr seconds kSettlePatience{5};
constexpr seconds kStopPatience{15};
/// Where the user's own messages go.
constexpr const char* kPipedTopic = "demo/piped";

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

}  // namespace

DemoRun::DemoRun(DemoOptions options, StopSignals& signals)
    : options_(std::move(options)), signals_(signals), fleet_(options_.places) {}

ExitStatus DemoRun::run() {
  Status played = prepare();
  if (played.ok()) played = play();
  if (played.ok()) played = settle();
  const bool interrupted = publishers_.empty() && signals_.stopped();
  const Status stopped = stop();
  if (interrupted) {
    say("stopped before it began");
    return ExitStatus::kInterrupted;
  }
  return conclude(played, stopped);
}

Status DemoRun::prepare() {
  if (Status status = fleet_.start(); !status.ok()) return status;
  std::vector<std::string> regions;
  for (const BrokerSettings& broker : fleet_.brokers()) regions.push_back(broker.region);
  const std::set<std::string> distinct(regions.begin(), regions.end());
  say("started " + counted(regions.size(), "broker") + " in " + counted(distinct.size(), "region") +
      " from " + options_.places.configs.string());
  say("their logs are in " + options_.places.logs.string());

  const auto started = Clock::now();
  const auto given_up = [this] { return this->given_up(); };
  monitor_ = std::make_unique<DemoMonitor>(regions);
  stations_ = std::make_unique<Stations>(fleet_.brokers());
  if (Status status = stations_->await_ring(kStartPatience, given_up); !status.ok()) return status;
  std::vector<std::string> topics;
  for (const Reading& reading : readings_.next(read_proc(), seconds(0))) {
    topics.push_back(reading.topic);
  }
  if (topics.empty()) return Status(StatusCode::kNotFound, "no readings: /proc is not there");
  drawn_topic_ = topics.front();
  topics.emplace_back(kPipedTopic);
  Status status = stations_->subscribe(topics, *monitor_, kStartPatience, given_up);
  if (!status.ok()) return status;
  const StatusOr<std::uint64_t> publisher = stations_->rehearse(kStartPatience, given_up);
  if (!publisher) return publisher.status();
  publisher_id_ = *publisher;
  subscriptions_ = stations_->subscriptions();

  for (const std::string& topic : topics) {
    monitor_->add_topic(topic);
    if (topic != kPipedTopic) publishers_.emplace(topic, stations_->publishing().publisher(topic));
  }
  const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - started);
  say("ready after " + round_trip_text(took) + ": " + counted(publishers_.size(), "source") +
      " of this machine, " + counted(subscriptions_, "live subscription"));
  say("add your own, for example: vmstat -n 1 | phyllo pub --broker " +
      fleet_.brokers().back().clients + " " + kPipedTopic + "\n");
  return {};
}

Status DemoRun::play() {
  watch_ = std::make_unique<ClusterWatch>(*stations_, drawn_topic_);
  if (LiveScreen::possible()) screen_.emplace();
  began_ = last_readings_ = Clock::now();
  monitor_->snapshot(began_);
  const milliseconds progress_period = screen_ ? kScreenPeriod : kLinePeriod;
  auto next_readings = began_ + kReadingPeriod;
  auto next_progress = began_ + progress_period;
  while (true) {
    const auto now = Clock::now();
    if (options_.length.count() > 0 && now >= began_ + options_.length) return {};
    if (now >= next_readings) {
      publish_readings(now);
      while (next_readings <= now) next_readings += kReadingPeriod;
    }
    if (now >= next_progress) {
      show_progress(now);
      while (next_progress <= now) next_progress += progress_period;
    }
    if (const auto fallen = fleet_.fallen()) return Status(StatusCode::kUnavailable, *fallen);
    if (signals_.wait(std::chrono::ceil<milliseconds>(next_readings - Clock::now()))) return {};
    if (std::ferror(stdout) != 0) return Status(StatusCode::kClosed, "nobody reads the output");
  }
}

void DemoRun::publish_readings(Clock::time_point now) {
  const auto passed = now - std::exchange(last_readings_, now);
  for (const Reading& reading : readings_.next(read_proc(), passed)) {
    const auto publisher = publishers_.find(reading.topic);
    if (publisher == publishers_.end()) continue;  // a source that appeared later
    publisher->second.publish(reading.json);
    monitor_->published(reading.topic, publisher_id_, publisher->second.published());
  }
}

DemoSnapshot DemoRun::look(Clock::time_point now, const ClusterWatch::View& view) {
  DemoSnapshot snapshot = monitor_->snapshot(now);
  snapshot.elapsed = std::chrono::duration_cast<milliseconds>(now - began_);
  if (view.tree) {
    snapshot.tree = tree_lines(*view.tree, glyphs_of_locale());
    snapshot.tree.front() += "   (trees of " + drawn_topic_ + ")";
    for (std::string& way : border_lines(*view.tree)) snapshot.tree.push_back(std::move(way));
  }
  snapshot.borders = border_block(view.borders);
  return snapshot;
}

void DemoRun::show_progress(Clock::time_point now) {
  const DemoSnapshot snapshot = look(now, watch_->latest());
  if (screen_) {
    screen_->draw(live_table(snapshot, LiveScreen::size(), LiveScreen::style()));
  } else {
    say(progress_line(snapshot));
  }
}

/// Waits for what is still under way, so that the books are complete, and takes a last look.
Status DemoRun::settle() {
  signals_.again();
  show_progress(Clock::now());
  const auto until = Clock::now() + kSettlePatience;
  const auto hurried = [this] { return signals_.again() || fleet_.fallen().has_value(); };
  while (monitor_->outstanding() > 0 && Clock::now() < until && !hurried()) {
    signals_.pause(milliseconds(10));
  }
  const auto fallen = fleet_.fallen();
  if (fallen) return Status(StatusCode::kUnavailable, *fallen);
  const DemoSnapshot last = look(Clock::now(), watch_->fresh(hurried));
  if (screen_) {
    screen_->draw(live_table(last, LiveScreen::size(), LiveScreen::style()));
  } else {
    for (const auto* block : {&last.tree, &last.borders}) {
      if (!block->empty()) say("");
      for (const std::string& line : *block) say(line);
    }
  }
  return {};
}

Status DemoRun::stop() {
  screen_.reset();
  if (stations_) stations_->close();
  watch_.reset();
  return fleet_.stop(kStopPatience, signals_);
}

ExitStatus DemoRun::conclude(const Status& played, const Status& stopped) const {
  if (!publishers_.empty()) print_books();
  if (!played.ok()) complain("demo", played.message());
  // A broker that fell while the demo played is not reported again.
  if (!stopped.ok() && stopped.message() != played.message()) complain("demo", stopped.message());
  if (!played.ok() || !stopped.ok()) return ExitStatus::kFailure;
  say("all " + counted(fleet_.brokers().size(), "broker") + " drained and exited with status 0");
  const DeliveryLedger::Counts total = monitor_->total();
  const bool whole = total.missing == 0 && total.repeated == 0 && monitor_->outstanding() == 0;
  if (!whole) complain("demo", "messages were lost or repeated");
  return whole ? ExitStatus::kOk : ExitStatus::kFailure;
}

void DemoRun::print_books() const {
  const DeliveryLedger::Counts total = monitor_->total();
  say("\npublished " + counted(total.published, "message") + " on " +
      counted(publishers_.size(), "topic") + "; received " + grouped(total.received) + " at " +
      counted(subscriptions_, "subscription") + "; lost " + grouped(total.missing) + ", late " +
      grouped(monitor_->outstanding()) + ", repeated " + grouped(total.repeated) +
      ", gap notices " + grouped(monitor_->gaps()));
}

bool DemoRun::given_up() { return signals_.stopped() || fleet_.fallen().has_value(); }

}  // namespace phyllo::cli
