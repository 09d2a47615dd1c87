// Any text is a configuration or is refused with places and reasons; one that is accepted prints as
// a text that is accepted again and means the same.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "broker/config/settings.h"
#include "broker/config/settings_listing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace phyllo::broker;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const LoadedSettings loaded = parse_settings(text, "fuzz.yaml");
  PHYLLO_CHECK(loaded.ok() == loaded.errors.empty());
  if (!loaded.ok()) return 0;
  const LoadedSettings again = parse_settings(settings_as_yaml(*loaded.settings), "printed.yaml");
  PHYLLO_CHECK(again.ok());
  PHYLLO_CHECK(changed_settings(*loaded.settings, *again.settings).empty());
  return 0;
}
