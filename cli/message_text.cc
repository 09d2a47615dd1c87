#include "cli/message_text.h"

#include "cli/display_text.h"
#include "cli/json_output.h"
#include "cli/tree_text.h"

namespace phyllo::cli {

std::string message_text(const Message& message, MessageFormat format, OutputKind output) {
  const auto shown = [&] {
    return output == OutputKind::kTerminal ? printable(message.payload())
                                           : std::string(message.payload());
  };
  switch (format) {
    case MessageFormat::kPayload:
      return shown() + "\n";
    case MessageFormat::kTopicPayload:
      return message.topic() + "\t" + shown() + "\n";
    case MessageFormat::kJson:
      return json_of(message) + "\n";
    case MessageFormat::kRaw:
      return std::string(message.payload());
  }
  return {};
}

std::string gap_text(const Gap& gap) {
  const bool stream = gap.scope == Gap::Scope::kStream;
  std::string text = "gap: " + counted(gap.count(), "message") + " of " + gap.topic + " lost (" +
                     (stream ? "" : "of one publisher, ") + "number";
  text += gap.from == gap.to ? " " + std::to_string(gap.from)
                             : "s " + std::to_string(gap.from) + " to " + std::to_string(gap.to);
  text += "): " + gap.why;
  if (!gap.where.empty()) text += " at broker " + short_id(gap.where);
  if (!gap.region.empty()) text += " in " + gap.region;
  return text;
}

}  // namespace phyllo::cli
