#pragma once

#include <array>
#include <cstddef>

/// Figures that others published of Pastry and Scribe, to stand beside ours. One of them is never
/// shown in the place of a measurement.
namespace phyllo::sim::published {

/// How sure it is that the figure is what its authors printed.
enum class Sureness {
  kRead,       ///< read in the paper's text
  kMeasured,   ///< measured in the paper's vector figure
  kConfirmed,  ///< remembered, and confirmed by arithmetic or an independent model
  kRecalled,   ///< remembered
};

struct Figure {
  double value;
  Sureness how;
};

constexpr Figure read(double value) { return {value, Sureness::kRead}; }
constexpr Figure measured(double value) { return {value, Sureness::kMeasured}; }
constexpr Figure confirmed(double value) { return {value, Sureness::kConfirmed}; }
constexpr Figure recalled(double value) { return {value, Sureness::kRecalled}; }

// --- Pastry: Rowstron and Druschel, Middleware 2001 (b = 4, leaf set 16) ---

struct PastrySize {
  std::size_t nodes;
  Figure hops;
  Figure stretch;  ///< route distance ÷ direct distance on the plane
};
inline constexpr std::array kPastrySizes{
    PastrySize{1'000, measured(2.485), measured(1.329)},
    PastrySize{2'000, measured(2.689), measured(1.318)},
    PastrySize{5'000, measured(2.954), measured(1.308)},
    PastrySize{10'000, measured(3.232), measured(1.346)},
    PastrySize{20'000, measured(3.494), measured(1.364)},
    PastrySize{30'000, measured(3.612), measured(1.349)},
    PastrySize{50'000, measured(3.746), measured(1.323)},
    PastrySize{70'000, measured(3.845), measured(1.321)},
    PastrySize{100'000, measured(3.976), measured(1.333)},
};

/// Share of messages that took 0, 1, 2 … hops, of 100,000 nodes.
inline constexpr std::array kPastryHopShares{read(0),     read(.0006), read(.0156), read(.1643),
                                             read(.6449), read(.1745), read(0)};
inline constexpr std::size_t kPastryHopSharesNodes = 100'000;

/// Entries of a routing table of 5,000 nodes, per node.
struct TableRow {
  Figure optimal;
  Figure suboptimal;
};
inline constexpr std::array kPastryTableRows{
    TableRow{measured(14.42), measured(.58)}, TableRow{measured(14.26), measured(.74)},
    TableRow{measured(10.38), measured(.10)}, TableRow{measured(1.12), measured(0)}};
inline constexpr std::size_t kPastryTableNodes = 5'000;

/// 500 of 5,000 die silently; lookups stop at the first of the 5 nodes closest to the key.
struct Failures {
  Figure hops_before;
  Figure hops_before_repair;
  Figure hops_after;
  Figure messages_per_failure;
};
inline constexpr Failures kPastryFailures{read(2.73), read(2.96), read(2.74), read(57)};

/// Which of the k = 5 replicas a lookup reaches (10,000 nodes, b = 3, leaf set 8).
struct Replicas {
  Figure nearest;
  Figure two_nearest;  ///< one of the two nearest
};
inline constexpr Replicas kReplicasPlain{measured(.593), measured(.785)};
inline constexpr Replicas kReplicasEstimated{measured(.749), measured(.920)};
inline constexpr Replicas kReplicasPerfect{measured(.781), measured(.936)};

/// Messages of one join: about 3·2^b·log_{2^b} N.
inline constexpr std::array kPastryJoinMessages{read(147), read(199)};
inline constexpr std::array<std::size_t, 2> kPastryJoinNodes{5'000, 100'000};

// --- MSPastry: Castro, Costa, Rowstron, DSN 2004 (sessions of 2.3 h, about 2,000 nodes) ---

struct Churn {
  Figure delay_penalty;
  Figure control;  ///< messages per node and second
  Figure lost;     ///< share of lookups
  Figure incorrect;
};
inline constexpr Churn kChurn{recalled(1.80), recalled(.245), recalled(1.5e-5), recalled(0)};
/// With 5 % of the messages lost on the links; the two other figures are not known.
inline constexpr Figure kChurnLossyLost = recalled(3.3e-5);
inline constexpr Figure kChurnLossyIncorrect = recalled(1.6e-5);
/// Under realistic churn the authors promise less than this.
inline constexpr Figure kDelayStretchBelow = read(2);
inline constexpr Figure kControlBelow = read(.5);

/// Half of 10,000 nodes die at once.
struct MassFailure {
  Figure worst_loss;
  Figure seconds;  ///< until about 1 % is lost
};
inline constexpr MassFailure kMassFailure{read(.65), read(60)};

// --- Bamboo: Rhea et al., USENIX 2004 (1,000 nodes) ---

/// Consistent lookups at median sessions of 47 minutes.
inline constexpr Figure kBambooConsistent = read(.999);

// --- HyParView: Leitão et al., DSN 2007 (10,000 nodes) ---

struct Survivors {
  double killed;
  Figure reached;
};
inline constexpr std::array kHyparviewReached{Survivors{.50, read(1)}, Survivors{.80, read(1)},
                                              Survivors{.90, read(.99)}, Survivors{.95, read(.91)}};

// --- Scribe: Castro, Druschel, Kermarrec, Rowstron, JSAC 2002 (100,000 nodes, 1,500 groups) ---

struct Penalty {
  Figure median;
  Figure maximum;
};
inline constexpr Penalty kScribeRad{recalled(1.68), recalled(2)};     ///< average delay
inline constexpr Penalty kScribeRmd{recalled(1.69), recalled(4.26)};  ///< maximum delay

struct Spread {
  Figure mean;
  Figure median;
  Figure maximum;
};
inline constexpr Spread kScribeTables{confirmed(2.4), confirmed(2), recalled(40)};
inline constexpr Spread kScribeEntries{confirmed(6.2), confirmed(3), recalled(1'059)};
/// The most entries of a node in a static model of that set-up, ties of proximity broken at random.
/// Breaking them alike everywhere gives about the published maximum.
inline constexpr double kRandomTiesMaximum = 210;

inline constexpr Figure kScribeLinkMessages = confirmed(2'489'824);
inline constexpr Figure kIpLinkMessages = confirmed(758'853);
inline constexpr Figure kScribeLinkStress = recalled(4'031);
inline constexpr Figure kIpLinkStress = recalled(950);
inline constexpr Figure kUnicastLinkStress = recalled(100'000);
/// Entries of the fullest node, with the bottleneck remover's limit at 64.
inline constexpr Figure kScribeRemoverMaximum = recalled(64);

/// 30,000 groups of 11 over 50,000 nodes.
struct SmallGroups {
  Figure entries;   ///< per node
  Figure messages;  ///< over all links ÷ IP multicast
};
inline constexpr SmallGroups kSmallPlain{confirmed(21.2), confirmed(3.81)};
inline constexpr SmallGroups kSmallCollapsed{confirmed(8.5), confirmed(2.06)};
inline constexpr Figure kSmallUnicast = confirmed(1.81);

}  // namespace phyllo::sim::published
