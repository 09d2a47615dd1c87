#include "sim/experiment/survivors.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/check.h"
#include "sim/experiment/station_endpoint.h"
#include "sim/grove/forest_process.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
namespace mc = multicast;

constexpr Duration kJoinLimit = 10min;
constexpr Duration kTreeLimit = 30min;
/// So many publications in a row have to reach everybody.
constexpr std::size_t kCalm = 30;
constexpr Duration kLastWait = 1min;

/// A node that subscribes to the topic and counts what it gets.
class Subscriber final : public ForestProcess {
 public:
  using ForestProcess::ForestProcess;

  bool live() const { return live_; }
  /// Which messages of which publishers it got.
  const std::set<std::pair<mc::PublisherId, mc::Sequence>>& got() const { return got_; }

 protected:
  void tell(Time, mc::Effect effect, mc::Effects&) override {
    if (std::holds_alternative<mc::SubscriptionLive>(effect)) live_ = true;
    const auto* deliver = std::get_if<mc::Deliver>(&effect);
    if (!deliver) return;
    const mc::Batch& batch = deliver->batch.batch;
    for (std::uint32_t i = 0; i < batch.count; ++i) {
      got_.insert({batch.publisher, batch.publisher_first + i});
    }
  }
  void undecodable() override { PHYLLO_CHECK(false); }

 private:
  bool live_ = false;
  std::set<std::pair<mc::PublisherId, mc::Sequence>> got_;
};

class SurvivorsRun {
 public:
  SurvivorsRun(const MassFailureSetup& setup, double share, std::uint64_t seed)
      : setup_(setup),
        share_(share),
        random_(seed),
        network_(queue_, random_.next(), setup.latency()),
        topic_(TopicName::parse("mass/failure").value()) {
    network_.trace().keep(0);
  }

  SurvivorFindings run(SeedProgress& progress) {
    progress.may_abandon(queue_);
    SurvivorFindings found;
    if (!grow(progress) || !subscribe()) return found;
    progress.update("dying", .6, queue_);
    kill();
    const Time died = queue_.now();
    std::size_t calm = 0;
    while (queue_.now() - died < setup_.limit && calm < kCalm) {
      publish();
      queue_.run_until(queue_.now() + 1s);
      // Judged when it had some time; the latest ones are judged again below.
      calm = 0;
      while (calm < published_.size() &&
             share_with(published_[published_.size() - 1 - calm]) == 1) {
        ++calm;
      }
      progress.update("publishing", .6 + .4 * (queue_.now() - died) / setup_.limit, queue_);
    }
    queue_.run_until(queue_.now() + kLastWait);
    judge(died, found);
    return found;
  }

 private:
  struct Published {
    Time when;
    mc::PublisherId publisher;
    mc::Sequence number;
  };

  bool run_until(const std::function<bool()>& done, Duration limit) {
    const Time end = queue_.now() + limit;
    while (!done() && queue_.now() < end) queue_.run_until(queue_.now() + 10ms);
    return done();
  }

  bool grow(SeedProgress& progress) {
    for (std::size_t i = 0; i < setup_.subscribers; ++i) {
      const StationId station = network_.add_station();
      const overlay::Endpoint endpoint = endpoint_of(station);
      const overlay::Contact self(overlay::NodeId::random(random_), 0, {"", endpoint, endpoint});
      std::vector<overlay::Endpoint> seeds;
      if (i > 0) seeds.push_back(endpoint_of(static_cast<StationId>(random_.below(i))));
      living_[station] = std::make_unique<Subscriber>(network_, station, setup_.node, setup_.forest,
                                                      self, random_.next());
      Subscriber& next = *living_[station];
      network_.boot(station, next);
      network_.call(station, [&](Time now) {
        next.call(now, [&](overlay::Node& node, overlay::Effects& out) {
          node.start(now, std::move(seeds), out);
        });
      });
      if (!run_until([&] { return next.node().active(); }, kJoinLimit)) return false;
      if (i % 64 == 0) {
        progress.update("joining",
                        .5 * static_cast<double>(i) / static_cast<double>(setup_.subscribers),
                        queue_);
      }
    }
    return true;
  }

  bool subscribe() {
    for (auto& [station, subscriber] : living_) {
      network_.call(station, [&, one = subscriber.get()](Time now) {
        one->call(now, [&](mc::Forest& forest, mc::Effects& out) {
          PHYLLO_CHECK(forest.set_local_subscribers(now, topic_, 1, out).ok());
        });
      });
    }
    return run_until(
        [&] {
          return std::all_of(living_.begin(), living_.end(),
                             [](const auto& entry) { return entry.second->live(); });
        },
        kTreeLimit);
  }

  StationId pick() {
    auto it = living_.begin();
    std::advance(it, random_.below(living_.size()));
    return it->first;
  }

  void kill() {
    const auto all = static_cast<double>(setup_.subscribers);
    const auto dying = std::min<std::size_t>(static_cast<std::size_t>(std::lround(share_ * all)),
                                             setup_.subscribers - 1);
    for (std::size_t i = 0; i < dying; ++i) {
      const StationId station = pick();
      network_.kill(station, Death::kSilent);
      living_.erase(station);
    }
  }

  void publish() {
    const StationId station = pick();
    Subscriber& publisher = *living_[station];
    const mc::PublisherId name = station + 1;
    const mc::Sequence number = ++numbers_[name];
    network_.call(station, [&](Time now) {
      publisher.call(now, [&](mc::Forest& forest, mc::Effects& out) {
        const mc::Batch batch{name, number, 1, Payload::from("news")};
        PHYLLO_CHECK(forest.publish(now, topic_, mc::TopicId::of(topic_), batch, out).ok());
      });
    });
    published_.push_back({queue_.now(), name, number});
  }

  double share_with(const Published& message) const {
    std::size_t with = 0;
    for (const auto& [station, subscriber] : living_) {
      if (subscriber->got().contains({message.publisher, message.number})) ++with;
    }
    return static_cast<double>(with) / static_cast<double>(living_.size());
  }

  void judge(Time died, SurvivorFindings& found) const {
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < published_.size(); ++i) {
      const double seconds = std::chrono::duration<double>(published_[i].when - died).count();
      found.publications.emplace_back(seconds, share_with(published_[i]));
      if (found.publications.back().second < 1) {
        first.reset();
      } else if (!first) {
        first = i;
      }
    }
    if (found.publications.empty()) return;
    found.reached = found.publications.back().second;
    if (first) found.seconds = found.publications[*first].first;
  }

  const MassFailureSetup& setup_;
  const double share_;
  Random random_;
  EventQueue queue_;
  Network network_;
  const TopicName topic_;
  std::map<StationId, std::unique_ptr<Subscriber>> living_;
  std::map<mc::PublisherId, mc::Sequence> numbers_;
  std::vector<Published> published_;
};

}  // namespace

SurvivorFindings run_survivors(const MassFailureSetup& setup, double share, std::uint64_t seed,
                               SeedProgress& progress) {
  return SurvivorsRun(setup, share, seed).run(progress);
}

}  // namespace phyllo::sim
