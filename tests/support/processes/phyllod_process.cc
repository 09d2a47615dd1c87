#include "tests/support/processes/phyllod_process.h"

#include <httplib.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace phyllo::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> phyllod(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PHYLLO_BIN_DIR "/phyllod");
  return arguments;
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = "/tmp/phyllo-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder in /tmp");
  path_ = name;
}

ScratchFolder::~ScratchFolder() { fs::remove_all(path_); }

fs::path ScratchFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name) << text;
  return path_ / name;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

PhyllodProcess::PhyllodProcess(fs::path folder, std::string name, const std::string& config)
    : folder_(std::move(folder)), name_(std::move(name)), process_(command(config), file(".log")) {}

PhyllodProcess::PhyllodProcess(fs::path folder, std::string name,
                               const std::vector<std::string>& arguments)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      process_(phyllod(arguments), file(".log")) {}

/// That of an earlier process with this name must not be taken for the new one's.
std::vector<std::string> PhyllodProcess::command(const std::string& config) const {
  std::ofstream(config_file()) << config;
  fs::remove(file(".ports"));
  return phyllod({"--config", config_file(), "--ports-file", file(".ports")});
}

bool PhyllodProcess::listens(std::chrono::milliseconds patience) {
  const auto ports = file(".ports");
  eventually([&] { return fs::exists(ports) || !running(); }, patience);
  if (!fs::exists(ports)) return false;
  ports_ = nlohmann::json::parse(text_of(ports));
  return running();
}

bool PhyllodProcess::ready(std::chrono::milliseconds patience) {
  return listens(patience) &&
         eventually([&] { return ask("/readyz").status == 200 || !running(); }, patience) &&
         running();
}

HttpAnswer PhyllodProcess::ask(const std::string& path) const {
  if (!ports_.contains("http")) return {};
  const std::string address = ports_.at("http");
  const auto colon = address.rfind(':');
  httplib::Client client(address.substr(0, colon), std::stoi(address.substr(colon + 1)));
  client.set_connection_timeout(1);
  client.set_read_timeout(1);
  const auto answer = client.Get(path.c_str());
  return answer ? HttpAnswer{answer->status, answer->body} : HttpAnswer{};
}

std::optional<double> PhyllodProcess::metric(const std::string& name) const {
  const HttpAnswer answer = ask("/metrics");
  if (answer.status != 200) return std::nullopt;
  std::optional<double> sum;
  std::istringstream lines(answer.body);
  for (std::string line; std::getline(lines, line);) {
    const std::string_view rest = std::string_view(line).substr(std::min(name.size(), line.size()));
    const bool named = line.starts_with(name) && (rest.starts_with('{') || rest.starts_with(' '));
    if (named) sum = sum.value_or(0) + std::stod(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

std::optional<int> PhyllodProcess::exit_status() {
  const auto end = wait(std::chrono::seconds(20));
  if (!end) return std::nullopt;
  return end->signal == 0 ? end->status : 128 + end->signal;
}

std::size_t PhyllodProcess::resident_bytes() const {
  std::size_t total = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/" + std::to_string(pid()) + "/statm") >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace phyllo::test
