#include "sim/network/multicast_text.h"

#include <variant>

#include "multicast/codec.h"

namespace phyllo::sim {
namespace {

using namespace multicast;

std::string text(const TopicId& topic) { return topic.hex().substr(0, 8); }
std::string text(const StreamId& stream) {
  return stream.root.short_hex() + "/" + std::to_string(stream.generation);
}
std::string text(const Batch& batch) {
  return "publisher " + std::to_string(batch.publisher) + " " +
         std::to_string(batch.publisher_first) + "+" + std::to_string(batch.count);
}
std::string count(const char* what, std::uint64_t number) {
  return std::string(" ") + what + " " + std::to_string(number);
}

const char* text(Dismiss::Why why) {
  switch (why) {
    case Dismiss::Why::kFull:
      return " full";
    case Dismiss::Why::kCycle:
      return " cycle";
    case Dismiss::Why::kLeaving:
      return " leaving";
    case Dismiss::Why::kUnknown:
      return " unknown";
    case Dismiss::Why::kUnready:
      return " not ready";
  }
  return "?";
}

const char* text(PublishNack::Reason reason) {
  switch (reason) {
    case PublishNack::Reason::kNotRoot:
      return " not root";
    case PublishNack::Reason::kOutOfOrder:
      return " out of order";
    case PublishNack::Reason::kUnwanted:
      return " unwanted";
    case PublishNack::Reason::kUnsettled:
      return " unsettled";
  }
  return "?";
}

/// The upper bits only tell lives apart.
std::string attempt(Attempt number) {
  return " attempt " + std::to_string(number & ((Attempt{1} << kAttemptLifeShift) - 1));
}

struct Describe {
  std::string operator()(const Graft& m) const {
    return "Graft " + text(TopicId::of(m.topic)) + attempt(m.attempt) +
           count("subscribers", m.subscribers);
  }
  std::string operator()(const Standing& m) const {
    std::string line = "Standing " + text(m.topic) + attempt(m.attempt);
    line += m.live ? " live path" : " path";
    for (const overlay::NodeId& node : m.path) line += " " + node.short_hex();
    if (m.head) {
      line += " head " + text(m.head->position.stream) + count("next", m.head->position.next);
      if (m.head->previous) line += count("continues", m.head->previous->last);
    }
    return line;
  }
  std::string operator()(const Dismiss& m) const {
    return "Dismiss " + text(m.topic) + attempt(m.attempt) + text(m.why) +
           count("alternatives", m.alternatives.size());
  }
  std::string operator()(const Prune& m) const {
    return "Prune " + text(m.topic) + attempt(m.attempt);
  }
  static std::string stage(HandOver::Stage stage) {
    if (stage == HandOver::Stage::kCloserRoot) return "";
    return stage == HandOver::Stage::kWillLeave ? " will leave" : " leaving";
  }
  std::string operator()(const HandOver& m) const {
    return "HandOver " + text(TopicId::of(m.topic)) + attempt(m.attempt) + " ended " +
           text(m.ended.stream) + count("at", m.ended.last) + stage(m.stage);
  }
  std::string operator()(const Pulse& m) const {
    std::string line = "Pulse";
    for (const auto& down : m.down) line += " v" + text(down.topic) + count("next", down.next);
    for (const auto& up : m.up) line += " ^" + text(up.topic) + (up.wants_standing ? "?" : "");
    return line;
  }
  std::string operator()(const Data& m) const {
    return "Data " + text(m.topic) + " " + text(m.batch.stream) + count("at", m.batch.first) + " " +
           text(m.batch.batch);
  }
  std::string operator()(const Loss& m) const {
    return "Loss " + text(m.topic) + " " + text(m.gap.stream) + count("from", m.gap.first) +
           count("to", m.gap.last) + " " + to_string(m.gap.why);
  }
  std::string operator()(const Hold& m) const { return "Hold " + text(m.topic); }
  std::string operator()(const Locate& m) const {
    return "Locate " + text(m.topic) + attempt(m.attempt);
  }
  std::string operator()(const RootIs& m) const {
    return "RootIs " + text(m.topic) + attempt(m.attempt) +
           (m.successor ? " successor " + m.successor->id().short_hex() : "");
  }
  std::string operator()(const Publish& m) const {
    return "Publish " + text(m.topic) + attempt(m.attempt) + count("index", m.index) + " " +
           text(m.batch);
  }
  std::string operator()(const PublishAck& m) const {
    return "PublishAck " + text(m.topic) + attempt(m.attempt) + count("taken", m.taken) +
           count("reach", m.reception.reach);
  }
  std::string operator()(const PublishNack& m) const {
    return "PublishNack " + text(m.upto.topic) + attempt(m.upto.attempt) +
           count("taken", m.upto.taken) + text(m.reason);
  }
  std::string operator()(const Cast& m) const { return "Cast " + text(m.topic); }
  std::string operator()(const CastResult& m) const { return "CastResult" + count("of", m.cast); }
  std::string operator()(const Survey& m) const { return "Survey " + text(m.topic); }
  std::string operator()(const SurveyReply& m) const {
    return "SurveyReply" + count("to", m.survey);
  }
};

}  // namespace

std::string describe_app(const overlay::AppMessage& message) {
  const auto decoded = decode(message);
  if (!decoded.ok()) return count("bytes", message.header.size()).substr(1);
  return std::visit(Describe{}, decoded.value());
}

}  // namespace phyllo::sim
