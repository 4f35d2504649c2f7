// Which brands an item mentions, for thousands of brands at once.
// Thread-safety: a built Matcher is immutable; match() may run on any number of threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/brand.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/core/result.hpp"

namespace vigie::text {

inline constexpr std::size_t max_functions = 64;  ///< a brand; one bit each of BrandMatch::functions

/// Tells the language of the item that is being matched, as ISO 639-1: what lang: is compared with. Called at most once an item, and only
/// where a query that the item touches asks.
using LanguageOf = std::function<std::string()>;

/// An index from tokens to queries. Of each query a set of terms is indexed of which one is met whenever the query holds (of an AND its
/// most telling operand, of an OR all,
/// of a NEAR the rarer side); only the queries that a text touches are evaluated. So the time for one item grows with its length
/// and with the brands it names, hardly with the brands that are watched. A term under NOT never touches a query.
class Matcher {
public:
    /// The brand at position i has BrandIndex i. Errors: parse or limit, naming the brand, the function and, in where(), the column.
    static Result<Matcher> build(const std::vector<Brand>& brands);

    Matcher(Matcher&&) noexcept;
    Matcher& operator=(Matcher&&) noexcept;
    ~Matcher();

    /// The brands that the title or the text mention, sorted, each with its business functions. Links and the author's name are not
    /// searched; the author's handle, the URL, the platform and the kind are what the fields of a query are compared with.
    std::vector<BrandMatch> match(const Item& item, const LanguageOf& language = {}) const;
    /// The same for bare texts: posts of nobody, from nowhere.
    std::vector<BrandMatch> match(std::string_view title, std::string_view text) const;

    /// How many brands it was built from, and how many tokens it looks for.
    std::size_t brands() const noexcept;
    std::size_t literals() const noexcept;

private:
    class Index;
    explicit Matcher(std::unique_ptr<const Index> index);
    std::unique_ptr<const Index> index_;
};

}  // namespace vigie::text
