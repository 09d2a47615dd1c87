#pragma once

#include <string_view>

#include "base/result.h"
#include "overlay/contact.h"
#include "overlay/places.h"
#include "overlay/proto_writer.h"

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

/// The same bytes without the generated types: most of what nodes tell each other is contacts, and
/// each of those would take memory eight times on its way in and out.
void write_contact(ProtoWriter& out, int field, const Contact& contact);
Result<Contact> read_contact(std::string_view bytes, Places& places);

}  // namespace phyllo::overlay
