#include "base/payload.h"

#include <algorithm>

namespace phyllo {

Payload Payload::from(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view view = *owner;
  return Payload(std::move(owner), view);
}

Payload Payload::copy_of(std::string_view bytes) {
  std::shared_ptr<char[]> owner = std::make_shared_for_overwrite<char[]>(bytes.size());
  std::ranges::copy(bytes, owner.get());
  const std::string_view copy(owner.get(), bytes.size());
  return Payload(std::move(owner), copy);
}

Payload Payload::adopt(std::shared_ptr<const void> owner, std::string_view bytes) {
  return Payload(std::move(owner), bytes);
}

Payload Payload::slice(std::size_t offset, std::size_t length) const {
  offset = std::min(offset, bytes_.size());
  return Payload(owner_, bytes_.substr(offset, length));
}

Payload Payload::summed() const {
  Payload summed = *this;
  if (!empty()) summed.checksum_ = phyllo::checksum(bytes_);
  return summed;
}

}  // namespace phyllo
