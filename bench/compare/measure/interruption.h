#pragma once

namespace phyllo::bench {

/// Thrown where a measurement waits, once somebody has asked this program to stop: whatever it
/// started is then ended, and whatever it wrote removed, on the way out. No std::exception, so that
/// nobody takes it for the failure of one run.
struct Interrupted {
  int signal;
};

/// From now on SIGINT, SIGTERM and SIGHUP are noted; a second one ends the program as it would have
/// without this.
void heed_interruptions();

/// Throws Interrupted if one was noted.
void check_interruption();

}  // namespace phyllo::bench
