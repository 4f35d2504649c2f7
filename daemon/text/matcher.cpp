#include "vigie/text/matcher.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "text/literal_table.hpp"
#include "text/look_up.hpp"
#include "text/program.hpp"
#include "text/wakes.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

class Matcher::Index {
public:
    Result<> add(const Brand& brand) {
        Result<Query> query = parse_query(brand.query);
        if (!query) return query.error().with_context("brand '" + brand.name + "', query");
        Watched watched;
        watched.query = programs_.compile(query->root, table_);
        const auto index = static_cast<BrandIndex>(brands_.size());
        const Programs::Required required = programs_.required(watched.query);
        watched.proved = required.proved;
        for (const Wake& wake : required.wakes) wakes_.add(wake, index);
        if (brand.functions.size() > max_functions)
            return Error(Errc::limit, "brand '" + brand.name + "' has more than " + std::to_string(max_functions) + " functions");
        for (const BrandFunction& function : brand.functions) {
            Result<Programs::Root> root = function_root(function.query);
            if (!root) return root.error().with_context("brand '" + brand.name + "', function '" + function.name + "'");
            watched.functions.push_back(*root);
        }
        brands_.push_back(std::move(watched));
        return {};
    }

    void freeze() {
        wakes_.freeze(table_.size());
        table_.freeze();
        function_roots_ = {};
    }

    std::vector<BrandMatch> match(std::string_view title, std::string_view text, const Item* item, const LanguageOf& language) const {
        // Kept between calls for its memory only.
        thread_local Scratch scratch;
        scratch.hits.clear();
        look_up_item(
            table_, title, text, item, scratch.reading,
            [&](LiteralId id, std::uint32_t first, std::uint32_t last, std::uint32_t token) { scratch.hits.add(id, first, last, token); });
        wakes_.touched(scratch.hits, programs_, scratch.wakes, scratch.touched);
        std::vector<BrandMatch> matches;
        if (scratch.touched.empty()) return matches;
        matches.reserve(scratch.touched.size());
        const Subject subject{scratch.hits, scratch.reading.title_end(),
                              item != nullptr ? std::string_view(item->platform) : std::string_view(),
                              item != nullptr ? item->kind : Kind::post, &language};
        for (const auto& [index, proved] : scratch.touched) {
            const Watched& brand = brands_[index];
            if (proved ? programs_.rest_holds(brand.query, brand.proved, subject) : programs_.holds(brand.query, subject))
                matches.push_back({index, functions(brand, subject)});
        }
        return matches;
    }

    std::size_t brands() const noexcept { return brands_.size(); }
    std::size_t literals() const noexcept { return table_.size(); }

private:
    struct Watched {
        Programs::Root query = 0;
        Programs::Root proved = 0;  // what a wake may prove of it
        std::vector<Programs::Root> functions;
    };
    struct Scratch {
        Reading reading;
        Hits hits;
        Wakes::Scratch wakes;
        std::vector<Wakes::Touched> touched;
    };

    // Many brands share the queries of their functions, which are read once.
    Result<Programs::Root> function_root(const std::string& text) {
        if (const auto known = function_roots_.find(text); known != function_roots_.end()) return known->second;
        Result<Query> query = parse_query(text, QueryUse::function);
        if (!query) return std::move(query).error();
        const Programs::Root root = programs_.compile(query->root, table_);
        function_roots_.emplace(text, root);
        return root;
    }

    std::uint64_t functions(const Watched& brand, const Subject& subject) const {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < brand.functions.size(); ++i)
            if (programs_.holds(brand.functions[i], subject)) bits |= std::uint64_t{1} << i;
        return bits;
    }

    LiteralTable table_;
    Programs programs_;
    std::vector<Watched> brands_;
    Wakes wakes_;
    std::unordered_map<std::string, Programs::Root> function_roots_;  // while building
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

std::vector<BrandMatch> Matcher::match(const Item& item, const LanguageOf& language) const {
    return index_->match(item.title.bytes(), item.text.bytes(), &item, language);
}
std::vector<BrandMatch> Matcher::match(std::string_view title, std::string_view text) const {
    return index_->match(title, text, nullptr, {});
}
std::size_t Matcher::brands() const noexcept {
    return index_->brands();
}
std::size_t Matcher::literals() const noexcept {
    return index_->literals();
}

}  // namespace vigie::text
