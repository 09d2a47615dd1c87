#include "broker/config/settings_schema.h"

namespace phyllo::broker {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::size_t kKiB = 1 << 10;
constexpr std::size_t kMiB = 1 << 20;
constexpr std::size_t kGiB = 1 << 30;
constexpr std::size_t kTiB = kGiB << 10;

constexpr const char* kProfiles[] = {"lan", "wan", "paper"};
constexpr const char* kSlowPolicies[] = {"drop_oldest", "drop_newest", "conflate", "disconnect"};
constexpr const char* kLogLevels[] = {"debug", "info", "warning", "error", "off"};
constexpr const char* kCollapses[] = {"never", "only_child"};
constexpr const char* kRelayings[] = {"none", "interested", "all"};
constexpr const char* kLogFormats[] = {"text", "json"};

Setting timer(Duration& target) { return duration_setting(target, milliseconds(1), hours(24)); }

void visit_node(Settings& settings, SettingsVisitor& v) {
  v.setting("id", node_id_setting(settings.node_id));
  v.setting("region", name_setting(settings.region));
  v.setting("state_dir", optional_setting<std::string>(settings.state_dir, "none", text_setting));
}

void visit_peers(PeerSettings& peers, SettingsVisitor& v) {
  v.section("local", [&] {
    v.setting("listen", endpoint_setting(peers.listen_local, EndpointUse::kPeerListen));
    v.setting("advertise",
              endpoint_setting(peers.advertise_local, EndpointUse::kPeerConnect, "auto"));
  });
  v.section("wan", [&] {
    v.setting("listen", endpoint_setting(peers.listen_wan, EndpointUse::kPeerListen, "none"));
    v.setting("advertise",
              endpoint_setting(peers.advertise_wan, EndpointUse::kPeerConnect, "auto"));
  });
  v.setting("seeds", endpoints_setting(peers.seeds, EndpointUse::kSeed));
  v.setting("queue_size", bytes_setting(peers.queue_bytes, kMiB, 16 * kGiB));
  v.setting("frame_size", bytes_setting(peers.frame_bytes, 128 * kKiB, kGiB));
  v.setting("links", count_setting(peers.links, 2, 1'000'000));
}

void visit_clients(ClientSettings& clients, ClientLimits& limits, SettingsVisitor& v) {
  v.setting("listen", endpoints_setting(clients.listen, EndpointUse::kClientListen));
  v.setting("connections", count_setting(limits.clients, 1, 1'000'000));
  v.setting("subscriptions", count_setting(limits.subscriptions, 1, 100'000'000));
  v.setting("subscriptions_per_client",
            count_setting(limits.subscriptions_per_client, 1, 100'000'000));
  v.setting("message_size", bytes_setting(limits.message_bytes, kKiB, 512 * kMiB));
  v.setting("publish_window", bytes_setting(limits.publish_window_bytes, 64 * kKiB, kGiB));
  v.setting("queue_size", bytes_setting(limits.queue_bytes, 64 * kKiB, 16 * kGiB));
  v.setting("queue_size_maximum", bytes_setting(limits.queue_bytes_maximum, 64 * kKiB, 16 * kGiB));
  v.setting("slow_policy", choice_setting(limits.slow_policy, kSlowPolicies));
  v.setting("heartbeat", timer(limits.heartbeat));
  v.setting("silence", timer(limits.silence));
}

void visit_overlay_timers(overlay::Timers& timers, SettingsVisitor& v) {
  v.setting("heartbeat", timer(timers.heartbeat));
  v.setting("silence", timer(timers.silence));
  v.setting("probe_timeout", timer(timers.probe_timeout));
  v.setting("probe_attempts", count_setting(timers.probe_attempts, 1, 100));
  v.setting("table_probe", timer(timers.table_probe));
  v.setting("table_maintenance", timer(timers.table_maintenance));
  v.setting("heal", timer(timers.heal));
  v.setting("join_retry", timer(timers.join_retry));
  v.setting("founding_patience", timer(timers.founding_patience));
  v.setting("minimum_rto", timer(timers.minimum_rto));
  v.setting("pause", timer(timers.pause));
}

void visit_overlay(overlay::NodeConfig& overlay, GlobalRingSettings& global, SettingsVisitor& v) {
  v.setting("leaf_set_size", count_setting(overlay.leaf_set_size, 2, 128));
  v.setting("cross_region_factor", real_setting(overlay.cross_region_factor, 1, 1000));
  v.setting("hop_limit", count_setting(overlay.hop_limit, 4, 255));
  v.setting("buffer_size", bytes_setting(overlay.buffer_bytes, 64 * kKiB, 16 * kGiB));
  v.section("timers", [&] { visit_overlay_timers(overlay.timers, v); });
  v.section("global_ring", [&] {
    v.setting("profile", choice_setting(global.profile, kProfiles));
    v.section("timers", [&] { visit_overlay_timers(global.timers, v); });
  });
}

void visit_multicast(multicast::ForestConfig& multicast, SettingsVisitor& v) {
  v.setting("children_limit", count_setting(multicast.children_limit, 0, 100'000'000));
  v.setting("collapse", choice_setting(multicast.collapse, kCollapses));
  v.setting("topic_limit", count_setting(multicast.topic_limit, 1, 100'000'000));
  v.setting("ingress_size_per_topic",
            bytes_setting(multicast.ingress_bytes_per_topic, 64 * kKiB, kTiB));
  v.setting("ingress_size", bytes_setting(multicast.ingress_bytes, 64 * kKiB, kTiB));
  v.section("timers", [&] {
    v.setting("heartbeat", timer(multicast.heartbeat));
    v.setting("parent_timeout", timer(multicast.parent_timeout));
    v.setting("refresh", timer(multicast.refresh));
    v.setting("child_timeout", timer(multicast.child_timeout));
    v.setting("graft_retry", timer(multicast.graft_retry));
    v.setting("publish_retry", timer(multicast.publish_retry));
    v.setting("survey_timeout", timer(multicast.survey_timeout));
  });
}

void visit_borders(regions::BordersConfig& borders, SettingsVisitor& v) {
  v.setting("relays", choice_setting(borders.relaying, kRelayings));
  v.setting("extra_delay", duration_setting(borders.extra_delay, milliseconds(1), minutes(1)));
  v.section("timers", [&] {
    v.setting("retry", timer(borders.retry));
    // Both shorter than the interest that they keep alive.
    v.setting("refresh", duration_setting(borders.refresh, milliseconds(1), minutes(1)));
    v.setting("lease", duration_setting(borders.lease, milliseconds(1), borders.interest_life));
  });
}

void visit_logging(LoggingSettings& logging, SettingsVisitor& v) {
  v.setting("level", choice_setting(logging.level, kLogLevels));
  v.section("levels", [&] {
    for (std::size_t i = 0; i < kSubsystems; ++i) {
      v.setting(to_string(static_cast<Subsystem>(i)),
                choice_setting(logging.levels[i], kLogLevels));
    }
  });
  v.setting("format", choice_setting(logging.format, kLogFormats));
  v.setting("destination", text_setting(logging.destination));
}

overlay::Timers timers_of(Profile profile) {
  switch (profile) {
    case Profile::kLan:
      return overlay::Timers::lan();
    case Profile::kWan:
      return overlay::Timers::wan();
    case Profile::kPaper:
      break;
  }
  return overlay::Timers::paper();
}

multicast::ForestConfig forest_of(Profile profile) {
  switch (profile) {
    case Profile::kLan:
      return multicast::ForestConfig::lan();
    case Profile::kWan:
      return multicast::ForestConfig::wan();
    case Profile::kPaper:
      break;
  }
  return multicast::ForestConfig::paper();
}

regions::BordersConfig borders_of(Profile profile) {
  switch (profile) {
    case Profile::kLan:
      return regions::BordersConfig::lan();
    case Profile::kWan:
      return regions::BordersConfig::wan();
    case Profile::kPaper:
      break;
  }
  return regions::BordersConfig::paper();
}

/// The rows of a table by the names of regions.
template <class Row>
NameTable region_names(std::map<std::string, Row>& rows) {
  const auto add = [&rows](const std::string& name) -> Outcome {
    constexpr std::size_t kMost = 256;
    std::string checked;
    if (const Outcome outcome = name_setting(checked).set(name); !outcome) return outcome;
    if (rows.size() == kMost) {
      return Error{ErrorCode::kLimit, "more than " + std::to_string(kMost) + " regions"};
    }
    rows.try_emplace(checked);
    return Done{};
  };
  const auto names = [&rows] {
    std::vector<std::string> all;
    for (const auto& [name, row] : rows) all.push_back(name);
    return all;
  };
  return {add, names};
}

Setting price(double& target) { return real_setting(target, 0, 1000); }

void visit_border(BorderSettings& border, SettingsVisitor& v) {
  v.setting("price_per_gb", optional_setting<double>(border.price_per_gb, "auto", price));
  v.setting("weight", price(border.weight));
  v.setting("budget", optional_setting<double>(border.budget, "none", [](double& budget) {
              return real_setting(budget, 0, 1e9);
            }));
  v.setting(
      "round_trip", optional_setting<Duration>(border.round_trip, "auto", [](Duration& round_trip) {
        return duration_setting(round_trip, std::chrono::microseconds(1), std::chrono::minutes(1));
      }));
}

void visit_region(RegionSettings& region, SettingsVisitor& v) {
  v.setting("price_per_gb", price(region.price_per_gb));
  v.table("to", region_names(region.to),
          [&](const std::string& name) { visit_border(region.to.at(name), v); });
}

SectionList topic_rules(std::vector<TopicRuleSettings>& rules) {
  const auto add = [&rules]() -> Outcome {
    constexpr std::size_t kMost = 1000;
    if (rules.size() == kMost) {
      return Error{ErrorCode::kLimit, "more than " + std::to_string(kMost) + " rules"};
    }
    rules.emplace_back();
    return Done{};
  };
  return {[&rules] { rules.clear(); }, add, [&rules] { return rules.size(); }};
}

void visit_topic_rule(TopicRuleSettings& rule, SettingsVisitor& v) {
  v.setting("match", pattern_setting(rule.match));
  v.setting("regions", names_setting(rule.regions));
}

}  // namespace

