// Hours: the sum of their minutes, written once they have left the 48 h that windows keep by the minute.
#include <algorithm>

#include "store/impl.hpp"
#include "store/keys.hpp"

namespace vigie::store {
namespace {

/// One hour more than windows need, so that a clock that goes back a little finds its minutes.
constexpr Duration settled_after = detect::minute_exact + std::chrono::hours{1};

}  // namespace

Result<std::vector<std::uint64_t>> Store::Impl::stored_brands() const {
    std::vector<std::uint64_t> found;
    for (const Cf which : {Cf::buckets, Cf::hours, Cf::evidence}) {
        std::optional<std::string> from = std::string();
        while (from) {
            auto key = db->seek(which, *from);
            if (!key) return key.error();
            if (!*key) break;
            found.push_back(key_u64(**key));
            from = next_brand(found.back());
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Result<std::size_t> Store::Impl::roll_hour(Hour hour, rocksdb::WriteBatch& batch) {
    std::size_t rows = 0;
    const Minute first = minute_of(end_of_hour(hour - 1)) + 1;
    const Minute last = minute_of(end_of_hour(hour));
    auto brands_now = stored_brands();
    if (!brands_now) return brands_now.error();
    for (const std::uint64_t brand : *brands_now) {
        detect::Bucket whole;
        auto done = db->scan(Cf::buckets, bucket_key(brand, first), bucket_key(brand, last + 1),
                             [&](std::string_view, std::string_view value) -> Result<bool> {
                                 auto bucket = detect::decode_bucket(value);
                                 if (!bucket) return bucket.error();
                                 whole.merge(*bucket);
                                 return true;
                             });
        if (!done) return done.error();
        if (whole.empty()) continue;
        batch.Put(db->cf(Cf::hours), bucket_key(brand, hour), detect::encode_bucket(whole)).PermitUncheckedError();
        ++rows;
    }
    return rows;
}

Result<bool> Store::roll_up(Time now, std::size_t max_hours) {
    if (auto done = impl_->writable(); !done) return done.error();
    Hour target = hour_of(now - settled_after);
    if (end_of_hour(target) > now - settled_after) --target;
    if (impl_->rolled_to >= target) return true;
    Hour hour = impl_->rolled_to;
    if (hour == INT32_MIN) {
        // The first time: from the oldest minute that is stored.
        auto brands = impl_->stored_brands();
        if (!brands) return brands.error();
        Hour oldest = target;
        for (const std::uint64_t brand : *brands) {
            auto key = impl_->db->seek(Cf::buckets, brand_floor(brand));
            if (!key) return key.error();
            if (*key && key_u64(**key) == brand) oldest = std::min(oldest, hour_of_minute(key_i32(**key, 8)) - 1);
        }
        hour = oldest;
    }
    rocksdb::WriteBatch batch;
    for (std::size_t i = 0; i < max_hours && hour < target; ++i) {
        ++hour;
        if (auto rolled = impl_->roll_hour(hour, batch); !rolled) return rolled.error();
    }
    if (auto done = impl_->space->admit_intake(batch.GetDataSize()); !done) return done.error();
    batch.Put(impl_->db->cf(Cf::meta), slice(rolled_row), encode_numbers({static_cast<std::uint64_t>(static_cast<std::int64_t>(hour))}))
        .PermitUncheckedError();
    if (auto done = impl_->write(batch); !done) return done.error();
    impl_->rolled_to = hour;
    return hour >= target;
}

}  // namespace vigie::store
