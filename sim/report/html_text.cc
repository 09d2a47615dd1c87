#include "sim/report/html_text.h"

#include "broker/config/utf8.h"

namespace phyllo::sim {

std::string html_text(std::string_view text) {
  std::string escaped;
  for (const char c : broker::printable(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace phyllo::sim
