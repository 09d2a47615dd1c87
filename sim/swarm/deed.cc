#include "sim/swarm/deed.h"

#include <array>
#include <utility>

#include "base/topic_name.h"
#include "sim/fault/words.h"

namespace phyllo::sim {
namespace {

using broker::SlowPolicy;

constexpr std::array<std::pair<SlowPolicy, std::string_view>, 4> kPolicies{{
    {SlowPolicy::kDropOldest, "drop_oldest"},
    {SlowPolicy::kDropNewest, "drop_newest"},
    {SlowPolicy::kConflate, "conflate"},
    {SlowPolicy::kDisconnect, "disconnect"},
}};

std::string name_of(SlowPolicy policy) {
  for (const auto& [known, name] : kPolicies) {
    if (known == policy) return std::string(name);
  }
  return "?";
}

std::string text(const Subscribes& deed) {
  return "subscribes " + deed.topic + " policy " + name_of(deed.policy) + " credit " +
         std::to_string(deed.credit) + " queue " + std::to_string(deed.queue);
}
std::string text(const Unsubscribes&) { return "unsubscribes"; }
std::string text(const Publishes& deed) {
  return "publishes " + deed.topic + " " + std::to_string(deed.batches) + " batches of " +
         std::to_string(deed.messages) + " every " + seconds_text(deed.every);
}
std::string text(const Stalls& deed) { return "stalls for " + seconds_text(deed.lasts); }
std::string text(const Leaves&) { return "leaves"; }

// --- reading ---

std::string topic(Words& words) {
  std::string name(words.next());
  if (!TopicName::parse(name)) words.fail("expected a topic, not '" + name + "'");
  return name;
}

SlowPolicy policy(Words& words) {
  words.expect("policy");
  const std::string_view word = words.next();
  for (const auto& [policy, name] : kPolicies) {
    if (word == name) return policy;
  }
  words.fail("there is no policy '" + std::string(word) + "'");
  return SlowPolicy::kDropOldest;
}

std::uint64_t amount(Words& words, const char* name) {
  words.expect(name);
  return words.count("a number of bytes");
}

std::uint32_t few(Words& words, const char* meaning) {
  const std::uint64_t count = words.count(meaning);
  if (count == 0 || count > 1'000'000) words.fail("expected 1 to 1000000 of them");
  return static_cast<std::uint32_t>(count);
}

Subscribes subscribes(Words& words) {
  Subscribes deed;
  deed.topic = topic(words);
  deed.policy = policy(words);
  deed.credit = amount(words, "credit");
  deed.queue = amount(words, "queue");
  return deed;
}

Publishes publishes(Words& words) {
  Publishes deed;
  deed.topic = topic(words);
  deed.batches = few(words, "a number of batches");
  words.expect("batches");
  words.expect("of");
  deed.messages = few(words, "a number of messages");
  words.expect("every");
  deed.every = words.seconds("the time between two batches");
  return deed;
}

Stalls stalls(Words& words) {
  words.expect("for");
  return {words.seconds("how long it stalls")};
}

}  // namespace

std::string to_text(const Deed& deed) {
  return "program " + std::to_string(deed.program) + " " +
         std::visit([](const auto& what) { return text(what); }, deed.what);
}

Result<Deed> parse_deed(std::string_view line) {
  Words words(line);
  words.expect("program");
  Deed deed{words.count("the number of a program"), Leaves{}};
  const std::string_view verb = words.next();
  if (verb == "subscribes") {
    deed.what = subscribes(words);
  } else if (verb == "unsubscribes") {
    deed.what = Unsubscribes{};
  } else if (verb == "publishes") {
    deed.what = publishes(words);
  } else if (verb == "stalls") {
    deed.what = stalls(words);
  } else if (verb != "leaves") {
    words.fail("no program '" + std::string(verb) + "'");
  }
  words.end();
  if (words.failed()) return words.error();
  return deed;
}

}  // namespace phyllo::sim
