#include "tests/support/processes/cluster_broker.h"

#include <fstream>
#include <utility>

namespace phyllo::test {
namespace {

namespace fs = std::filesystem;

std::string yaml_list(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "\"" : ", \"") + item + '"';
  return "[" + list + "]";
}

int port_of(const std::string& address) {
  return std::stoi(address.substr(address.rfind(':') + 1));
}

BrokerPorts ports_in(const nlohmann::json& json) {
  BrokerPorts ports;
  ports.node = json["node"];
  ports.local = json["local"];
  ports.wan = json["wan"];
  ports.clients = json["clients"].get<std::vector<std::string>>();
  ports.http = port_of(json["http"]);
  return ports;
}

/// 'R' running, 'S' sleeping, 'T' stopped, … as /proc has it.
char state_of(pid_t process) {
  const std::string text = text_of("/proc/" + std::to_string(process) + "/stat");
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? '?' : text[name_end + 2];
}

}  // namespace

ClusterBroker::ClusterBroker(fs::path folder, BrokerSpec spec)
    : folder_(std::move(folder)), spec_(std::move(spec)) {}

bool ClusterBroker::start(std::chrono::milliseconds patience) {
  process_.reset();
  process_ = std::make_unique<PhyllodProcess>(folder_, spec_.name, config());
  if (!process_->listens(patience)) return false;
  ports_ = ports_in(process_->ports());
  return true;
}

bool ClusterBroker::wait_ready(std::chrono::milliseconds patience) {
  return process_->ready(patience);
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
  std::ofstream(file(".yaml")) << config();
}

HttpAnswer ClusterBroker::get(const std::string& path) const {
  return process_ ? process_->ask(path) : HttpAnswer{};
}

std::optional<double> ClusterBroker::metric(const std::string& name) const {
  return process_ ? process_->metric(name) : std::nullopt;
}

std::string ClusterBroker::log() const { return text_of(file(".log")); }

fs::path ClusterBroker::file(const std::string& extension) const {
  return folder_ / (spec_.name + extension);
}

/// The test's own settings are included, so that both may name the same sections.
std::string ClusterBroker::config() const {
  const std::string unknown = "tcp://" + spec_.address + ":0";
  const auto port = [&](const std::string& known) { return ports_ ? known : unknown; };
  const BrokerPorts ports = ports_.value_or(BrokerPorts{});
  const std::string client = ports_ ? ports.clients.front() : unknown;
  std::ofstream(file(".more.yaml")) << "cluster: test\n" << spec_.settings;
  return "include: [" + file(".more.yaml").filename().string() + "]\n" +
         "node:\n  region: " + spec_.region + "\n" +
         (ports_ ? "  id: \"" + ports.node + "\"\n" : "") + "peers:\n" +
         "  local: {listen: " + port(ports.local) + "}\n" + "  wan: {listen: " + port(ports.wan) +
         "}\n" + "  seeds: " + yaml_list(spec_.seeds) +
         "\nclients:\n  listen: " + yaml_list({client, "ipc://" + file(".sock").string()}) +
         "\nhttp:\n  listen: 127.0.0.1:" + std::to_string(ports.http) + "\n";
}

}  // namespace phyllo::test
