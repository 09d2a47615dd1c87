#include "overlay/places.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/checksum.h"
#include "base/utf8.h"

namespace phyllo::overlay {
namespace {

constexpr std::size_t kMaxRegionBytes = 64;
constexpr std::size_t kFewest = 16;  // slots

Result<Endpoint> parse_endpoint(std::string_view text) {
  if (text.empty()) return Endpoint();
  if (!is_utf8(text)) return Error{ErrorCode::kMalformed, "an endpoint is not valid UTF-8"};
  auto endpoint = Endpoint::parse(text);
  if (!endpoint.ok()) return Error{ErrorCode::kMalformed, endpoint.error().message};
  return endpoint;
}

}  // namespace

Result<Place> PlaceText::parse() const {
  if (region.size() > kMaxRegionBytes) {
    return Error{ErrorCode::kMalformed, "a region's name is longer than 64 bytes"};
  }
  if (!is_utf8(region)) return Error{ErrorCode::kMalformed, "a region's name is not valid UTF-8"};
  auto local_endpoint = parse_endpoint(local);
  if (!local_endpoint.ok()) return local_endpoint.error();
  auto wan_endpoint = parse_endpoint(wan);
  if (!wan_endpoint.ok()) return wan_endpoint.error();
  return Place{std::string(region), *std::move(local_endpoint), *std::move(wan_endpoint)};
}

Result<Places::Known> Places::of(const PlaceText& text) {
  std::string wire = wire_of(text.region, text.local, text.wan);
  if (Known known = find(wire)) return known;
  auto place = text.parse();
  if (!place.ok()) return place.error();
  if (size_ >= limit_) make_room();
  if (2 * (size_ + 1) > slots_.size()) {
    rebuild(2 * size_ + 1, [](const Known&) { return true; });
  }
  const std::uint64_t hash = checksum(wire);
  Slot& slot = slots_[slot_of(hash, wire)];
  slot = {hash, std::make_shared<const KnownPlace>(std::move(wire), *std::move(place))};
  ++size_;
  return slot.place;
}

Places::Known Places::find(std::string_view wire) const {
  return slots_.empty() ? nullptr : slots_[slot_of(checksum(wire), wire)].place;
}

std::size_t Places::slot_of(std::uint64_t hash, std::string_view wire) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t place = hash & mask;
  while (slots_[place].place &&
         (slots_[place].hash != hash || slots_[place].place->wire() != wire)) {
    place = (place + 1) & mask;
  }
  return place;
}

void Places::make_room() {
  // The order of this walk leaves no trace.
  rebuild(size_, [](const Known& place) { return place.use_count() > 1; });
  if (size_ >= limit_) rebuild(0, [](const Known&) { return false; });
}

template <class Keep>
void Places::rebuild(std::size_t count, Keep&& keep) {
  std::vector<Slot> all(std::bit_ceil(std::max(2 * count, kFewest)));
  std::swap(all, slots_);
  size_ = 0;
  for (Slot& slot : all) {
    if (!slot.place || !keep(slot.place)) continue;
    Slot& free = slots_[slot_of(slot.hash, slot.place->wire())];
    free = std::move(slot);
    ++size_;
  }
}

}  // namespace phyllo::overlay
