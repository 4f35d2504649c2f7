#include "net/inflate.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace vigie::net {
namespace {

constexpr int gzip_window = 15 + 16, zlib_window = 15, raw_window = -15;
constexpr std::size_t ratio_free_bytes = 1u << 20;

/// RFC 1950: the first two bytes of a zlib stream name method 8 and are a multiple of 31.
bool looks_like_zlib(unsigned char first, unsigned char second) {
    return (first & 15) == 8 && (first * 256 + second) % 31 == 0;
}

}  // namespace

struct Inflater::Impl {
    Impl(Coding c, InflateLimits l) : coding(c), limits(l) {}
    ~Impl() {
        if (started) inflateEnd(&stream);
    }

    void start(int window) {
        if (inflateInit2(&stream, window) != Z_OK) throw std::bad_alloc();
        started = true;
    }

    Result<> check(std::size_t out_size) const {
        if (out_size > limits.bytes)
            return Error(Errc::limit, "the body is larger than " + std::to_string(limits.bytes) + " bytes inflated");
        if (out_size > ratio_free_bytes && static_cast<double>(out_size) > limits.ratio * static_cast<double>(taken)) {
            return Error(Errc::limit, "the body inflates more than " + std::to_string(static_cast<long>(limits.ratio)) + " times");
        }
        return {};
    }

    Result<> run(std::string_view in, std::string& out);

    Coding coding;
    InflateLimits limits;
    z_stream stream{};
    bool started = false;
    bool ended = false;  // the last member was whole
    std::string first;   // deflate: what came before its kind was known
    std::size_t taken = 0;
    std::size_t given = 0;
};

Result<> Inflater::Impl::run(std::string_view in, std::string& out) {
    std::array<char, 32768> chunk;
    // zlib's interface is not const-correct; it does not write to its input.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream.avail_in = static_cast<uInt>(in.size());
    for (;;) {
        if (ended) {
            if (stream.avail_in == 0) return {};
            if (coding != Coding::gzip || inflateReset(&stream) != Z_OK)
                return Error(Errc::protocol, "bytes stand after the end of the coded body");
            ended = false;
        }
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        const int code = inflate(&stream, Z_NO_FLUSH);
        const std::size_t produced = chunk.size() - stream.avail_out;
        given += produced;
        if (auto fits = check(given); !fits) return fits;
        out.append(chunk.data(), produced);
        if (code == Z_STREAM_END) {
            ended = true;
            continue;
        }
        if (code == Z_BUF_ERROR || (code == Z_OK && stream.avail_in == 0 && stream.avail_out != 0)) return {};
        if (code != Z_OK) return Error(Errc::protocol, "the coded body is broken");
    }
}

Inflater::Inflater(Coding coding, InflateLimits limits) : impl_(std::make_unique<Impl>(coding, limits)) {
    if (coding == Coding::gzip) impl_->start(gzip_window);
}

Inflater::~Inflater() = default;

Result<> Inflater::feed(std::string_view in, std::string& out) {
    auto& self = *impl_;
    if (in.empty()) return {};
    if (self.coding == Coding::identity) {
        self.given += in.size();
        if (self.given > self.limits.bytes)
            return Error(Errc::limit, "the body is larger than " + std::to_string(self.limits.bytes) + " bytes");
        out.append(in);
        return {};
    }
    self.taken += in.size();
    if (self.started) return self.run(in, out);
    self.first.append(in);
    if (self.first.size() < 2) return {};
    const auto byte = [&self](std::size_t i) { return static_cast<unsigned char>(self.first[i]); };
    self.start(looks_like_zlib(byte(0), byte(1)) ? zlib_window : raw_window);
    const auto first = std::move(self.first);
    self.first.clear();
    return self.run(first, out);
}

Result<> Inflater::finish() const {
    if (impl_->coding == Coding::identity || impl_->taken == 0 || impl_->ended) return {};
    return Error(Errc::protocol, "the coded body stops before its end");
}

}  // namespace vigie::net
