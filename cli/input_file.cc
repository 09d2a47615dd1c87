#include "cli/input_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "cli/display_text.h"

namespace phyllo::cli {

StatusOr<std::string> read_input_file(const std::string& path, std::size_t limit) {
  constexpr std::size_t kChunk = 64 << 10;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  const auto unreadable = [&path] {
    return Status(StatusCode::kNotFound, "cannot read " + path + ": " + std::strerror(errno));
  };
  if (!file) return unreadable();
  std::string content;
  while (content.size() <= limit) {
    const std::size_t before = content.size();
    content.resize(before + kChunk);
    const std::size_t got = std::fread(content.data() + before, 1, kChunk, file.get());
    content.resize(before + got);
    if (std::ferror(file.get()) != 0) return unreadable();
    if (got < kChunk) break;
  }
  if (content.size() <= limit) return content;
  return Status(StatusCode::kTooLarge,
                path + " is over the message size limit of " + counted(limit, "byte"));
}

}  // namespace phyllo::cli
