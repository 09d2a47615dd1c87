#include "broker/core/stream_codec.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "phyllo/v1/client.pb.h"

namespace phyllo::broker::client {

void write_stream(const multicast::StreamId& stream, v1::StreamRef& out) {
  out.set_root(stream.root.bytes());
  out.set_incarnation(stream.incarnation);
  out.set_generation(stream.generation);
}

bool read_stream(const v1::StreamRef& in, multicast::StreamId& stream) {
  const auto root = overlay::NodeId::from_bytes(in.root());
  if (!root) return false;
  stream = {*root, in.incarnation(), in.generation()};
  return true;
}

void write_stay(const multicast::Stay& stay, v1::Stay& out) {
  out.set_first(stay.first);
  out.set_last(stay.last);
  if (stay.stream != multicast::StreamId{}) write_stream(stay.stream, *out.mutable_stream());
  out.set_number(stay.number);
  out.set_ago_microseconds(static_cast<std::uint64_t>(stay.ago / std::chrono::microseconds(1)));
}

bool read_stay(const v1::Stay& in, multicast::Stay& stay) {
  constexpr std::uint64_t kLongAgo = 1'000'000'000'000;  // longer ago is as good
  constexpr auto kMost = std::numeric_limits<multicast::Sequence>::max() / 4;
  if (in.first() == 0 || in.last() < in.first()) return false;
  if (in.last() > kMost || in.number() > kMost) return false;
  if (in.has_stream() && !read_stream(in.stream(), stay.stream)) return false;
  stay.first = in.first();
  stay.last = in.last();
  stay.number = in.number();
  stay.ago = std::chrono::microseconds(std::min(in.ago_microseconds(), kLongAgo));
  return true;
}

}  // namespace phyllo::broker::client
