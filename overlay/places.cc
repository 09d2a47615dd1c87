#include "overlay/places.h"

#include <functional>
#include <utility>

#include "base/utf8.h"

namespace phyllo::overlay {
namespace {

constexpr std::size_t kMaxRegionBytes = 64;

Result<Endpoint> parse_endpoint(std::string_view text) {
  if (text.empty()) return Endpoint();
  if (!is_utf8(text)) return Error{ErrorCode::kMalformed, "an endpoint is not valid UTF-8"};
  auto endpoint = Endpoint::parse(text);
  if (!endpoint.ok()) return Error{ErrorCode::kMalformed, endpoint.error().message};
  return endpoint;
}

PlaceText text_of(const Place& place) {
  return {place.region, place.local.text(), place.wan.text()};
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

Result<std::shared_ptr<const Place>> Places::of(const PlaceText& text) {
  if (const auto found = known_.find(text); found != known_.end()) return *found;
  auto place = text.parse();
  if (!place.ok()) return place.error();
  if (known_.size() >= limit_) make_room();
  return *known_.insert(std::make_shared<const Place>(*std::move(place))).first;
}

void Places::make_room() {
  // The order of this walk leaves no trace.
  std::erase_if(known_, [](const Known& place) { return place.use_count() == 1; });
  if (known_.size() >= limit_) known_.clear();
}

std::size_t Places::Hash::operator()(const PlaceText& text) const {
  const std::hash<std::string_view> hash;
  return hash(text.local) * 31 + hash(text.wan) * 17 + hash(text.region);
}

std::size_t Places::Hash::operator()(const Known& place) const { return (*this)(text_of(*place)); }

bool Places::Equal::operator()(const PlaceText& a, const Known& b) const {
  return a.local == b->local.text() && a.wan == b->wan.text() && a.region == b->region;
}

}  // namespace phyllo::overlay
