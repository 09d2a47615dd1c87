#pragma once

#include <string>

#include "phyllo/gap.h"
#include "phyllo/message.h"

namespace phyllo::cli {

/// How `phyllo sub` shows a message.
enum class MessageFormat {
  kPayload,       ///< the payload and a line end
  kTopicPayload,  ///< topic, tab, payload and a line end
  kJson,          ///< one JSON object a line
  kRaw,           ///< the payload's bytes and nothing else
};

/// What the output goes to: a terminal must not be sent control characters that came over the
/// network; a file or a pipe gets the bytes as they are.
enum class OutputKind { kTerminal, kBytes };

std::string message_text(const Message& message, MessageFormat format, OutputKind output);

/// One sentence that says how many messages are missing, which, why and where.
std::string gap_text(const Gap& gap);

}  // namespace phyllo::cli
