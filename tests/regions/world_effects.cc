// Carries what the forest of a broker has to say to its borders, and theirs to it and to others.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/batch_body.h"
#include "base/check.h"
#include "tests/regions/world.h"

namespace phyllo::regions {

void World::settle(std::size_t region, multicast::Effects forest, Effects borders) {
  Life& life = *regions_[region]->life;
  for (int flushed = 0; flushed < 2;) {
    if (!forest.empty()) {
      for (auto& effect : std::exchange(forest, {})) {
        tell(region, std::move(effect), forest, borders);
      }
    } else if (!borders.empty()) {
      for (auto& effect : std::exchange(borders, {})) {
        carry(region, std::move(effect), forest, borders);
      }
    } else {
      life.forest->flush(now_, forest);
      life.borders->flush(now_, borders);
      ++flushed;
    }
  }
  PHYLLO_CHECK(forest.empty() && borders.empty());
}

bool World::ask(std::size_t number, Effect& effect, multicast::Effects& forest) {
  Region& region = *regions_[number];
  Life& life = *region.life;
  if (const auto* survey = std::get_if<SurveyHere>(&effect)) {
    life.tickets[life.forest->survey(now_, survey->topic, forest)] = survey->ticket;
  } else if (const auto* cast = std::get_if<CastHere>(&effect)) {
    const auto asked = life.forest->cast(now_, cast->topic, cast->payload, cast->wanted, forest);
    life.cast_tickets[asked] = cast->ticket;
  } else if (auto* surveyed = std::get_if<Surveyed>(&effect)) {
    region.surveys.push_back(std::move(*surveyed));
  } else if (auto* over = std::get_if<CastOver>(&effect)) {
    region.casts.push_back(std::move(*over));
  } else {
    return false;
  }
  return true;
}

bool World::answer(std::size_t number, multicast::Effect& effect, multicast::Effects& forest,
                   Effects& borders) {
  Region& region = *regions_[number];
  Life& life = *region.life;
  if (auto* survey = std::get_if<multicast::SurveyDone>(&effect)) {
    life.borders->surveyed(now_, life.tickets.at(survey->survey), std::move(*survey), borders);
  } else if (const auto* done = std::get_if<multicast::CastDone>(&effect)) {
    life.borders->cast_done(now_, life.cast_tickets.at(done->cast), *done, borders);
  } else if (const auto* offer = std::get_if<multicast::Offer>(&effect)) {
    const std::uint32_t takers = std::min(offer->wanted, region.takers);
    std::string_view text;
    PHYLLO_CHECK(BatchBodyReader(offer->payload.view()).next(text));
    region.took.insert(region.took.end(), takers, std::string(text));
    life.forest->answer_offer(now_, offer->offer, takers, forest);
  } else if (auto* toward = std::get_if<multicast::SendToward>(&effect)) {
    life.forest->arrived(
        now_,
        {toward->key, region.contact, region.contact, 1, true, std::move(toward->message), {}},
        forest);
  } else {
    return false;
  }
  return true;
}

void World::tell(std::size_t number, multicast::Effect effect, multicast::Effects& forest,
                 Effects& borders) {
  if (answer(number, effect, forest, borders)) return;
  Region& region = *regions_[number];
  Borders& own = *region.life->borders;
  if (const auto* numbered = std::get_if<multicast::Numbered>(&effect)) {
    own.numbered(now_, *numbered, borders);
  } else if (const auto* changed = std::get_if<multicast::RootChanged>(&effect)) {
    own.root_changed(now_, *changed, borders);
  } else if (const auto* deliver = std::get_if<multicast::Deliver>(&effect)) {
    const multicast::Batch& batch = deliver->batch.batch;
    if (!region.life->live.contains(deliver->topic)) return;
    Heard& heard = region.heard[{deliver->topic, batch.publisher}];
    for (std::uint32_t i = 0; i < batch.count; ++i) {
      if (!heard.numbers.insert(batch.publisher_first + i).second) ++heard.twice;
    }
  } else if (const auto* gap = std::get_if<multicast::DeliverGap>(&effect)) {
    if (region.life->live.contains(gap->topic)) region.lost += gap->gap.last - gap->gap.first + 1;
  } else if (const auto* live = std::get_if<multicast::SubscriptionLive>(&effect)) {
    region.life->live.insert(live->topic);
  } else if (const auto* taken = std::get_if<multicast::PublishTaken>(&effect)) {
    region.taken[taken->publisher] = taken->up_to;
  }
}

void World::carry(std::size_t from, Effect effect, multicast::Effects& forest, Effects& borders) {
  if (ask(from, effect, forest)) return;
  Life& life = *regions_[from]->life;
  if (auto* toward = std::get_if<multicast::SendToward>(&effect)) {
    if (const auto to = rendezvous_for(from, toward->key)) {
      send(from, *to, std::move(toward->message), true);
    }
  } else if (auto* direct = std::get_if<multicast::SendDirect>(&effect)) {
    for (std::size_t to = 0; to < regions_.size(); ++to) {
      if (regions_[to]->contact.id() == direct->to.id()) {
        send(from, to, std::move(direct->message), false);
      }
    }
  } else if (const auto* import = std::get_if<Import>(&effect)) {
    const auto answer = std::visit(
        [&](const auto& m) { return life.forest->import(now_, import->from.id(), m, forest); },
        import->what);
    life.borders->imported(now_, *import, answer, borders);
  } else if (const auto* open = std::get_if<Open>(&effect)) {
    life.forest->open(now_, open->topic, forest);
  }
}

}  // namespace phyllo::regions
