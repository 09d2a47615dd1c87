// A key-value store on a Pastry ring: an application with messages of its own on phyllo::overlay.
//
// Each node keeps the values whose key it is the root of. `put` and `get` are routed to that root;
// nodes on the way remember the values that pass and answer a `get` themselves: that is what
// `forward` is for. Eight nodes share this process here and a queue stands for the network; in a
// real program each node would sit behind its own sockets.

#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "overlay/codec.h"
#include "overlay/common_api.h"

namespace {

using namespace phyllo;
using namespace phyllo::overlay;

/// The application's own messages, "verb key value", travel in the header of an AppMessage.
struct Request {
  std::string verb;
  std::string key;
  std::string value;
};

AppMessage pack(const Request& request) {
  return {request.verb + ' ' + request.key + ' ' + request.value, {}};
}

Request unpack(const AppMessage& message) {
  const std::string& text = message.header;
  const std::size_t first = text.find(' ');
  const std::size_t second = text.find(' ', first + 1);
  return {text.substr(0, first), text.substr(first + 1, second - first - 1),
          text.substr(second + 1)};
}

/// Where a key lives on the ring. Real programs take a cryptographic hash.
Key position(const std::string& key) {
  Random random(std::hash<std::string>{}(key));
  return Key::random(random);
}

class Store : public Application {
 public:
  explicit Store(Node& node) : api_(node, *this) {}

  CommonApi& api() { return api_; }
  std::size_t stored() const { return values_.size(); }
  const std::vector<std::string>& answers() const { return answers_; }

  void ask(Time now, const Request& request, Effects& out) {
    api_.route(now, position(request.key), pack(request), out);
  }

  Verdict forward(Time now, Passing& passing, Effects& out) override {
    const Request request = unpack(passing.message);
    if (request.verb == "put") cache_[request.key] = request.value;
    const auto known = cache_.find(request.key);
    if (request.verb != "get" || known == cache_.end()) return Verdict::kPass;
    api_.send(now, passing.origin, pack({"cached", known->first, known->second}), out);
    return Verdict::kStop;
  }

  void deliver(Time now, Key, const Contact& origin, AppMessage message, Effects& out) override {
    const Request request = unpack(message);
    if (request.verb == "put") values_[request.key] = request.value;
    if (request.verb == "get") {
      api_.send(now, origin, pack({"stored", request.key, values_[request.key]}), out);
    }
  }

  void received(Time, const Contact& from, AppMessage message, Effects&) override {
    answers_.push_back(message.header + " (from " + from.id().short_hex() + ")");
  }

  void undelivered(Time, const Undelivered& message, Effects&) override {
    answers_.push_back("lost: " + message.message.header);
  }

  void update(Time, const LeafSetChanged&, Effects&) override {}

 private:
  CommonApi api_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> cache_;
  std::vector<std::string> answers_;
};

/// One node with its application, and the address book and queue that join them.
struct Member {
  Member(Contact self, std::uint64_t seed)
      : node(NodeConfig{}, std::move(self), seed), store(node) {}
  Node node;
  Store store;
};

class Ring {
 public:
  void add(NodeId id) {
    const std::string address = "tcp://127.0.0.1:" + std::to_string(7000 + members_.size());
    const Endpoint endpoint = Endpoint::parse(address).value();
    auto member =
        std::make_unique<Member>(Contact(id, 0, {"here", endpoint, endpoint}), id.value());
    std::vector<Endpoint> seeds;
    if (!members_.empty()) seeds.push_back(members_.front()->node.self().place().local);
    members_.push_back(std::move(member));
    Effects effects;
    members_.back()->node.start(now_, seeds, effects);
    carry_out(*members_.back(), effects);
    run_for(std::chrono::seconds(2));
  }

  Member& member(std::size_t index) { return *members_[index]; }
  std::size_t size() const { return members_.size(); }

  void ask(std::size_t index, const Request& request) {
    Effects effects;
    members_[index]->store.ask(now_, request, effects);
    carry_out(*members_[index], effects);
    run_for(std::chrono::milliseconds(50));
  }

 private:
  struct InFlight {
    Contact from;
    NodeId to;
    Wire wire;
  };

  void carry_out(Member& member, Effects& effects) {
    member.store.api().dispatch(now_, effects);
    for (Effect& effect : effects) {
      if (auto* send = std::get_if<Send>(&effect)) {
        network_.push_back({member.node.self(), send->to.id(), encode(std::move(send->message))});
      } else if (const auto* dial = std::get_if<Dial>(&effect)) {
        answer(member, *dial);
      }
    }
  }

  void answer(Member& caller, const Dial& dial) {
    Effects effects;
    for (const auto& member : members_) {
      if (member->node.self().place().local != dial.endpoint) continue;
      caller.node.dialed(now_, dial.endpoint, member->node.self(), effects);
      return carry_out(caller, effects);
    }
    caller.node.dial_failed(now_, dial.endpoint, effects);
    carry_out(caller, effects);
  }

  void deliver_all() {
    while (!network_.empty()) {
      InFlight message = std::move(network_.front());
      network_.pop_front();
      for (const auto& member : members_) {
        if (member->node.self().id() != message.to) continue;
        Effects effects;
        member->node.receive(now_, message.from, decode(std::move(message.wire)).value(), effects);
        carry_out(*member, effects);
        break;
      }
    }
  }

  void run_for(Duration duration) {
    const Time end = now_ + duration;
    for (; now_ < end; now_ += std::chrono::milliseconds(1)) {
      deliver_all();
      for (const auto& member : members_) {
        if (member->node.next_tick() > now_) continue;
        Effects effects;
        member->node.tick(now_, effects);
        carry_out(*member, effects);
      }
    }
  }

  Time now_{};
  std::vector<std::unique_ptr<Member>> members_;
  std::deque<InFlight> network_;
};

}  // namespace

int main() {
  constexpr std::size_t kNodes = 8;
  const std::map<std::string, std::string> capitals = {
      {"France", "Paris"}, {"Japan", "Tokyo"}, {"Kenya", "Nairobi"}, {"Peru", "Lima"}};
  Random random(2026);
  Ring ring;
  while (ring.size() < kNodes) ring.add(NodeId::random(random));

  for (const auto& [country, capital] : capitals) ring.ask(0, {"put", country, capital});
  for (const auto& [country, capital] : capitals) ring.ask(kNodes - 1, {"get", country, ""});

  std::size_t stored = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) stored += ring.member(i).store.stored();
  std::printf("%zu nodes hold %zu values\n", ring.size(), stored);
  const auto& answers = ring.member(kNodes - 1).store.answers();
  for (const std::string& answer : answers) std::printf("%s\n", answer.c_str());
  return answers.size() == capitals.size() && stored == capitals.size() ? 0 : 1;
}
