#include "phyllo/message.h"

#include "sdk/src/hex.h"

namespace phyllo {

std::string to_string(const Stream& stream) {
  const std::string_view root(reinterpret_cast<const char*>(stream.root.data()),
                              stream.root.size());
  return internal::hex(root) + "/" + std::to_string(stream.incarnation) + "/" +
         std::to_string(stream.generation);
}

}  // namespace phyllo
