#pragma once

#include "sim/cluster/cluster.h"
#include "sim/oracle/findings.h"
#include "sim/oracle/overlay_oracle.h"
#include "sim/oracle/overlay_watch.h"

/// What must hold of whole brokers and the programs on them, judged from outside.
namespace phyllo::sim {

/// A ring of brokers that run and are not paused, and what to call it: nothing where it is the only
/// one.
struct ClusterRing {
  std::string name;
  Members members;
};

/// The ring of all brokers.
ClusterRing global_ring_of(const Cluster& cluster);
/// The rings that trees live on: one for each region, in the order of their names, or that of all
/// brokers.
std::vector<ClusterRing> tree_rings_of(const Cluster& cluster);
/// All of them.
std::vector<ClusterRing> rings_of(const Cluster& cluster);

/// With nothing going on: the members have exact leaf sets.
Findings check_leaf_sets(const Cluster& cluster);

/// With nothing going on: the brokers form exact rings, every key has the one right root in each,
/// and every way there is short and without a loop.
Findings check_ring(Cluster& cluster);

/// With nothing going on: each topic's tree in a ring is one tree over exactly those brokers that
/// have subscribers or are needed between them, with the closest broker as its root; and no broker
/// knows of any other tree, nor has more children than it may.
Findings check_trees(const Cluster& cluster);

/// With nothing going on: every subscription is live and nothing waits for an acknowledgement;
/// all that the ledger knows is right; no message ran into the hop limit.
Findings check_programs(const Cluster& cluster);

/// All of the above.
Findings check_at_rest(Cluster& cluster);

/// With nothing going on: publishes twice on each topic that has subscribers, by everybody who ever
/// published on it (by somebody when nobody did), and gives it `patience` each time to arrive.
/// Every subscription must hear everything once, and the second time there must be no gap, since
/// the first time told of what had been lost before.
Findings check_publications(Cluster& cluster, Duration patience = std::chrono::seconds(1));

/// All programs unsubscribe; within `patience` no broker may know of any tree.
Findings check_cleanup(Cluster& cluster, Duration patience);

/// Looks at the nodes of all running brokers regularly.
class ClusterWatch : public OverlayWatch {
 public:
  ClusterWatch(Cluster& cluster, Duration every);
};

}  // namespace phyllo::sim
