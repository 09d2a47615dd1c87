#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/checksum.h"
#include "base/payload.h"
#include "base/result.h"

namespace phyllo {

/// The end of every encoded header that travels between two processes: field 16, a fixed64, with
/// the checksum of all bytes before it, seeded with the checksum of the body. So an altered header,
/// an altered body, or a body of another header is told from what was sent, before anybody looks
/// into it. To a protobuf parser it is one more field.
inline constexpr std::size_t kSealSize = 10;

/// Appends the seal. The body's checksum is not taken again if the body remembers it.
void seal(std::string& header, const Payload& body);
/// The same for bytes at `header` that have kSealSize of room behind them.
void write_seal(char* header, std::size_t size, const Payload& body);

/// Whether these bytes end in something that looks like a seal.
bool has_seal(std::string_view header);

/// The header without its seal; `body` remembers its checksum from then on. kAltered if either is
/// not what was sealed.
Result<std::string_view> unseal(std::string_view header, Payload& body);

}  // namespace phyllo
