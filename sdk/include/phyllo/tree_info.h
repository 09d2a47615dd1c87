#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace phyllo {

/// One broker in a topic's tree.
struct TreeNode {
  std::string node_id;  ///< 32 hexadecimal digits
  std::string region;
  std::string endpoint;
  bool root = false;
  std::string parent;                     ///< node id; empty for the root
  std::vector<std::string> children;      ///< node ids
  std::uint64_t local_subscribers = 0;    ///< subscriptions of programs at this broker
  std::uint64_t subtree_subscribers = 0;  ///< and at all brokers below it, itself included
};

/// How what is published in one region gets to another one.
struct TreeWay {
  std::string to;
  std::vector<std::string> through;  ///< regions that pass it on, in this order; none: directly
};

/// A region's part in a topic: it has a tree of its own.
struct TreeRegion {
  std::string region;
  bool answered = false;      ///< false: not in time; whether it has subscribers is not known
  bool complete = false;      ///< false: some broker there did not answer in time
  std::vector<TreeWay> ways;  ///< of what is published there; none where nobody does
};

/// A topic's tree as its brokers described it, root first, each child after its parent. Where
/// regions are configured: the trees of all regions that have to do with the topic, one after the
/// other, that of the asked broker's region first.
struct TreeInfo {
  std::string topic;
  std::string topic_id;  ///< 32 hexadecimal digits
  std::vector<TreeNode> nodes;
  bool complete = false;            ///< false: some broker did not answer in time
  std::vector<TreeRegion> regions;  ///< where there are any, in the order of their trees
  bool regions_unknown = false;     ///< there may be others: nobody said in time
};

}  // namespace phyllo
