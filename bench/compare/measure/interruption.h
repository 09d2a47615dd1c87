#pragma once

namespace phyllo::bench {

/// Thrown where a measurement waits, once somebody has asked this program to stop: whatever it
/// started is then ended, and whatever it wrote removed, on the way out. No std::exception, so that
/// nobody takes it for the failure of one run.
struct Interrupted {
  int signal;
};

/// From now on SIGINT, SIGTERM and SIGHUP are noted and do nothing else, however often they come:
/// timeout(1) sends two at once.
void heed_interruptions();

/// Throws Interrupted if one was noted.
void check_interruption();

}  // namespace phyllo::bench
