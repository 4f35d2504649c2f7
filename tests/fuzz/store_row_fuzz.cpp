// Any bytes as a mention, an account and a journal row: each decoder answers corrupt, or with what is written back as it was read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "store/codec.hpp"

namespace {

using namespace vigie;

/// What was read, once written, reads and writes the same again.
template <class Row, class Encode, class Decode>
void round_trip(const Result<Row>& read, Encode encode, Decode decode) {
    if (!read.ok()) {
        if (read.error().code() != Errc::corrupt) std::abort();
        return;
    }
    const std::string bytes = encode(*read);
    const auto again = decode(bytes);
    if (!again.ok() || encode(*again) != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    round_trip(
        store::decode_evidence(bytes), [](const store::DecodedEvidence& row) { return store::encode_evidence(row); },
        [](std::string_view b) { return store::decode_evidence(b); });
    round_trip(
        store::decode_account(bytes), [](const store::Account& row) { return store::encode_account(row); },
        [](std::string_view b) { return store::decode_account(b); });
    const auto account = store::decode_account(bytes);
    if (account.ok()) {
        // Whatever a row claims, its history stays usable.
        AuthorHistory history = account->history;
        note_posting(history, {account->last_seen, true, true});
        if (!(history.mentions >= 0)) std::abort();
    }
    const auto journal = store::decode_journal(bytes);
    if (!journal.ok() && journal.error().code() != Errc::corrupt) std::abort();
    return 0;
}
