#include <algorithm>
#include <iterator>
#include <utility>

#include "broker/core/broker.h"

// Questions and casts of programs: of one ring the forest answers, of several regions the borders
// put together what their forests say. broker.cc has the rest.

namespace phyllo::broker {

void Broker::ask(Time now, const Asked& asked) {
  const std::uint32_t request = asked.query.request;
  const auto* tree = std::get_if<client::TreeQuery>(&asked.query.what);
  if (std::holds_alternative<client::BordersQuery>(asked.query.what)) {
    return sessions_.answer(now, asked.session, {request, describe_borders(now)}, from_sessions_);
  }
  if (tree == nullptr) {
    auto peers = describe_peers(rings_, config_.overlay.cross_region_factor);
    peers.clients = sessions_.size();
    peers.subscriptions = sessions_.stats().subscriptions;
    peers.topics = forest_.stats().trees;
    return sessions_.answer(now, asked.session, {request, std::move(peers)}, from_sessions_);
  }
  const auto topic = TopicName::parse(tree->topic);
  if (!topic) return sessions_.refuse(now, asked.session, request, topic.error(), from_sessions_);
  if (surveys_.full(asked.session)) {
    const Error why{ErrorCode::kLimit, "too many questions are under way"};
    return sessions_.refuse(now, asked.session, request, why, from_sessions_);
  }
  const std::uint64_t survey = abroad_ ? abroad_->borders.survey(now, *topic, from_borders_)
                                       : forest_.survey(now, *topic, from_forest_);
  surveys_.started(survey, {asked.session, request, *topic});
}

void Broker::survey_done(Time now, multicast::SurveyDone survey) {
  if (abroad_) {
    const auto ticket = survey_tickets_.extract(survey.survey);
    if (ticket.empty()) return;
    return abroad_->borders.surveyed(now, ticket.mapped(), std::move(survey), from_borders_);
  }
  const auto asker = surveys_.finished(survey.survey);
  if (!asker) return;
  client::TreeAnswer tree{asker->topic.text(), multicast::TopicId::of(asker->topic),
                          std::move(survey.nodes), survey.complete};
  sessions_.answer(now, asker->session, {asker->request, std::move(tree)}, from_sessions_);
}

void Broker::survey_done(Time now, regions::Surveyed survey) {
  const auto asker = surveys_.finished(survey.number);
  if (!asker) return;
  client::TreeAnswer tree{
      asker->topic.text(), multicast::TopicId::of(asker->topic), {}, survey.whole};
  tree.regions_unknown = !survey.whole;
  for (regions::RegionTree& region : survey.regions) {
    tree.complete = tree.complete && region.complete;
    std::ranges::move(region.nodes, std::back_inserter(tree.nodes));
    tree.regions.push_back(
        {std::move(region.region), region.answered, region.complete, std::move(region.ways)});
  }
  sessions_.answer(now, asker->session, {asker->request, std::move(tree)}, from_sessions_);
}

void Broker::cast(Time now, CastAsked cast) {
  if (casts_.full(cast.session)) {
    const Error why{ErrorCode::kLimit, "too many casts are under way"};
    return sessions_.refuse(now, cast.session, cast.request, why, from_sessions_);
  }
  const std::uint64_t number =
      abroad_
          ? abroad_->borders.cast(now, cast.topic, std::move(cast.body), cast.wanted, from_borders_)
          : forest_.cast(now, cast.topic, std::move(cast.body), cast.wanted, from_forest_);
  casts_.started(number, {cast.session, cast.request, std::move(cast.topic)});
}

void Broker::cast_done(Time now, const multicast::CastDone& done) {
  if (abroad_) {
    const auto ticket = cast_tickets_.extract(done.cast);
    if (ticket.empty()) return;
    return abroad_->borders.cast_done(now, ticket.mapped(), done, from_borders_);
  }
  const auto taken = static_cast<std::uint32_t>(done.accepted.size());
  answer_cast(now, done.cast, {0, taken, done.complete});
}

void Broker::cast_done(Time now, regions::CastOver over) {
  answer_cast(now, over.number,
              {0, over.taken, over.complete, std::move(over.unreached), !over.whole});
}

void Broker::answer_cast(Time now, std::uint64_t cast, client::CastDone done) {
  const auto asker = casts_.finished(cast);
  if (!asker) return;
  done.request = asker->request;
  sessions_.cast_done(now, asker->session, std::move(done), from_sessions_);
}

}  // namespace phyllo::broker
