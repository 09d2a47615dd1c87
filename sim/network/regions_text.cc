#include "sim/network/regions_text.h"

#include <variant>
#include <vector>

#include "multicast/codec.h"
#include "regions/codec.h"
#include "sim/network/multicast_text.h"

namespace phyllo::sim {
namespace {

using namespace regions;

std::string text(const TopicId& topic) { return " " + topic.hex().substr(0, 8); }
std::string count(const char* what, std::uint64_t number) {
  return std::string(" ") + what + " " + std::to_string(number);
}
std::string text(const overlay::Contact& contact) {
  return contact.id().short_hex() + "/" + std::to_string(contact.incarnation());
}
std::string ids(const std::vector<overlay::Contact>& contacts) {
  std::string list = " [";
  for (const overlay::Contact& contact : contacts) {
    if (list.size() > 2) list += ' ';
    list += text(contact);
  }
  return list + "]";
}
std::string text(const multicast::Publish& publish) {
  return describe_app(multicast::encode(publish));
}

/// Who gets it, and passes it on to whom.
std::string legs(const std::vector<Relayed::Leg>& onward) {
  std::string list;
  for (const Relayed::Leg& leg : onward) {
    list += (leg.publish ? " to " : " through ") + text(leg.to);
    if (!leg.onward.empty()) list += " (" + legs(leg.onward).substr(1) + ")";
  }
  return list;
}

struct Describe {
  std::string operator()(const Register& m) const {
    return "Register" + text(m.topic) + " root " + text(m.root) +
           count("subscribers", m.subscribers) + (m.publishes ? " publishes" : "") +
           (m.passing ? " passing" : "");
  }
  std::string operator()(const Refresh& m) const {
    return "Refresh" + count("topics", m.entries.size());
  }
  std::string operator()(const Refreshed& m) const {
    return "Refreshed" + count("topics", m.topics.size());
  }
  std::string operator()(const Interest& m) const {
    return "Interest" + text(m.topic) + count("edition", m.edition) + " roots" + ids(m.roots) +
           (m.settled ? " settled" : "") + (m.opened > 0 ? " opened" : "") +
           count("passed", m.passed.size());
  }
  std::string operator()(const InterestTaken& m) const {
    return "InterestTaken" + text(m.topic) + count("edition", m.edition);
  }
  std::string operator()(const Book& m) const {
    return "Book" + text(m.topic) + count("entries", m.entries.size());
  }
  std::string operator()(const Seek& m) const { return "Seek " + m.region; }
  std::string operator()(const Sought& m) const { return "Sought " + m.region + ids(m.brokers); }
  std::string operator()(const RollCall&) const { return "RollCall"; }
  std::string operator()(const Present&) const { return "Present"; }
  /// Kinds without a line of their own.
  template <class Other>
  std::string operator()(const Other&) const {
    return "another message between regions";
  }
  std::string operator()(const Relayed& m) const {
    return "Relayed from " + text(m.origin) + (m.here ? " " + text(*m.here) : "") + legs(m.onward);
  }
  std::string operator()(const multicast::Missing& m) const {
    return "Missing" + text(m.topic) + count("index", m.index) + count("messages", m.count);
  }
  std::string operator()(const multicast::Publish& m) const { return text(m); }
  std::string operator()(const multicast::PublishAck& m) const {
    return describe_app(multicast::encode(m));
  }
  std::string operator()(const multicast::PublishNack& m) const {
    return describe_app(multicast::encode(m));
  }
};

}  // namespace

std::string describe_between_regions(const overlay::AppMessage& message) {
  const auto decoded = decode(message);
  if (!decoded.ok()) return "bytes " + std::to_string(message.header.size());
  return std::visit(Describe{}, decoded.value());
}

}  // namespace phyllo::sim