void visit_settings(Settings& settings, SettingsVisitor& v) {
  v.setting("cluster", name_setting(settings.core.cluster));
  v.setting("profile", choice_setting(settings.profile, kProfiles));
  v.section("node", [&] { visit_node(settings, v); });
  v.table("regions", region_names(settings.regions),
          [&](const std::string& name) { visit_region(settings.regions.at(name), v); });
  v.list("topics", topic_rules(settings.topics),
         [&](std::size_t i) { visit_topic_rule(settings.topics[i], v); });
  v.section("peers", [&] { visit_peers(settings.peers, v); });
  v.section("clients", [&] { visit_clients(settings.clients, settings.core.clients, v); });
  v.section("http", [&] { v.setting("listen", host_port_setting(settings.http.listen)); });
  v.section("overlay", [&] { visit_overlay(settings.core.overlay, settings.global_ring, v); });
  v.section("multicast", [&] { visit_multicast(settings.core.multicast, v); });
  v.section("borders", [&] { visit_borders(settings.core.borders, v); });
  v.section("logging", [&] { visit_logging(settings.logging, v); });
}

Settings default_settings(Profile profile, LogLevel level, Profile global_ring) {
  Settings settings;
  settings.profile = profile;
  settings.logging.level = level;
  settings.logging.levels = LoggingSettings::all(level);
  settings.core.overlay.timers = timers_of(profile);
  settings.core.multicast = forest_of(profile);
  settings.core.borders = borders_of(global_ring);
  settings.global_ring = {global_ring, timers_of(global_ring)};
  return settings;
}

}  // namespace phyllo::broker
