#pragma once

namespace phyllo::cli {

/// The `phyllo` program: reads the command line, runs one verb, returns the exit status. The words
/// are those of main, the program's name first.
int run_application(int argc, const char* const* argv);

}  // namespace phyllo::cli
