#include "vigie/text/matcher.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "text/literal_table.hpp"
#include "text/program.hpp"
#include "vigie/text/normalise.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

class Matcher::Index {
public:
    Result<> add(const Brand& brand) {
        Result<Query> query = parse_query(brand.query);
        if (!query) return query.error().with_context("brand '" + brand.name + "', query");
        Watched watched;
        watched.query = programs_.compile(*query, table_);
        const auto index = static_cast<BrandIndex>(brands_.size());
        for (const LiteralId id : programs_.required(watched.query)) wakes_.emplace_back(id, index);
        if (brand.functions.size() > max_functions)
            return Error(Errc::limit, "brand '" + brand.name + "' has more than " + std::to_string(max_functions) + " functions");
        for (const BrandFunction& function : brand.functions) {
            Result<Query> of_function = parse_query(function.query);
            if (!of_function) return of_function.error().with_context("brand '" + brand.name + "', function '" + function.name + "'");
            watched.functions.push_back(programs_.compile(*of_function, table_));
        }
        brands_.push_back(std::move(watched));
        return {};
    }

    void freeze() {
        std::sort(wakes_.begin(), wakes_.end());
        first_wake_.assign(table_.size() + 1, 0);
        for (const auto& [literal, brand] : wakes_) ++first_wake_[literal + 1];
        for (std::size_t i = 1; i < first_wake_.size(); ++i) first_wake_[i] += first_wake_[i - 1];
        table_.freeze();
    }

    std::vector<BrandMatch> match(std::string_view title, std::string_view text) const {
        // Kept between calls for its memory only.
        thread_local Scratch scratch;
        scratch.stream.clear();
        scratch.hits.clear();
        scratch.seen.clear();
        scratch.touched.clear();
        scratch.stream.add(title);
        scratch.stream.add(text);
        look_up(scratch);
        std::vector<BrandMatch> matches;
        if (scratch.touched.empty()) return matches;
        std::sort(scratch.touched.begin(), scratch.touched.end());
        scratch.touched.erase(std::unique(scratch.touched.begin(), scratch.touched.end()), scratch.touched.end());
        scratch.hits.sort();
        for (const BrandIndex brand : scratch.touched)
            if (programs_.holds(brands_[brand].query, scratch.hits)) matches.push_back({brand, functions(brands_[brand], scratch.hits)});
        return matches;
    }

    std::size_t brands() const noexcept { return brands_.size(); }
    std::size_t literals() const noexcept { return table_.size(); }

private:
    struct Watched {
        Programs::Root query = 0;
        std::vector<Programs::Root> functions;
    };
    struct Scratch {
        TokenStream stream;
        Hits hits;
        std::vector<LiteralId> seen;
        std::vector<BrandIndex> touched;
    };

    void look_up(Scratch& scratch) const {
        // A literal wakes its brands once, however often the text repeats it.
        std::vector<LiteralId>& seen = scratch.seen;
        for (const Token& token : scratch.stream.tokens()) {
            table_.find(token, scratch.stream.folded(token), [&](LiteralId id) {
                scratch.hits.add(id, token);
                if (first_wake_[id] != first_wake_[id + 1]) seen.push_back(id);
            });
        }
        std::sort(seen.begin(), seen.end());
        seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
        for (const LiteralId id : seen)
            for (std::uint32_t i = first_wake_[id]; i < first_wake_[id + 1]; ++i) scratch.touched.push_back(wakes_[i].second);
    }

    std::uint64_t functions(const Watched& brand, const Hits& hits) const {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < brand.functions.size(); ++i)
            if (programs_.holds(brand.functions[i], hits)) bits |= std::uint64_t{1} << i;
        return bits;
    }

    LiteralTable table_;
    Programs programs_;
    std::vector<Watched> brands_;
    std::vector<std::pair<LiteralId, BrandIndex>> wakes_;  // sorted
    std::vector<std::uint32_t> first_wake_;                // into wakes_, by literal
};

Matcher::Matcher(std::unique_ptr<const Index> index) : index_(std::move(index)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<Matcher> Matcher::build(const std::vector<Brand>& brands) {
    auto index = std::make_unique<Index>();
    for (const Brand& brand : brands)
        if (Result<> added = index->add(brand); !added) return std::move(added).error();
    index->freeze();
    return Matcher(std::move(index));
}

std::vector<BrandMatch> Matcher::match(const Item& item) const {
    return match(item.title.bytes(), item.text.bytes());
}
std::vector<BrandMatch> Matcher::match(std::string_view title, std::string_view text) const {
    return index_->match(title, text);
}
std::size_t Matcher::brands() const noexcept {
    return index_->brands();
}
std::size_t Matcher::literals() const noexcept {
    return index_->literals();
}

}  // namespace vigie::text
