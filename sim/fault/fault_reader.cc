#include <array>
#include <string>
#include <utility>

#include "sim/fault/fault_text.h"
#include "sim/fault/words.h"

namespace phyllo::sim {
namespace {

StationId broker(Words& words) {
  const std::uint64_t number = words.count("the number of a broker");
  if (number > 0xffff'ffff) words.fail("no broker has number " + std::to_string(number));
  return static_cast<StationId>(number);
}

Duration lasts(Words& words) {
  words.expect("for");
  return words.seconds("how long it lasts");
}

Death death(Words& words) {
  const std::string_view how = words.next();
  if (how != "silent" && how != "reported") {
    words.fail("expected 'silent' or 'reported', not '" + std::string(how) + "'");
  }
  return how == "silent" ? Death::kSilent : Death::kReported;
}

Fault crash(Words& words) {
  const StationId who = broker(words);
  return Crash{who, death(words)};
}

Fault cull(Words& words) {
  const double share = words.number("a share such as 0.5");
  const Death how = death(words);
  words.expect("dice");
  return MassCrash{share, how, words.count("a number")};
}

Fault partition(Words& words, Cut cut) {
  std::vector<StationId> group;
  std::string_view members = words.next();
  while (!words.failed()) {
    const auto comma = members.find(',');
    Words one(members.substr(0, comma));
    group.push_back(broker(one));
    if (one.failed()) words.fail(one.error().message);
    if (comma == std::string_view::npos) break;
    members.remove_prefix(comma + 1);
  }
  return Partition{std::move(group), cut, lasts(words)};
}

Fault clog(Words& words) {
  const StationId from = broker(words);
  const StationId to = broker(words);
  return Clog{from, to, lasts(words)};
}

template <class What>
Fault chance(Words& words) {
  const double chance = words.number("a chance such as 0.05");
  return What{chance, lasts(words)};
}

Fault spikes(Words& words) {
  const double chance = words.number("a chance such as 0.05");
  words.expect("by");
  const Duration extra = words.seconds("the delay");
  return Spikes{chance, extra, lasts(words)};
}

Fault pause(Words& words) {
  const StationId who = broker(words);
  return Pause{who, lasts(words)};
}

Fault broken_link(Words& words) {
  const StationId one = broker(words);
  return BrokenLink{one, broker(words)};
}

using Reader = Fault (*)(Words&);
constexpr std::array<std::pair<std::string_view, Reader>, 15> kReaders{{
    {"crash", crash},
    {"cull", cull},
    {"restart", [](Words& words) -> Fault { return Restart{broker(words)}; }},
    {"drain", [](Words& words) -> Fault { return Drain{broker(words)}; }},
    {"pause", pause},
    {"isolate", [](Words& words) { return partition(words, Cut::kBothWays); }},
    {"mute", [](Words& words) { return partition(words, Cut::kMute); }},
    {"deafen", [](Words& words) { return partition(words, Cut::kDeaf); }},
    {"clog", clog},
    {"lose", chance<Loss>},
    {"corrupt", chance<Corruption>},
    {"duplicate", chance<Duplication>},
    {"delay", spikes},
    {"break", broken_link},
    {"disconnect", [](Words& words) -> Fault { return BrokenSessions{broker(words)}; }},
}};

Fault fault(Words& words) {
  const std::string_view verb = words.next();
  for (const auto& [name, read] : kReaders) {
    if (verb == name) return read(words);
  }
  if (verb != "heal") words.fail("there is no fault '" + std::string(verb) + "'");
  return Heal{};
}

}  // namespace

Result<TimedFault> parse_fault(std::string_view line) {
  Words words(line);
  const Duration at = words.seconds("a time");
  TimedFault parsed{at, fault(words)};
  words.end();
  if (words.failed()) return words.error();
  return parsed;
}

}  // namespace phyllo::sim
