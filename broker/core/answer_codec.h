#pragma once

#include "base/result.h"
#include "broker/core/client_messages.h"

namespace phyllo::v1 {
class Answer;
}  // namespace phyllo::v1

namespace phyllo::broker::client {

/// The part of the client protocol's codec that carries answers to people's questions.
void write_answer(const Answer& answer, v1::Answer& out);
Result<Answer> read_answer(const v1::Answer& in);

}  // namespace phyllo::broker::client
