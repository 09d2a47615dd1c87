#include "sim/fault/fault_text.h"

#include "sim/fault/words.h"

namespace phyllo::sim {
namespace {

const char* death_name(Death how) { return how == Death::kSilent ? "silent" : "reported"; }

const char* cut_name(Cut cut) {
  switch (cut) {
    case Cut::kBothWays:
      return "isolate";
    case Cut::kMute:
      return "mute";
    case Cut::kDeaf:
      return "deafen";
  }
  return "?";
}

std::string text(StationId broker) { return std::to_string(broker); }
std::string lasting(Duration lasts) { return " for " + seconds_text(lasts); }

std::string text(const Crash& crash) {
  return "crash " + text(crash.broker) + " " + death_name(crash.how);
}
std::string text(const MassCrash& crash) {
  return "cull " + number_text(crash.share) + " " + death_name(crash.how) + " dice " +
         std::to_string(crash.dice);
}
std::string text(const Restart& restart) { return "restart " + text(restart.broker); }
std::string text(const Drain& drain) { return "drain " + text(drain.broker); }
std::string text(const Pause& pause) {
  return "pause " + text(pause.broker) + lasting(pause.lasts);
}
std::string text(const Partition& partition) {
  std::string members;
  for (const StationId member : partition.group) {
    members += (members.empty() ? "" : ",") + text(member);
  }
  return std::string(cut_name(partition.cut)) + " " + members + lasting(partition.lasts);
}
std::string text(const Clog& clog) {
  return "clog " + text(clog.from) + " " + text(clog.to) + lasting(clog.lasts);
}
std::string text(const Loss& loss) {
  return "lose " + number_text(loss.chance) + lasting(loss.lasts);
}
std::string text(const Corruption& corruption) {
  return "corrupt " + number_text(corruption.chance) + lasting(corruption.lasts);
}
std::string text(const Duplication& duplication) {
  return "duplicate " + number_text(duplication.chance) + lasting(duplication.lasts);
}
std::string text(const Spikes& spikes) {
  return "delay " + number_text(spikes.chance) + " by " + seconds_text(spikes.extra) +
         lasting(spikes.lasts);
}
std::string text(const BrokenLink& link) {
  return "break " + text(link.one) + " " + text(link.other);
}
std::string text(const BrokenSessions& broken) { return "disconnect " + text(broken.broker); }
std::string text(const Heal&) { return "heal"; }

}  // namespace

std::string to_text(const Fault& what) {
  return std::visit([](const auto& one) { return text(one); }, what);
}

std::string to_text(const TimedFault& fault) {
  return seconds_text(fault.at) + " " + to_text(fault.what);
}

std::string to_text(const FaultPlan& plan) {
  std::string lines;
  for (const TimedFault& fault : plan) lines += to_text(fault) + "\n";
  return lines;
}

}  // namespace phyllo::sim
