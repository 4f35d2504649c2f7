// How a baseline is stored.
#include <bit>
#include <cmath>

#include "detect/bytes.hpp"
#include "vigie/detect/baseline.hpp"

namespace vigie::detect {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint64_t most_hours = 24 * 366 * 1000;

/// One pass over the numbers for both directions keeps them in one order.
class Out {
public:
    void number(double value, double /*least*/) { bytes_.fixed64(std::bit_cast<std::uint64_t>(value)); }
    template <class Whole>
    void whole(Whole value, std::uint64_t /*most*/) {
        bytes_.varint(static_cast<std::uint64_t>(value));
    }
    ByteWriter& bytes() { return bytes_; }

private:
    ByteWriter bytes_;
};

class In {
public:
    explicit In(std::string_view bytes) : bytes_(bytes) {}
    void number(double& value, double least) {
        value = std::bit_cast<double>(bytes_.fixed64());
        if (!std::isfinite(value) || value < least) bytes_.fail();
    }
    template <class Whole>
    void whole(Whole& value, std::uint64_t most) {
        const std::uint64_t read = bytes_.varint();
        if (read > most) bytes_.fail();
        value = static_cast<Whole>(read);
    }
    ByteReader& bytes() { return bytes_; }

private:
    ByteReader bytes_;
};

}  // namespace

template <class Self, class Side>
void Baseline::visit(Self& b, Side& side) {
    const auto tail = [&](auto& t) {
        side.number(t.threshold, least_positive);
        side.number(t.excess, 0);
        side.number(t.count, least_positive);
        side.number(t.peak, 0);
        side.whole(t.quiet, 24);
        side.whole(t.storm_hours, most_hours);
    };
    const auto moments = [&](auto& m) {
        side.number(m.weight, 0);
        side.number(m.mean_square, 0);
        side.number(m.excess, 0);
    };
    side.number(b.local_, 0);
    side.whole(b.minute_, 60);
    side.number(b.level_, least_positive);
    side.number(b.level_count_, least_positive);
    side.number(b.level_exposure_, least_positive);
    for (auto& level : b.past_levels_) side.number(level, 0);
    side.whole(b.past_gaps_, 0xFFFFFF);
    for (std::size_t i = 0; i < judged_windows; ++i) {
        side.number(b.nowcast_[i], 0);
        moments(b.spread_[i].quiet);
        moments(b.spread_[i].busy);
        tail(b.high_[i]);
        tail(b.low_[i]);
        side.number(b.highest_[i], 0);
        side.number(b.lowest_[i], 0);
    }
    side.number(b.cusum_, 0);
    side.number(b.highest_cusum_, 0);
    tail(b.slow_);
    side.whole(b.age_, most_hours);
    side.whole(b.gap_, 1);
}

std::string Baseline::encode() const {
    Out out;
    out.bytes().byte(version);
    visit(*this, out);
    season_.encode(out.bytes());
    return std::move(out.bytes()).take();
}

Result<Baseline> Baseline::decode(std::string_view bytes) {
    In in(bytes);
    if (in.bytes().byte() != version) return Error(Errc::corrupt, "a stored baseline of a version that this program does not know");
    Baseline out;
    visit(out, in);
    out.season_ = Season::decode(in.bytes());
    if (!in.bytes().ok() || !in.bytes().at_end()) return Error(Errc::corrupt, "a stored baseline that is cut or damaged");
    return out;
}

}  // namespace vigie::detect
