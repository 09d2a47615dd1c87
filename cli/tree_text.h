#pragma once

#include <string>
#include <vector>

#include "phyllo/tree_info.h"

namespace phyllo::cli {

/// What a tree's branches are drawn with.
enum class Glyphs { kAscii, kUnicode };

/// Unicode when the environment's locale is a UTF-8 one.
Glyphs glyphs_of_locale();

/// A topic's tree as indented text, one broker a line under a heading: the root first, each child
/// below its parent. A broker that has no subscribers of its own is a forwarder. Brokers that did
/// not answer, and those whose parent did not, are shown as such; nothing in `tree` (it came over
/// the network) is trusted to be a tree.
std::vector<std::string> tree_lines(const TreeInfo& tree, Glyphs glyphs);

/// How what is published crosses from one region to another, one way a line, and which regions did
/// not answer.
std::vector<std::string> border_lines(const TreeInfo& tree);

/// Both under a title with the topic, its id, and how far it reaches.
std::string tree_text(const TreeInfo& tree, Glyphs glyphs);

/// The first digits of a node id, as many as listings show.
std::string short_id(const std::string& node_id);

}  // namespace phyllo::cli
