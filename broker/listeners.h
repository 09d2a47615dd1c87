#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "base/result.h"
#include "broker/client_gateway.h"
#include "broker/config/settings.h"
#include "broker/descriptor_budget.h"
#include "broker/http_server.h"
#include "broker/status_board.h"
#include "overlay/contact.h"
#include "overlay/transport/transport.h"

namespace phyllo::broker {

/// Everything a broker listens on.
struct Listeners {
  std::unique_ptr<overlay::transport::Transport> peers;
  std::unique_ptr<ClientGateway> clients;
  std::unique_ptr<HttpServer> http;  ///< nullptr when switched off
  overlay::Place place;              ///< what others are told
};

/// Binds all of it, or says what could not be bound and why. Connections are limited by the
/// settings and by the budget, whichever is less.
Result<Listeners> open_listeners(zmq::context_t& context, const Settings& settings,
                                 const DescriptorBudget& budget, const StatusBoard& board);

/// Who listens where, as one line of JSON: node, region, cluster, pid, peers, wan, clients, http.
std::string describe(const Listeners& listeners, const Settings& settings, overlay::NodeId node);

/// Writes `text` so that a reader sees all of it or nothing.
Outcome write_atomically(const std::filesystem::path& file, const std::string& text);

}  // namespace phyllo::broker
