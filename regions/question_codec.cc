#include "regions/question_codec.h"

#include <algorithm>
#include <utility>

#include "base/batch_body.h"
#include "phyllo/v1/regions.pb.h"

namespace phyllo::regions {
namespace {

using Schema = v1::RegionsMessage;
using Stage = CastInto::Stage;
using State = CastState::State;

Message get(const Schema::Enquire& in, CodecReader& read) {
  const TopicId topic = read.topic(in.topic());
  return Enquire{topic, in.number(), read.contact(in.asker()), read.name(topic, in.name())};
}

Message get(const Schema::Audience& in, CodecReader& read) {
  Audience out{in.number(), in.whole(), {}};
  if (!read.list(in.parties_size(), kMaxRoots)) return out;
  for (const auto& party : in.parties()) {
    out.parties.push_back({read.contact(party.root()), party.subscribes(), party.publishes()});
  }
  return out;
}

multicast::TreeNode get(const Schema::TreePage::Node& in, CodecReader& read) {
  multicast::TreeNode out{read.contact(in.node()),
                          in.root(),
                          {},
                          {},
                          read.number(in.local_subscribers()),
                          read.number(in.subtree_subscribers())};
  if (!in.parent().empty()) out.parent = read.node(in.parent());
  if (!read.list(in.children_size(), multicast::kMaxSurveyedChildren)) return out;
  for (const auto& child : in.children()) out.children.push_back(read.node(child));
  return out;
}

Message get(const Schema::TreePage& in, CodecReader& read) {
  TreePage out{in.number(), in.page(), in.last(), in.complete(), {}, {}};
  if (!read.list(in.nodes_size(), kMaxPageNodes) || !read.list(in.ways_size(), kMaxWays)) {
    return out;
  }
  for (const auto& node : in.nodes()) out.nodes.push_back(get(node, read));
  for (const auto& way : in.ways()) {
    Way& added = out.ways.emplace_back(Way{read.region(way.to()), {}});
    if (!read.list(way.through_size(), kMaxLegs)) return out;
    for (const auto& region : way.through()) added.through.push_back(read.region(region));
  }
  return out;
}

Stage stage_of(Schema::CastInto::Stage stage, CodecReader& read) {
  switch (stage) {
    case Schema::CastInto::STAGE_READY:
      return Stage::kReady;
    case Schema::CastInto::STAGE_TAKE:
      return Stage::kTake;
    case Schema::CastInto::STAGE_HOW:
      return Stage::kHow;
    default:
      read.require(false, "a cast in no stage");
      return Stage::kReady;
  }
}

Message get(const Schema::CastInto& in, Payload body, CodecReader& read) {
  const Stage stage = stage_of(in.stage(), read);
  read.require(in.wanted() > 0 && in.wanted() <= multicast::kMaxWanted, "a cast for nobody");
  if (stage == Stage::kTake) {
    read.require(check_batch_body(body.view(), 1, body.size()).ok(), "a cast without a message");
  } else {
    read.require(body.empty(), "a body where none belongs");
  }
  return CastInto{read.name(in.topic()), in.number(), in.wanted(), stage, in.life(),
                  std::move(body)};
}

State state_of(Schema::CastState::State state, CodecReader& read) {
  switch (state) {
    case Schema::CastState::STATE_READY:
      return State::kReady;
    case Schema::CastState::STATE_UNDER_WAY:
      return State::kUnderWay;
    case Schema::CastState::STATE_DONE:
      return State::kDone;
    case Schema::CastState::STATE_UNKNOWN:
      return State::kUnknown;
    case Schema::CastState::STATE_FULL:
      return State::kFull;
    default:
      read.require(false, "a cast in no state");
      return State::kUnknown;
  }
}

Message get(const Schema::CastState& in, CodecReader& read) {
  return CastState{in.number(), state_of(in.state(), read), in.life(), in.taken(), in.complete()};
}

Schema::CastInto::Stage written(Stage stage) {
  switch (stage) {
    case Stage::kTake:
      return Schema::CastInto::STAGE_TAKE;
    case Stage::kHow:
      return Schema::CastInto::STAGE_HOW;
    default:
      return Schema::CastInto::STAGE_READY;
  }
}

Schema::CastState::State written(State state) {
  switch (state) {
    case State::kReady:
      return Schema::CastState::STATE_READY;
    case State::kUnderWay:
      return Schema::CastState::STATE_UNDER_WAY;
    case State::kDone:
      return Schema::CastState::STATE_DONE;
    case State::kFull:
      return Schema::CastState::STATE_FULL;
    default:
      return Schema::CastState::STATE_UNKNOWN;
  }
}

}  // namespace

void put_question(const Enquire& m, v1::RegionsMessage& schema) {
  auto& out = *schema.mutable_enquire();
  out.set_topic(m.topic.bytes());
  out.set_number(m.number);
  overlay::encode(m.asker, *out.mutable_asker());
  if (m.name) out.set_name(m.name->text());
}

void put_question(const Audience& m, v1::RegionsMessage& schema) {
  auto& out = *schema.mutable_audience();
  out.set_number(m.number);
  out.set_whole(m.whole);
  for (const auto& party : m.parties) {
    auto& line = *out.add_parties();
    overlay::encode(party.root, *line.mutable_root());
    line.set_subscribes(party.subscribes);
    line.set_publishes(party.publishes);
  }
}

void put_question(const Look& m, v1::RegionsMessage& schema) {
  auto& out = *schema.mutable_look();
  out.set_topic(m.topic.text());
  out.set_number(m.number);
  out.set_ways_only(m.ways_only);
}

void put_question(const TreePage& m, v1::RegionsMessage& schema) {
  auto& out = *schema.mutable_tree_page();
  out.set_number(m.number);
  out.set_page(m.page);
  out.set_last(m.last);
  out.set_complete(m.complete);
  for (const auto& node : m.nodes) {
    auto& line = *out.add_nodes();
    overlay::encode(node.node, *line.mutable_node());
    line.set_root(node.root);
    if (node.parent) line.set_parent(node.parent->bytes());
    for (const auto& child : node.children) line.add_children(child.bytes());
    line.set_local_subscribers(node.local_subscribers);
    line.set_subtree_subscribers(node.subtree_subscribers);
  }
  for (const auto& way : m.ways) {
    auto& line = *out.add_ways();
    line.set_to(way.to);
    for (const auto& region : way.through) line.add_through(region);
  }
}

void put_question(const CastInto& m, v1::RegionsMessage& schema) {
  auto& out = *schema.mutable_cast_into();
  out.set_topic(m.topic.text());
  out.set_number(m.number);
  out.set_wanted(m.wanted);
  out.set_stage(written(m.stage));
  out.set_life(m.life);
}

void put_question(const CastState& m, v1::RegionsMessage& schema) {
  auto& out = *schema.mutable_cast_state();
  out.set_number(m.number);
  out.set_state(written(m.state));
  out.set_life(m.life);
  out.set_taken(m.taken);
  out.set_complete(m.complete);
}

std::optional<Message> get_question(const v1::RegionsMessage& in, Payload body, CodecReader& read) {
  if (in.has_cast_into()) return get(in.cast_into(), std::move(body), read);
  read.require(body.empty(), "a body where none belongs");
  switch (in.kind_case()) {
    case Schema::kEnquire:
      return get(in.enquire(), read);
    case Schema::kAudience:
      return get(in.audience(), read);
    case Schema::kLook:
      return Look{read.name(in.look().topic()), in.look().number(), in.look().ways_only()};
    case Schema::kTreePage:
      return get(in.tree_page(), read);
    case Schema::kCastState:
      return get(in.cast_state(), read);
    default:
      return std::nullopt;
  }
}

}  // namespace phyllo::regions
