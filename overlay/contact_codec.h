#pragma once

#include "base/result.h"
#include "overlay/contact.h"

namespace phyllo::v1 {
class ContactInfo;
}

namespace phyllo::overlay {

/// A contact as it stands in every protocol of the brokers.
void encode(const Contact& contact, v1::ContactInfo& out);

/// kMalformed for an id that is not 16 bytes, an incarnation out of range, an overlong region,
/// or an endpoint that is not one.
/// An endpoint may be missing: it decodes as the empty one.
Result<Contact> decode(const v1::ContactInfo& info);

}  // namespace phyllo::overlay
