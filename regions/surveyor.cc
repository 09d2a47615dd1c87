#include "regions/surveyor.h"

#include <algorithm>
#include <utility>

namespace phyllo::regions {

using overlay::Contact;

namespace {

/// Nodes and names of children of all other regions together; what goes beyond is left out.
constexpr std::size_t kMaxLines = 200'000;
constexpr std::uint32_t kMaxPages = 1'024;  ///< of one region

}  // namespace

Attempt Surveyor::ask(Turn& turn, const TopicName& topic) {
  const Attempt number = state_.next_attempt();
  const Time until = turn.now() + longest(state_.config.survey, state_.config.retry);
  rounds_.emplace(number, Round{topic, until});
  deadlines_.set(number, until);
  turn.emit(SurveyHere{number, topic});
  enquiries_.ask(turn, number, topic);
  return number;
}

void Surveyor::surveyed(Turn& turn, Attempt number, multicast::SurveyDone done) {
  const auto found = rounds_.find(number);
  if (found == rounds_.end()) return;
  found->second.own = std::move(done);
  look_at(turn, number, found->second);
}

void Surveyor::on_audience(Turn& turn, Audience audience) {
  const Attempt number = audience.number;
  if (!enquiries_.take(audience)) return;
  const auto found = rounds_.find(number);
  if (found == rounds_.end()) return;
  Round& round = found->second;
  round.known = true;
  round.whole = audience.whole;
  for (Audience::Party& party : audience.parties) {
    Part& part = round.parts[party.root.region()];
    part.root = std::move(party.root);
    ask_region(turn, number, round, part);
  }
  deadlines_.set(number, std::min(round.until, turn.now() + state_.config.retry));
  look_at(turn, number, round);
}

/// The root, and when it does not answer also others there: it may be gone.
void Surveyor::ask_region(Turn& turn, Attempt number, Round& round, Part& part) {
  const bool own = part.root->region() == state_.self().region();
  const Look look{round.topic, number, own};
  turn.send(*part.root, look);
  if (part.asked++ == 0 || own) return;
  std::vector<Contact> met = state_.ring.met(part.root->region());
  std::erase_if(met, [&](const Contact& one) { return one.id() == part.root->id(); });
  if (!met.empty()) turn.send(met[state_.random.below(met.size())], look);
}

void Surveyor::on_page(Turn& turn, const Contact& from, TreePage page) {
  const auto found = rounds_.find(page.number);
  if (found == rounds_.end()) return;
  Round& round = found->second;
  const auto at = round.parts.find(from.region());
  if (at == round.parts.end()) return;
  Part& part = at->second;
  if (part.ends || part.source.value_or(from.id()) != from.id()) return;
  part.source = from.id();
  std::erase_if(page.nodes, [&](const auto& node) { return node.node.region() != from.region(); });
  if (page.page >= kMaxPages || part.pages.contains(page.page)) return;
  std::size_t lines = page.nodes.size();
  for (const auto& node : page.nodes) lines += node.children.size();
  const bool room = round.lines + lines <= kMaxLines;
  if (!room) page.nodes.clear();
  round.lines += room ? lines : 0;
  part.cut = part.cut || !room;
  part.pages.emplace(page.page, std::move(page.nodes));
  if (page.last) {
    part.last = page.page;
    part.complete = page.complete;
    part.ways = std::move(page.ways);
  }
  part.ends = part.last && part.pages.size() == *part.last + std::size_t{1};
  if (part.ends) look_at(turn, found->first, round);
}

void Surveyor::look_at(Turn& turn, Attempt number, Round& round) {
  const auto ends = [](const auto& part) { return part.second.ends; };
  if (round.own && round.known && std::ranges::all_of(round.parts, ends)) finish(turn, number);
}

void Surveyor::tick(Turn& turn) {
  enquiries_.tick(turn);
  for (const Attempt number : deadlines_.take_due(turn.now())) {
    Round& round = rounds_.at(number);
    if (turn.now() >= round.until) {
      finish(turn, number);
      continue;
    }
    for (auto& [region, part] : round.parts) {
      if (!part.source) ask_region(turn, number, round, part);
    }
    deadlines_.set(number, std::min(round.until, turn.now() + state_.config.retry));
  }
}

void Surveyor::finish(Turn& turn, Attempt number) {
  auto taken = rounds_.extract(number);
  enquiries_.give_up(number);
  deadlines_.cancel(number);
  Round& round = taken.mapped();
  Surveyed result{number, {}, round.known && round.whole};
  const std::string& here = state_.self().region();
  const auto own = round.parts.find(here);
  RegionTree& first = result.regions.emplace_back(RegionTree{here});
  if (round.own) {
    first.answered = true;
    first.complete = round.own->complete;
    first.nodes = std::move(round.own->nodes);
  }
  if (own != round.parts.end()) {
    first.complete = first.complete && own->second.ends;
    first.ways = std::move(own->second.ways);
  }
  for (auto& [region, part] : round.parts) {
    if (region == here) continue;
    RegionTree& tree = result.regions.emplace_back(RegionTree{region});
    tree.answered = part.source.has_value();
    tree.complete = part.ends && part.complete && !part.cut;
    for (auto& [page, nodes] : part.pages) {
      std::ranges::move(nodes, std::back_inserter(tree.nodes));
    }
    tree.ways = std::move(part.ways);
  }
  turn.emit(std::move(result));
}

}  // namespace phyllo::regions
