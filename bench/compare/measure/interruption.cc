#include "bench/compare/measure/interruption.h"

#include <csignal>
#include <initializer_list>

namespace phyllo::bench {
namespace {

volatile std::sig_atomic_t noted = 0;

void note(int signal) { noted = signal; }

}  // namespace

void heed_interruptions() {
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

void check_interruption() {
  if (noted != 0) throw Interrupted{noted};
}

}  // namespace phyllo::bench
