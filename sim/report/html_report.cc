#include "sim/report/html_report.h"

#include <cstddef>
#include <string_view>

#include "sim/report/html_text.h"
#include "sim/report/svg_plot.h"
#include "sim/report/table_text.h"
#include "sim/report/text_report.h"

namespace phyllo::sim {
namespace {

constexpr std::string_view kStyle =
    ":root{color-scheme:light dark;--text:#1c2024;--page:#fff;--rule:#d5d9de;--soft:#f3f5f7;"
    "--bad:#b42318}\n"
    "@media(prefers-color-scheme:dark){:root{--text:#e4e7ea;--page:#15181b;--rule:#3a4047;"
    "--soft:#1f2428;--bad:#ff8a80}}\n"
    "body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--page);"
    "max-width:64rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.6rem;margin-bottom:.5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
    "code{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.25rem .7rem;border-bottom:1px solid var(--rule);text-align:left;"
    "vertical-align:top}\n"
    "thead th{background:var(--soft);vertical-align:bottom}.number{text-align:right}\n"
    ".note{font-size:.9rem;opacity:.8}.bad h2{color:var(--bad)}\n"
    "figure{margin:2rem 0}figcaption{font-weight:600;margin-bottom:.4rem}\n"
    "@media print{figure,tr{break-inside:avoid}}\n";

class HtmlReport {
 public:
  explicit HtmlReport(const Report& report) : report_(report) {}

  std::string page() {
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\">\n");
    element("title", report_.title);
    add("<style>\n").add(kStyle).add(svg_plot_style()).add("</style>\n</head>\n<body>\n");
    element("h1", report_.title);
    add_facts();
    list("bad", "Broken invariants", report_.violations);
    list("notes", "Notes", report_.notes);
    for (const Table& table : report_.tables) add_table(table);
    for (const Plot& plot : report_.plots) add_plot(plot);
    add("</body>\n</html>\n");
    return std::move(html_);
  }

 private:
  HtmlReport& add(std::string_view html) {
    html_ += html;
    return *this;
  }

  /// `opening` is the tag's name and attributes.
  HtmlReport& element(std::string_view opening, std::string_view text) {
    const std::string_view name = opening.substr(0, opening.find(' '));
    add("<").add(opening).add(">").add(html_text(text)).add("</").add(name).add(">\n");
    return *this;
  }

  void add_fact(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    add("<tr>").element("th scope=\"row\"", name);
    add("<td>").element("code", value).add("</td></tr>\n");
  }

  void add_facts() {
    add("<div class=\"wide\"><table class=\"facts\">\n<tbody>\n");
    add_fact("command", report_.command);
    add_fact("seeds", seeds_text(report_.seeds));
    for (const auto& [name, value] : report_.parameters) add_fact(name, value);
    add("</tbody>\n</table></div>\n");
  }

  void add_table(const Table& table) {
    const TableText text = table_text(table);
    const auto number = [&](std::size_t column) {
      return text.aligns[column] == TableText::Align::kRight;
    };
    add("<section>\n").element("h2", table.title);
    add("<div class=\"wide\"><table>\n<thead><tr>\n");
    for (std::size_t i = 0; i < text.columns.size(); ++i) {
      element(number(i) ? "th scope=\"col\" class=\"number\"" : "th scope=\"col\"",
              text.columns[i]);
    }
    add("</tr></thead>\n<tbody>\n");
    for (const auto& row : text.rows) {
      add("<tr>\n");
      for (std::size_t i = 0; i < row.size(); ++i) {
        element(number(i) ? "td class=\"number\"" : "td", row[i]);
      }
      add("</tr>\n");
    }
    add("</tbody>\n</table></div>\n");
    if (!table.note.empty()) element("p class=\"note\"", table.note);
    add("</section>\n");
  }

  void add_plot(const Plot& plot) {
    add("<figure>\n").element("figcaption", plot.title).add(svg_plot(plot)).add("</figure>\n");
  }

  void list(std::string_view kind, std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    add("<section class=\"").add(kind).add("\">\n").element("h2", title).add("<ul>\n");
    for (const std::string& item : items) element("li", item);
    add("</ul>\n</section>\n");
  }

  const Report& report_;
  std::string html_;
};

}  // namespace

std::string html_report(const Report& report) { return HtmlReport(report).page(); }

}  // namespace phyllo::sim
