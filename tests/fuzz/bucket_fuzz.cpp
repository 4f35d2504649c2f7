// Any bytes: decode_bucket answers with an error, or with a bucket that encodes to just these bytes (if they are of the
// present version) and reads back equal.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vigie/detect/bucket.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto decoded = vigie::detect::decode_bucket(bytes);
    if (!decoded.ok()) {
        if (decoded.error().code() != vigie::Errc::corrupt) std::abort();
        return 0;
    }
    const std::string encoded = vigie::detect::encode_bucket(*decoded);
    // Version 1 is read, but never written again.
    if (encoded != bytes && bytes.front() != 1) std::abort();
    const auto again = vigie::detect::decode_bucket(encoded);
    if (!again.ok() || !(*again == *decoded)) std::abort();

    // Merging a bucket into nothing changes nothing.
    vigie::detect::Bucket merged;
    merged.merge(*decoded);
    if (!(merged == *decoded)) std::abort();
    return 0;
}
