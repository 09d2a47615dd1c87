#include "regions/witness.h"

#include <algorithm>
#include <iterator>

namespace phyllo::regions {

using overlay::Contact;

namespace {

/// Surveys for others at a time; who gets none asks again.
constexpr std::size_t kMaxLooks = 256;
/// Nodes and names of children on one page, and nodes of one tree that are told.
constexpr std::size_t kPage = 2'000;
constexpr std::size_t kMaxTold = 50'000;

}  // namespace

void Witness::on_look(Turn& turn, const Contact& from, const Look& look, std::vector<Way> ways) {
  const EnclosureRef enclosure = seats_.enclosure(turn, look.topic);
  if (enclosure && !seats_.admits(enclosure, from.region())) return;
  if (look.ways_only) {
    turn.send(from, TreePage{look.number, 0, true, true, {}, std::move(ways)});
    return;
  }
  if (looks_.size() >= kMaxLooks) {
    ++state_.stats.refused_questions;
    return;
  }
  if (!under_way_.emplace(from.id(), look.number).second) return;
  const Attempt ticket = state_.next_attempt();
  looks_.emplace(ticket, Asked{from, look.number, TopicId::of(look.topic)});
  turn.emit(SurveyHere{ticket, look.topic});
}

void Witness::surveyed(Turn& turn, Attempt ticket, multicast::SurveyDone done,
                       std::vector<Way> ways) {
  const auto taken = looks_.extract(ticket);
  const Asked& asked = taken.mapped();
  under_way_.erase({asked.asker.id(), asked.number});
  if (done.nodes.size() > kMaxTold) {
    done.nodes.erase(done.nodes.begin() + kMaxTold, done.nodes.end());
    done.complete = false;
  }
  if (ways.size() > kMaxWays) ways.resize(kMaxWays);
  TreePage page{asked.number, 0, false, false, {}, {}};
  std::size_t size = 0;
  for (auto& node : done.nodes) {
    const std::size_t more = 1 + node.children.size();
    if (!page.nodes.empty() && size + more > kPage) {
      turn.send(asked.asker, page);
      ++page.page;
      page.nodes.clear();
      size = 0;
    }
    size += more;
    page.nodes.push_back(std::move(node));
  }
  page.last = true;
  page.complete = done.complete;
  page.ways = std::move(ways);
  turn.send(asked.asker, page);
}

}  // namespace phyllo::regions
