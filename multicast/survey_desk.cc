#include "multicast/survey_desk.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace phyllo::multicast {
namespace {

constexpr std::size_t kMaxNodes = 1'000'000;

/// Root first, each child after its parent; what hangs on nobody that answered comes last.
std::vector<TreeNode> in_order(std::map<overlay::NodeId, TreeNode> nodes) {
  std::vector<TreeNode> ordered;
  std::vector<overlay::NodeId> next;
  for (const auto& [id, node] : nodes) {
    if (node.root) next.push_back(id);
  }
  while (!nodes.empty()) {
    if (next.empty()) next.push_back(nodes.begin()->first);
    auto taken = nodes.extract(next.back());
    next.pop_back();
    if (taken.empty()) continue;
    const auto& children = taken.mapped().children;
    next.insert(next.end(), children.rbegin(), children.rend());
    ordered.push_back(std::move(taken.mapped()));
  }
  return ordered;
}

}  // namespace

std::uint64_t SurveyDesk::ask(Turn& turn, const TopicName& topic) {
  const std::uint64_t number = ++last_;
  asked_[number];
  deadlines_.set(number, turn.now() + state_.config.survey_timeout);
  const TopicId id = TopicId::of(topic);
  turn.route(id.key(), Survey{id, number, state_.node.self()});
  return number;
}

void SurveyDesk::on_routed(Turn& turn, const Survey& survey) {
  const Tree* tree = state_.find(survey.topic);
  reply(turn, survey, tree);
}

void SurveyDesk::on_survey(Turn& turn, const overlay::Contact& from, const Survey& survey) {
  const Tree* tree = state_.find(survey.topic);
  if (tree != nullptr && tree->is_parent(from.id())) reply(turn, survey, tree);
}

void SurveyDesk::reply(Turn& turn, const Survey& survey, const Tree* tree) {
  SurveyReply answer{survey.survey, true, {}, {}, 0, 0};
  if (tree != nullptr) {
    answer.root = tree->rooted() != nullptr;
    if (tree->attached() != nullptr) answer.parent = tree->attached()->parent.id();
    answer.local_subscribers = tree->local_subscribers;
    answer.subtree_subscribers = tree->subscribers();
    for (const auto& [id, child] : tree->children()) {
      if (answer.children.size() == kMaxSurveyedChildren) break;
      answer.children.push_back(id);
      turn.send(child.contact, survey);
    }
  }
  if (survey.asker.id() == state_.self()) {
    on_reply(turn, state_.node.self(), answer);
  } else {
    turn.send(survey.asker, answer);
  }
}

void SurveyDesk::on_reply(Turn& turn, const overlay::Contact& from, const SurveyReply& reply) {
  const auto found = asked_.find(reply.survey);
  if (found == asked_.end()) return;
  Asked& asked = found->second;
  if (asked.named.size() + reply.children.size() > kMaxNodes) return;
  asked.root_seen = asked.root_seen || reply.root;
  asked.named.insert(reply.children.begin(), reply.children.end());
  asked.nodes.insert_or_assign(
      from.id(), TreeNode{from, reply.root, reply.parent, reply.children, reply.local_subscribers,
                          reply.subtree_subscribers});
  const auto answered = [&](const overlay::NodeId& id) { return asked.nodes.contains(id); };
  // Counted first: looking at every name for every answer would be quadratic in the tree's size.
  if (asked.root_seen && asked.nodes.size() > asked.named.size() &&
      std::ranges::all_of(asked.named, answered)) {
    finish(turn, reply.survey);
  }
}

void SurveyDesk::finish(Turn& turn, std::uint64_t survey) {
  auto taken = asked_.extract(survey);
  deadlines_.cancel(survey);
  Asked& asked = taken.mapped();
  const auto answered = [&](const overlay::NodeId& id) { return asked.nodes.contains(id); };
  const bool complete = asked.root_seen && std::ranges::all_of(asked.named, answered);
  turn.emit(SurveyDone{survey, in_order(std::move(asked.nodes)), complete});
}

void SurveyDesk::tick(Turn& turn) {
  for (const std::uint64_t survey : deadlines_.take_due(turn.now())) finish(turn, survey);
}

}  // namespace phyllo::multicast
