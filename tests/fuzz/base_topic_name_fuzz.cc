// Whatever TopicName::parse accepts, it keeps unchanged and accepts again.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/topic_name.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto name = phyllo::TopicName::parse(text);
  if (!name.ok()) return 0;
  PHYLLO_CHECK(name.value().text() == text);
  PHYLLO_CHECK(phyllo::TopicName::parse(name.value().text()).ok());
  return 0;
}
