#include "multicast/topic_id.h"

#include <sodium.h>

#include <array>

#include "base/check.h"

namespace phyllo::multicast {

TopicId TopicId::of(const TopicName& name) {
  std::array<unsigned char, 16> hash{};
  const auto* text = reinterpret_cast<const unsigned char*>(name.text().data());
  // Needs no sodium_init(): plain hashing chooses no random numbers.
  const int failed =
      crypto_generichash(hash.data(), hash.size(), text, name.text().size(), nullptr, 0);
  PHYLLO_CHECK(failed == 0);
  const auto key =
      overlay::Key::from_bytes({reinterpret_cast<const char*>(hash.data()), hash.size()});
  return TopicId(*key);
}

std::optional<TopicId> TopicId::from_bytes(std::string_view bytes) {
  const auto key = overlay::Key::from_bytes(bytes);
  if (!key) return std::nullopt;
  return TopicId(*key);
}

}  // namespace phyllo::multicast
