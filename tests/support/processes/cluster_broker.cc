#include "tests/support/processes/cluster_broker.h"

#include <httplib.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

namespace phyllo::test {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
  std::ifstream stream(file);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::string yaml_list(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "\"" : ", \"") + item + '"';
  return "[" + list + "]";
}

int port_of(const std::string& address) {
  return std::stoi(address.substr(address.rfind(':') + 1));
}

/// 'R' running, 'S' sleeping, 'T' stopped, … as /proc has it.
char state_of(pid_t process) {
  const std::string text = read_text("/proc/" + std::to_string(process) + "/stat");
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? '?' : text[name_end + 2];
}

}  // namespace

ClusterBroker::ClusterBroker(fs::path program, fs::path folder, BrokerSpec spec)
    : program_(std::move(program)), folder_(std::move(folder)), spec_(std::move(spec)) {}

bool ClusterBroker::start(std::chrono::milliseconds patience) {
  write_config();
  fs::remove(file(".json"));
  process_.reset();
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{program_.string(), "--config", file(".yaml").string(),
                               "--ports-file", file(".json").string()},
      file(".log"));
  return eventually([this] { return read_ports() || !running(); }, patience) && running();
}

bool ClusterBroker::wait_ready(std::chrono::milliseconds patience) {
  return eventually([this] { return get("/readyz").status == 200 || !running(); }, patience) &&
         running();
}

void ClusterBroker::crash() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
}

void ClusterBroker::freeze() {
  process_->signal(SIGSTOP);
  eventually([this] { return state_of(process_->pid()) == 'T'; }, std::chrono::seconds(10));
}

std::optional<ProcessEnd> ClusterBroker::drain(std::chrono::milliseconds patience) {
  process_->signal(SIGTERM);
  return process_->wait(patience);
}

void ClusterBroker::set_settings(std::string settings) {
  spec_.settings = std::move(settings);
  write_config();
}

HttpAnswer ClusterBroker::get(const std::string& path) const {
  if (!ports_) return {};
  httplib::Client client("127.0.0.1", ports_->http);
  client.set_connection_timeout(1);
  client.set_read_timeout(1);
  const auto answer = client.Get(path.c_str());
  return answer ? HttpAnswer{answer->status, answer->body} : HttpAnswer{};
}

std::optional<double> ClusterBroker::metric(const std::string& name) const {
  const HttpAnswer answer = get("/metrics");
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

std::string ClusterBroker::log() const { return read_text(file(".log")); }

fs::path ClusterBroker::file(const std::string& extension) const {
  return folder_ / (spec_.name + extension);
}

/// The test's own settings are included, so that both may name the same sections.
void ClusterBroker::write_config() const {
  const auto port = [&](const std::string& known) {
    return ports_ ? known : std::string("tcp://127.0.0.1:0");
  };
  const BrokerPorts ports = ports_.value_or(BrokerPorts{});
  const std::string client = ports_ ? ports.clients.front() : "tcp://127.0.0.1:0";
  std::ofstream(file(".more.yaml")) << "cluster: test\n" << spec_.settings;
  std::ofstream(file(".yaml")) << "include: [" << file(".more.yaml").filename().string() << "]\n"
                               << "node:\n  region: " << spec_.region << "\n"
                               << (ports_ ? "  id: \"" + ports.node + "\"\n" : "") << "peers:\n"
                               << "  local: {listen: " << port(ports.local) << "}\n"
                               << "  wan: {listen: " << port(ports.wan) << "}\n"
                               << "  seeds: " << yaml_list(spec_.seeds) << "\nclients:\n  listen: "
                               << yaml_list({client, "ipc://" + file(".sock").string()})
                               << "\nhttp:\n  listen: 127.0.0.1:" << ports.http << "\n";
}

bool ClusterBroker::read_ports() {
  if (!fs::exists(file(".json"))) return false;
  const auto json = nlohmann::json::parse(read_text(file(".json")));
  BrokerPorts ports;
  ports.node = json["node"];
  ports.local = json["local"];
  ports.wan = json["wan"];
  ports.clients = json["clients"].get<std::vector<std::string>>();
  ports.http = port_of(json["http"]);
  ports_ = std::move(ports);
  return true;
}

}  // namespace phyllo::test
