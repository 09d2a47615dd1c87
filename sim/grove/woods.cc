#include "sim/grove/woods.h"

#include <string>
#include <utility>

#include "base/batch_body.h"
#include "base/check.h"
#include "multicast/codec.h"

namespace phyllo::sim {

namespace mc = multicast;

namespace {

overlay::Place place_of(StationId station) {
  const std::string host = std::to_string(station / 65536) + "." +
                           std::to_string(station / 256 % 256) + "." +
                           std::to_string(station % 256);
  const auto endpoint = overlay::Endpoint::parse("tcp://10." + host + ":7400").value();
  return {"", endpoint, endpoint};
}

}  // namespace

class Woods::Member final : public ForestProcess {
 public:
  Member(Woods& woods, StationId station, overlay::Contact self, std::uint64_t seed)
      : ForestProcess(woods.network_, station, woods.setup_.node, woods.setup_.forest,
                      std::move(self), seed),
        woods_(woods) {}

 private:
  void tell(Time, mc::Effect effect, mc::Effects&) override {
    if (const auto* deliver = std::get_if<mc::Deliver>(&effect)) {
      if (woods_.watcher_ == nullptr) return;
      const Time now = woods_.queue_.now();
      woods_.watcher_->delivered(now, station(), deliver->batch.batch.publisher);
    } else if (std::holds_alternative<mc::SubscriptionLive>(effect)) {
      --woods_.pending_;
    } else if (std::holds_alternative<mc::SubscriptionRefused>(effect)) {
      ++woods_.refused_;
    } else if (std::holds_alternative<mc::DeliverGap>(effect)) {
      ++woods_.gaps_;
    }
  }

  void sends(const mc::SendDirect& send) override {
    if (woods_.watcher_ == nullptr) return;
    const auto message = mc::decode(send.message);
    if (!message.ok()) return undecodable();
    const auto* data = std::get_if<mc::Data>(&*message);
    if (data == nullptr) return;
    const StationId to = woods_.by_id_.at(send.to.id());
    woods_.watcher_->sent(station(), to, data->batch.batch.publisher);
  }

  void became(overlay::StateChanged::State state) override {
    if (state == overlay::StateChanged::State::kActive) woods_.active_.push_back(station());
  }

  void undecodable() override { ++woods_.undecodable_; }

  Woods& woods_;
};

Woods::Woods(Setup setup)
    : setup_(std::move(setup)),
      random_(setup_.seed),
      network_(queue_, random_.next(), setup_.latency()) {
  network_.set_weather({.jitter = 0});
  network_.trace().keep(0);
}

Woods::~Woods() = default;

void Woods::start_one() {
  const StationId station = network_.add_station();
  const auto id = overlay::NodeId::random(random_);
  by_id_.emplace(id, station);
  const overlay::Contact self(id, 0, place_of(station));
  members_.push_back(std::make_unique<Member>(*this, station, self, random_.next()));
  Member& member = *members_.back();
  network_.boot(station, member);
  std::vector<overlay::Endpoint> seeds;
  if (!active_.empty()) {
    const StationId seed = active_[random_.below(active_.size())];
    seeds.push_back(members_[seed]->self().place().local);
  }
  network_.call(station, [&](Time now) {
    member.call(now, [&](overlay::Node& node, overlay::Effects& out) {
      node.start(now, std::move(seeds), out);
    });
  });
}

const overlay::Node& Woods::node(StationId member) const { return members_[member]->node(); }

const mc::Forest& Woods::forest(StationId member) const { return members_[member]->forest(); }

StationId Woods::root_of(const TopicName& topic) const {
  const overlay::Key key = mc::TopicId::of(topic).key();
  PHYLLO_CHECK(!active_.empty());
  StationId root = active_.front();
  for (const StationId member : active_) {
    if (overlay::closer(key, node(member).self().id(), node(root).self().id())) root = member;
  }
  return root;
}

void Woods::subscribe(StationId id, const TopicName& topic) {
  ++pending_;
  network_.call(id, [&](Time now) {
    members_[id]->call(now, [&](mc::Forest& forest, mc::Effects& out) {
      PHYLLO_CHECK(forest.set_local_subscribers(now, topic, 1, out).ok());
    });
  });
}

bool Woods::publish(StationId id, const TopicName& topic, mc::PublisherId publisher) {
  BatchBodyWriter writer;
  writer.append("leaf");
  const mc::Batch batch{publisher, 1, 1, writer.take()};
  bool taken = false;
  network_.call(id, [&](Time now) {
    members_[id]->call(now, [&](mc::Forest& forest, mc::Effects& out) {
      taken = forest.publish(now, topic, mc::TopicId::of(topic), batch, out).ok();
    });
  });
  return taken;
}

}  // namespace phyllo::sim
