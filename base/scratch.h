#pragma once

#include <array>

namespace phyllo {

/// Room on the stack in which a frame is written or read: most fit, and then their parts cost no
/// allocations, but for long strings. `Arena` and `Options` are those of the schema's library,
/// which only codecs know. Lives as long as the frame.
template <class Arena, class Options>
class Scratch {
 public:
  Scratch() : arena_(options(block_)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  template <class Frame>
  Frame& make() {
    return *Arena::template CreateMessage<Frame>(&arena_);
  }

 private:
  using Block = std::array<char, 1024>;
  static Options options(Block& block) {
    Options options;
    options.initial_block = block.data();
    options.initial_block_size = block.size();
    return options;
  }

  alignas(8) Block block_;
  Arena arena_;
};

}  // namespace phyllo
