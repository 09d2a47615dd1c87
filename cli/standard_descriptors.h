#pragma once

namespace phyllo::cli {

/// Takes the numbers of standard streams that this program was started without, so that no socket
/// gets them: what reads or writes such a stream must fail, not talk to a stranger. To be called
/// before anything is opened.
void occupy_standard_descriptors();

}  // namespace phyllo::cli
