#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "broker/core/broker.h"
#include "broker/core/match.h"

// What the borders ask of the global ring and of the forest; broker.cc has the rest.

namespace phyllo::broker {

regions::BordersConfig Broker::Abroad::borders_config(const BrokerConfig& config) {
  regions::BordersConfig borders = config.borders;
  borders.regrafting = config.multicast.parent_timeout + config.multicast.graft_retry;
  borders.survey = config.multicast.survey_timeout;
  return borders;
}

/// That the regions are known matters also where nothing is known of their borders.
regions::RegionTable Broker::Abroad::borders_table(const BrokerConfig& config) {
  const bool known = config.region_table.size() > 0;
  return known ? config.region_table : regions::RegionTable(config.regions);
}

void Broker::from_borders(Time now, regions::Effect effect) {
  constexpr auto ring = overlay::RingScope::kGlobal;
  std::visit(
      Match{
          [&](multicast::SendToward& send) {
            rings_.send_toward(now, ring, send.key, std::move(send.message));
          },
          [&](multicast::ForwardOn& on) { rings_.forward(now, ring, std::move(on.arrival)); },
          [&](multicast::SendDirect& send) {
            rings_.send_direct(now, ring, send.to, std::move(send.message));
          },
          [&](regions::Import& import) {
            const auto answer = std::visit(
                [&](const auto& message) {
                  return forest_.import(now, import.from.id(), message, from_forest_);
                },
                import.what);
            abroad_->borders.imported(now, import, answer, from_borders_);
          },
          [&](regions::Open& open) { forest_.open(now, open.topic, from_forest_); },
          [&](regions::SurveyHere& survey) {
            const auto number = forest_.survey(now, survey.topic, from_forest_);
            survey_tickets_.emplace(number, survey.ticket);
          },
          [&](regions::CastHere& cast) {
            const auto number =
                forest_.cast(now, cast.topic, std::move(cast.payload), cast.wanted, from_forest_);
            cast_tickets_.emplace(number, cast.ticket);
          },
          [&](regions::Surveyed& survey) { survey_done(now, std::move(survey)); },
          [&](regions::CastOver& over) { cast_done(now, std::move(over)); },
          [&](regions::Introduce& introduce) { rings_.introduce(now, introduce.stranger); },
      },
      effect);
}

void Broker::look_at_borders(Time now, Effects& out) {
  const std::size_t brokers = rings_.home().members_met().size() + 1;
  for (overlay::Notice& notice : meter_.look(now, brokers)) out.push_back(std::move(notice));
  const std::uint64_t month = meter_.month_number(now);
  if (abroad_ && month != border_topics_month_) abroad_->borders.forget_topic_traffic();
  border_topics_month_ = month;
  border_topics();  // takes down what they are called while their trees are there
}

std::uint64_t Broker::refusals() const {
  const std::uint64_t trees = forest_.stats().refused_topics;
  return trees + (abroad_ ? abroad_->borders.stats().fenced_off : 0);
}

std::vector<BorderTopicStats> Broker::border_topics() {
  std::vector<BorderTopicStats> list;
  if (!abroad_) return list;
  const auto traffic = abroad_->borders.topic_traffic();
  std::vector<multicast::TopicId> topics;
  for (const auto& entry : traffic) topics.push_back(entry.topic.topic);
  border_topics_.keep(topics, forest_);
  for (const auto& [to, entry] : traffic) {
    list.push_back({border_topics_.text(entry.topic), to, entry.bytes, entry.excess});
  }
  return list;
}

client::BordersAnswer Broker::describe_borders(Time now) {
  constexpr std::size_t kTopics = 1'000;
  const overlay::Contact& self = rings_.self();
  client::BordersAnswer answer{self.id(), self.region(), border_stats(now), border_topics()};
  std::ranges::stable_sort(answer.topics, std::greater<>{}, &BorderTopicStats::bytes);
  if (answer.topics.size() > kTopics) answer.topics.resize(kTopics);
  return answer;
}

/// What it was root of it is not any more, and others keep its rolls.
void Broker::leave_borders(Time now, Effects& out) {
  if (!abroad_) return;
  forest_.flush(now, from_forest_);
  settle(now, out);
  abroad_->borders.leave(now, from_borders_);
  settle(now, out);
}

}  // namespace phyllo::broker
