// A batch body comes from another process. What the reader accepts, the writer writes byte for
// byte.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/batch_body.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  phyllo::BatchBodyReader reader(body);
  phyllo::BatchBodyWriter writer;
  std::string_view message;
  while (reader.next(message)) writer.append(message);

  const auto count = writer.count();
  PHYLLO_CHECK(reader.malformed() != phyllo::check_batch_body(body, count, size).ok());
  if (!reader.malformed()) PHYLLO_CHECK(writer.take().view() == body);
  return 0;
}
