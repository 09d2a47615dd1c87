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

/// A topic's tree as its brokers described it, root first, each child after its parent.
struct TreeInfo {
  std::string topic;
  std::string topic_id;  ///< 32 hexadecimal digits
  std::vector<TreeNode> nodes;
  bool complete = false;  ///< false: some broker did not answer in time
};

}  // namespace phyllo
