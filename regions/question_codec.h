#pragma once

#include <optional>

#include "base/payload.h"
#include "regions/codec_reader.h"
#include "regions/messages.h"

namespace phyllo::v1 {
class RegionsMessage;
}

namespace phyllo::regions {

// The part of the codec for questions of people and programs that concern several regions.

void put_question(const Enquire& m, v1::RegionsMessage& out);
void put_question(const Audience& m, v1::RegionsMessage& out);
void put_question(const Look& m, v1::RegionsMessage& out);
void put_question(const TreePage& m, v1::RegionsMessage& out);
/// Without its body.
void put_question(const CastInto& m, v1::RegionsMessage& out);
void put_question(const CastState& m, v1::RegionsMessage& out);

/// nullopt when it is none of these. Only a cast that is to be taken may have a body.
std::optional<Message> get_question(const v1::RegionsMessage& in, Payload body, CodecReader& read);

}  // namespace phyllo::regions
