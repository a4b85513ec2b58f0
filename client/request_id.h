#ifndef RELATA_CLIENT_REQUEST_ID_H_
#define RELATA_CLIENT_REQUEST_ID_H_

#include <string>

namespace relata {

// A new random request id: a UUID of version 4 (RFC 9562, section 5.4) in its usual 36 characters.
// Thread-safe.
std::string NewRequestId();

}  // namespace relata

#endif  // RELATA_CLIENT_REQUEST_ID_H_
