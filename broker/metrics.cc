#include "broker/metrics.h"

#include <chrono>
#include <string>

#include "broker/journal.h"
#include "broker/metric_families.h"
#include "multicast/stream.h"

namespace phyllo::broker {
namespace {

using State = overlay::StateChanged::State;

void add_messages(const Status& status, MetricFamilies& out) {
  const auto& clients = status.broker.clients;
  const auto& trees = status.broker.multicast;
  out.counter("phyllo_published_messages_total", "Messages accepted from local programs.",
              clients.published_messages);
  out.counter("phyllo_published_bytes_total", "Bytes of messages accepted from local programs.",
              clients.published_bytes);
  out.counter("phyllo_delivered_messages_total",
              "Messages sent to local programs, once per subscription.",
              clients.delivered_messages);
  out.counter("phyllo_delivered_bytes_total",
              "Bytes of messages sent to local programs, once per subscription.",
              clients.delivered_bytes);
  out.counter("phyllo_rooted_messages_total", "Messages numbered here as the root of their topic.",
              trees.rooted_messages);
  out.counter("phyllo_forwarded_messages_total", "Messages sent to children, once per child.",
              trees.forwarded_messages);
  out.counter("phyllo_forwarded_bytes_total", "Bytes of messages sent to children.",
              trees.forwarded_bytes);
  out.counter("phyllo_unheard_messages_total", "Messages on topics that nobody subscribed to.",
              trees.unheard_messages);
  out.counter("phyllo_duplicate_messages_total", "Messages dropped because they came before.",
              trees.duplicate_messages);
}

template <std::size_t kReasons>
void add_by_reason(const std::array<std::uint64_t, kReasons>& counts, MetricFamilies& out) {
  for (std::size_t reason = 0; reason < kReasons; ++reason) {
    out.add({{"reason", to_string(static_cast<multicast::Gap::Why>(reason))}}, counts[reason]);
  }
}

void add_losses(const Status& status, MetricFamilies& out) {
  out.counters("phyllo_gap_messages_total",
               "Messages that trees here lost and reported, by reason.");
  add_by_reason(status.broker.multicast.gap_messages, out);
  out.counters("phyllo_client_gap_messages_total",
               "Messages that local subscribers were told they miss, by reason.");
  add_by_reason(status.broker.clients.gap_messages, out);
  out.counter("phyllo_slow_consumer_dropped_messages_total",
              "Messages dropped because a subscription's queue was full.",
              status.broker.clients.slow_dropped_messages);
  out.counter("phyllo_slow_consumer_disconnects_total",
              "Sessions ended because a subscription's queue was full.",
              status.broker.clients.slow_disconnects);
  out.counter("phyllo_client_overflows_total",
              "Sessions ended because a program did not read what it asked for.",
              status.gateway.overflows);
  out.counter("phyllo_peer_queue_dropped_messages_total",
              "Messages to other brokers dropped because the peer's queue was full.",
              status.broker.peer_link_drops);
  out.counters("phyllo_malformed_frames_total", "Frames that made no sense, by port.");
  out.add({{"port", "peers"}}, status.transport.malformed + status.transport.hello_missing +
                                   status.broker.malformed_peer_messages +
                                   (status.broker.borders ? status.broker.borders->malformed : 0));
  out.add({{"port", "clients"}}, status.gateway.malformed + status.broker.clients.malformed_frames);
  out.counter("phyllo_stray_messages_total",
              "Messages for a ring or a layer that this broker has not.",
              status.broker.stray_ring_messages + status.broker.unclaimed_messages);
  out.counters("phyllo_altered_frames_total", "Frames that are not as they were sent, by port.");
  out.add({{"port", "peers"}}, status.transport.altered + status.broker.altered_peer_messages);
  out.add({{"port", "clients"}}, status.broker.clients.altered_frames);
}

/// A node of this broker, with the labels of what it counts: none where it is the only one.
struct RingOfBroker {
  MetricFamilies::Labels labels;
  State state;
  const overlay::NodeStats& node;
};

std::vector<RingOfBroker> rings_of(const BrokerStats& broker) {
  if (!broker.global_ring) return {{{}, broker.state, broker.overlay}};
  return {{{{"ring", "home"}}, broker.state, broker.overlay},
          {{{"ring", "global"}}, broker.global_ring->state, broker.global_ring->overlay}};
}

void add_states(const std::vector<RingOfBroker>& rings, MetricFamilies& out) {
  out.gauges("phyllo_state", "1 for the state the broker is in, 0 for the others.");
  for (const RingOfBroker& ring : rings) {
    for (const State state : {State::kDead, State::kSeeking, State::kJoining, State::kWaiting,
                              State::kActive, State::kLeft, State::kResigned}) {
      MetricFamilies::Labels labels = ring.labels;
      labels.push_back({"state", to_string(state)});
      out.add(std::move(labels), ring.state == state ? 1 : 0);
    }
  }
}

void add_overlay(const Status& status, MetricFamilies& out) {
  const std::vector<RingOfBroker> rings = rings_of(status.broker);
  add_states(rings, out);
  using Node = overlay::NodeStats;
  const auto each = [&](auto Node::*value) {
    for (const RingOfBroker& ring : rings) {
      out.add(ring.labels, static_cast<double>(ring.node.*value));
    }
  };
  const auto gauge = [&](const char* name, const char* help, auto Node::*value) {
    out.gauges(name, help);
    each(value);
  };
  const auto counter = [&](const char* name, const char* help, auto Node::*value) {
    out.counters(name, help);
    each(value);
  };
  gauge("phyllo_leaf_set_size", "Brokers in the leaf set.", &Node::leaf_set_size);
  gauge("phyllo_routing_table_entries", "Brokers in the routing table.", &Node::table_entries);
  gauge("phyllo_overlay_buffered_bytes", "Bytes kept until joined or acknowledged.",
        &Node::buffered_bytes);
  counter("phyllo_joins_admitted_total", "Brokers that joined the ring through this one.",
          &Node::joins_admitted);
  counter("phyllo_rejoins_total", "Times this broker had to join the ring again.", &Node::rejoins);
  counter("phyllo_peers_lost_total", "Brokers found to be gone.", &Node::peers_lost);
  counter("phyllo_leaf_set_repairs_total", "Repairs of the leaf set.", &Node::leaf_set_repairs);
  counter("phyllo_hops_sent_total", "Acknowledged hops sent.", &Node::hops_sent);
  counter("phyllo_hops_retransmitted_total", "Hops sent again.", &Node::hops_retransmitted);
  counter("phyllo_hops_rerouted_total", "Hops sent another way.", &Node::hops_rerouted);
  counter("phyllo_hop_limit_drops_total", "Messages dropped after too many hops.",
          &Node::hop_limit_drops);
  if (!status.broker.global_ring) return;
  out.counter("phyllo_foreigners_refused_total",
              "Messages, contacts and seeds of other regions kept out of the region's ring.",
              static_cast<double>(status.broker.global_ring->foreigners_refused));
}

void add_trees(const Status& status, MetricFamilies& out) {
  const auto& trees = status.broker.multicast;
  out.gauge("phyllo_trees", "Topic trees this broker takes part in.", trees.trees);
  out.gauge("phyllo_rooted_trees", "Topic trees this broker is the root of.", trees.rooted_trees);
  out.gauge("phyllo_children", "Children in all trees.", trees.children);
  out.gauge("phyllo_ingress_bytes", "Bytes published here that no root has taken yet.",
            trees.ingress_bytes);
  out.counter("phyllo_publishers_held_seconds_total",
              "Time for which publishers were made to wait for subscribers that were behind, all "
              "topics together.",
              std::chrono::duration<double>(trees.publishers_held).count());
  out.counter("phyllo_grafts_total", "Grafts onto trees.", trees.grafts);
  out.counter("phyllo_tree_repairs_total", "Parents lost and replaced.", trees.repairs);
  out.counter("phyllo_root_changes_total", "Times a tree got another root.", trees.root_changes);
  out.counter("phyllo_cycles_broken_total", "Cycles found in trees and broken.",
              trees.cycles_broken);
  out.counter("phyllo_children_shed_total", "Children handed on by an overloaded broker.",
              trees.children_shed);
  out.counter("phyllo_collapses_total", "Only children handed on to their grandparents.",
              trees.collapses);
  out.counter("phyllo_tree_refusals_total",
              "Times a tree was wanted here of a topic that this broker's rules forbid.",
              trees.refused_topics);
  out.gauges("phyllo_topic_children", "Children here, of the busiest topics.");
  for (const auto& topic : trees.busiest) out.add({{"topic", topic.name}}, topic.children);
  out.gauges("phyllo_topic_local_subscribers", "Local subscribers, of the busiest topics.");
  for (const auto& topic : trees.busiest) out.add({{"topic", topic.name}}, topic.local_subscribers);
  out.gauges("phyllo_topic_subtree_subscribers",
             "Subscribers here and below, of the busiest topics.");
  for (const auto& topic : trees.busiest) {
    out.add({{"topic", topic.name}}, topic.subtree_subscribers);
  }
}

void add_clients(const Status& status, MetricFamilies& out) {
  const auto& clients = status.broker.clients;
  out.gauge("phyllo_clients", "Programs connected.", clients.clients);
  out.gauge("phyllo_subscriptions", "Their subscriptions.", clients.subscriptions);
  out.gauge("phyllo_subscribed_topics", "Topics with local subscriptions.",
            clients.subscribed_topics);
  out.gauge("phyllo_client_queue_bytes", "Bytes waiting for subscribers' credit.",
            clients.queue_bytes);
  out.gauge("phyllo_unacknowledged_bytes", "Bytes that local programs published, unacknowledged.",
            clients.unacknowledged_bytes);
  out.counter("phyllo_client_sessions_total", "Sessions of programs ever opened.",
              clients.connections);
  out.counter("phyllo_client_sessions_silent_total", "Sessions ended by missed heartbeats.",
              clients.silent_closed);
  out.counter("phyllo_casts_total", "Any- and manycasts that local programs asked for.",
              clients.casts);
  out.counter("phyllo_casts_taken_total", "Any- and manycasts that local programs took.",
              clients.casts_taken);
  out.counters("phyllo_client_refusals_total", "Requests and sessions refused, by reason.");
  for (std::size_t code = 0; code < clients.refused.size(); ++code) {
    out.add({{"reason", to_string(static_cast<ErrorCode>(code))}}, clients.refused[code]);
  }
}

void add_connections(const Status& status, MetricFamilies& out) {
  const auto& peers = status.transport;
  const auto& clients = status.gateway.port;
  out.gauges("phyllo_connections", "Accepted connections that are open, by port.");
  out.add({{"port", "peers"}}, peers.connections);
  out.add({{"port", "clients"}}, clients.open);
  out.counters("phyllo_connections_accepted_total", "Connections accepted, by port.");
  out.add({{"port", "peers"}}, peers.accepted);
  out.add({{"port", "clients"}}, clients.accepted);
  out.counters("phyllo_connections_ended_total",
               "Connections this broker ended, or that failed early, by port and reason.");
  out.add({{"port", "peers"}, {"reason", "limit"}}, peers.accepted_over_limit);
  out.add({{"port", "peers"}, {"reason", "silent"}}, peers.accepted_silent);
  out.add({{"port", "peers"}, {"reason", "routing_id"}}, peers.accept_foreign_ids);
  out.add({{"port", "peers"}, {"reason", "handshake"}}, peers.accept_failures);
  out.add({{"port", "clients"}, {"reason", "limit"}}, clients.over_limit);
  out.add({{"port", "clients"}, {"reason", "silent"}}, clients.silent);
  out.add({{"port", "clients"}, {"reason", "routing_id"}}, clients.foreign_ids);
  out.add({{"port", "clients"}, {"reason", "handshake"}}, clients.failed);
}

void add_links(const Status& status, MetricFamilies& out) {
  const auto& peers = status.transport;
  out.gauge("phyllo_links", "Connections to other brokers.", peers.links_welcomed);
  out.gauge("phyllo_link_queue_bytes", "Bytes waiting to be sent to other brokers.",
            peers.queued_bytes);
  out.counter("phyllo_links_opened_total", "Connections to other brokers begun.",
              peers.links_opened);
  out.counter("phyllo_links_lost_total", "Connections to other brokers broken, refused or failed.",
              peers.links_lost);
  out.counters("phyllo_refusals_total",
               "Brokers that would not talk to each other, by who refused.");
  out.add({{"by", "this"}}, peers.refused_here);
  out.add({{"by", "peer"}}, peers.refused_there);
  out.counter("phyllo_wrong_nodes_total", "Known addresses that turned out to have a new owner.",
              peers.wrong_nodes);
  out.counters("phyllo_region_sent_bytes_total", "Bytes sent to brokers, by their region.");
  for (const auto& [region, traffic] : status.regions) {
    out.add({{"region", region}}, traffic.sent_bytes);
  }
  out.counters("phyllo_region_received_bytes_total",
               "Bytes received from brokers, by their region.");
  for (const auto& [region, traffic] : status.regions) {
    out.add({{"region", region}}, traffic.received_bytes);
  }
}

void add_borders(const Status& status, MetricFamilies& out) {
  const auto each = [&](const auto& value) {
    for (const BorderStats& border : status.borders) {
      if (const std::optional<double> found = value(border)) {
        out.add({{"from", border.from}, {"to", border.to}}, *found);
      }
    }
  };
  using Optional = std::optional<double>;
  out.counters("phyllo_border_bytes_total",
               "Bytes of messages that this broker exchanged with other regions, by kind.");
  for (const BorderStats& border : status.borders) {
    const regions::Volume& volume = border.count.volume;
    out.add({{"from", border.from}, {"to", border.to}, {"kind", "data"}}, volume.data_bytes);
    out.add({{"from", border.from}, {"to", border.to}, {"kind", "control"}}, volume.control_bytes);
  }
  out.gauges("phyllo_border_cost", "What they have cost in this month.");
  each([](const BorderStats& border) { return Optional(border.spending.spent); });
  out.gauges(
      "phyllo_border_expected_cost",
      "What they will cost in this month when the rest is like the median of the last days.");
  each([](const BorderStats& border) { return Optional(border.spending.expected); });
  out.gauges("phyllo_border_expected_cost_last_day",
             "What they will cost in this month when the rest is like the last day.");
  each([](const BorderStats& border) { return Optional(border.spending.expected_last_day); });
  out.gauges("phyllo_border_budget", "What may be spent in a month.");
  each([](const BorderStats& border) { return border.spending.budget; });
  out.gauges("phyllo_border_budget_share", "This broker's share of the budget.");
  each([](const BorderStats& border) -> Optional {
    if (!border.spending.budget) return std::nullopt;
    return border.spending.share();
  });
  out.gauges("phyllo_border_budget_state",
             "0: this broker's share of the budget will do; 1: this month is going to cost more; "
             "2: it has.");
  each([](const BorderStats& border) -> Optional {
    if (!border.spending.budget) return std::nullopt;
    return static_cast<double>(border.spending.state);
  });
}

/// What topics that are used in several regions ask of this broker.
void add_crossings(const regions::BordersStats& borders, MetricFamilies& out) {
  out.counter("phyllo_exported_batches_total",
              "Batches sent to other regions, once for each of them.", borders.exported_batches);
  out.counter("phyllo_exported_messages_total",
              "Messages sent to other regions, once for each of them.", borders.exported_messages);
  out.counter("phyllo_exported_bytes_total", "Bytes of messages sent to other regions.",
              borders.exported_bytes);
  out.counter("phyllo_export_repeats_total",
              "Batches sent to another region again, for want of an answer.",
              borders.repeated_batches);
  out.counter("phyllo_imported_batches_total", "Batches taken from other regions.",
              borders.imported_batches);
  out.counter("phyllo_imported_messages_total", "Messages taken from other regions.",
              borders.imported_messages);
  out.counter("phyllo_relayed_batches_total",
              "Batches of other regions passed on to third ones, once for each.",
              borders.relayed_batches);
  out.counter("phyllo_relay_drops_total",
              "Of these, dropped because the link was full: their origin sends them again.",
              borders.relay_drops);
  out.counter("phyllo_export_dropped_messages_total",
              "Messages for other regions dropped because their queue was full.",
              borders.dropped_messages);
  out.counter("phyllo_questions_refused_total",
              "Surveys and casts across borders that found no room.", borders.refused_questions);
  out.counter("phyllo_rolls_refused_total",
              "Topics that this broker had no room for as their rendezvous.",
              borders.refused_rolls);
  out.counter("phyllo_fence_refusals_total",
              "What was not sent to, or taken from, where this broker's rules forbid the topic.",
              borders.fenced_off);
  out.gauge("phyllo_export_queue_bytes", "Bytes waiting for other regions.", borders.waiting_bytes);
  out.gauge("phyllo_registered_topics", "Topics whose root in its region this broker is.",
            borders.registrations);
  out.gauge("phyllo_rendezvous_topics", "Topics whose rendezvous this broker is.", borders.rolls);
}

}  // namespace

std::vector<prometheus::MetricFamily> metrics_of(const Status& status) {
  MetricFamilies out;
  out.gauges("phyllo_broker_info", "Who this broker is; always 1.");
  out.add({{"node", status.node}, {"region", status.region}, {"cluster", status.cluster}}, 1);
  add_messages(status, out);
  add_losses(status, out);
  add_overlay(status, out);
  add_trees(status, out);
  add_clients(status, out);
  add_borders(status, out);
  if (status.broker.borders) add_crossings(*status.broker.borders, out);
  add_connections(status, out);
  add_links(status, out);
  out.counter("phyllo_log_lines_lost_total", "Log lines dropped because the log was too slow.",
              status.log_lines_lost);
  return out.take();
}

}  // namespace phyllo::broker
