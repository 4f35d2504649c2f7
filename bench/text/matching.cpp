// Which brands a post names, for ten thousand brands with fifty thousand aliases, beside Vectorscan over the same folded text.
#include <fmt/core.h>

#ifdef VIGIE_HAS_HYPERSCAN
#include <hs/hs.h>
#endif

#include <algorithm>
#include <array>
#include <cctype>
#include <random>
#include <unordered_set>
#include <utility>

#include "text/section.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/normalise.hpp"
#include "vigie/text/query.hpp"

namespace vigie::bench {
namespace {

constexpr std::size_t aliases_a_brand = 5;

struct Alias {
    std::string term;    // as a query writes it
    std::string folded;  // as folded_line() holds it
};

// Posts that were read for sentiment, and are many enough not to lie in the nearest memory.
std::vector<std::string> read_many_posts(const TextOptions& options) {
    std::vector<std::string> posts;
    for (Labelled& one : read_labelled(options.corpora + "/sentiment/semeval.tsv")) posts.push_back(std::move(one.text));
    for (const char* language : {"en", "fr", "de", "es", "it", "pt"})
        for (Labelled& one : read_labelled(fmt::format("{}/sentiment/xlmt_{}_train.tsv", options.corpora, language)))
            posts.push_back(std::move(one.text));
    std::shuffle(posts.begin(), posts.end(), std::mt19937(5));
    return posts;
}

// The tokens of a stream as one line for an engine that finds strings: the words in a row with blanks around, '|' where they do not follow
// one another, and behind a '|' those that span several, with the handles and the tags.
void folded_line(const text::TokenStream& stream, std::string& line) {
    line.assign(1, ' ');
    std::uint32_t next = 0;
    for (const text::Token& token : stream.tokens()) {
        if (token.kind != text::TokenKind::word && token.kind != text::TokenKind::emoji) continue;
        if (token.first != token.last || token.first + 1 == next) continue;
        if (token.first != next) line += "| ";
        line += stream.folded(token);
        line += ' ';
        next = token.first + 1;
    }
    for (const text::Token& token : stream.tokens()) {
        const bool name = token.kind == text::TokenKind::handle || token.kind == text::TokenKind::tag;
        if (!name && token.first == token.last) continue;
        line += "| ";
        if (name) line += token.kind == text::TokenKind::handle ? '@' : '#';
        line += stream.folded(token);
        line += ' ';
    }
}

std::string blanked(const std::string& text) {
    return ' ' + text + ' ';
}

void add_alias(std::vector<Alias>& out, std::unordered_set<std::string>& known, std::string term, std::string folded) {
    if (folded.size() > 4 && text::parse_query(term).ok() && known.insert(folded).second)
        out.push_back({std::move(term), std::move(folded)});
}

bool capital(std::string_view word) {
    return std::isupper(static_cast<unsigned char>(word.front())) != 0;
}

// Words that the posts write small: a name of one word is none of them.
std::unordered_set<std::string> small_words(const std::vector<std::string>& posts) {
    std::unordered_set<std::string> words;
    text::TokenStream stream;
    for (const std::string& post : posts) {
        stream.clear();
        stream.add(post);
        for (const text::Token& token : stream.tokens())
            if (!capital(std::string_view(post).substr(token.source_begin, 1))) words.emplace(stream.folded(token));
    }
    return words;
}

// Handles, tags, and names of one to three words with capitals that the posts hold.
std::vector<Alias> aliases_of(const std::vector<std::string>& posts, std::size_t count) {
    const std::unordered_set<std::string> small = small_words(posts);
    std::vector<Alias> all;
    std::unordered_set<std::string> known;
    text::TokenStream stream;
    std::mt19937 random(3);
    for (const std::string& post : posts) {
        stream.clear();
        stream.add(post);
        const std::vector<text::Token>& tokens = stream.tokens();
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const std::string folded(stream.folded(tokens[i]));
            if (tokens[i].kind == text::TokenKind::handle && folded != "user") add_alias(all, known, '@' + folded, blanked('@' + folded));
            if (tokens[i].kind == text::TokenKind::tag) add_alias(all, known, '#' + folded, blanked('#' + folded));
            if (tokens[i].kind != text::TokenKind::word || tokens[i].first != tokens[i].last) continue;
            std::string name = folded;
            const std::size_t words = 1 + random() % 3;
            std::size_t taken = 1;
            bool all_capitals = capital(std::string_view(post).substr(tokens[i].source_begin, 1));
            for (; taken < words && all_capitals && i + taken < tokens.size(); ++taken) {
                const text::Token& next = tokens[i + taken];
                if (next.kind != text::TokenKind::word || next.first != tokens[i].first + taken || next.first != next.last) break;
                all_capitals = capital(std::string_view(post).substr(next.source_begin, 1));
                name += ' ';
                name += stream.folded(next);
            }
            if (all_capitals && name.size() >= 5 && (taken > 1 || !small.contains(name)))
                add_alias(all, known, '"' + name + '"', blanked(name));
        }
    }
    std::shuffle(all.begin(), all.end(), random);
    all.resize(std::min(all.size(), count));
    return all;
}

// Names that nobody bears, in the same mixture: what most of the names of a watch list are to most posts.
std::vector<Alias> invented_aliases(std::size_t count) {
    constexpr std::array<std::string_view, 24> syllables = {"bra",  "ko",  "vel",  "tan", "ri",  "mor", "sy",  "lux",
                                                            "pe",   "dan", "gri",  "zo",  "ha",  "ne",  "fol", "qui",
                                                            "bert", "am",  "stra", "li",  "ont", "ec",  "ur",  "wi"};
    std::mt19937 random(4);
    std::vector<Alias> all;
    std::unordered_set<std::string> known;
    const auto word = [&] {
        std::string out;
        for (std::size_t i = 0, n = 2 + random() % 3; i < n; ++i) out += syllables[random() % syllables.size()];
        return out;
    };
    while (all.size() < count) {
        std::string name = word();
        const auto kind = random() % 10;
        if (kind < 3) {
            const char mark = kind == 0 ? '#' : '@';
            add_alias(all, known, mark + name, blanked(mark + name));
            continue;
        }
        for (auto words = random() % 3; words > 0; --words) name += ' ' + word();
        add_alias(all, known, '"' + name + '"', blanked(name));
    }
    return all;
}

bool is_one_word(const Alias& alias) {
    return alias.folded.find(' ', 1) == alias.folded.size() - 1;
}

std::vector<Brand> brands_of(const std::vector<Alias>& aliases, bool functions) {
    std::vector<Brand> brands;
    for (std::size_t i = 0; i < aliases.size(); i += aliases_a_brand) {
        Brand brand;
        brand.name = "b" + std::to_string(brands.size());
        for (std::size_t k = i; k < std::min(i + aliases_a_brand, aliases.size()); ++k)
            brand.query += (brand.query.empty() ? "" : " OR ") + aliases[k].term;
        if (functions) {
            brand.query = '(' + brand.query + ") AND NOT (giveaway OR \"job offer\")";
            brand.functions = {{"safety", "smoke OR fire OR \"emergency landing\" OR recall*"},
                               {"hr", "strike* OR union OR (pay NEAR/3 cut) OR (" + aliases[i].term + " AND boss)"}};
        }
        brands.push_back(std::move(brand));
    }
    return brands;
}

text::Matcher built(const std::vector<Brand>& brands) {
    Result<text::Matcher> matcher = text::Matcher::build(brands);
    if (!matcher) fmt::print(stderr, "{}\n", matcher.error().text());
    return std::move(matcher).value();
}

struct Pairs {
    std::size_t aliases = 0;  // posts times aliases that each names
    std::size_t words = 0;    // of which one word, handle or tag
    std::size_t brands = 0;
};

#ifdef VIGIE_HAS_HYPERSCAN
struct Found {
    std::vector<std::uint32_t> ids;
};

int on_match(unsigned int id, unsigned long long, unsigned long long, unsigned int, void* context) {
    static_cast<Found*>(context)->ids.push_back(id);
    return 0;
}

void each_once(std::vector<std::uint32_t>& ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

std::optional<Pairs> ask_vectorscan(const std::string& set, const std::vector<std::string>& posts, const std::vector<Alias>& aliases,
                                    double cutting, int rounds) {
    std::vector<const char*> literals;
    std::vector<std::size_t> lengths;
    std::vector<unsigned> flags(aliases.size(), 0), ids;
    for (const Alias& alias : aliases) {
        literals.push_back(alias.folded.data());
        lengths.push_back(alias.folded.size());
        ids.push_back(static_cast<unsigned>(ids.size()));
    }
    hs_database_t* database = nullptr;
    const double build = microseconds(1, 1, [&](std::size_t) {
        hs_compile_error_t* error = nullptr;
        const auto count = static_cast<unsigned>(aliases.size());
        hs_compile_lit_multi(literals.data(), flags.data(), ids.data(), lengths.data(), count, HS_MODE_BLOCK, nullptr, &database, &error);
        hs_free_compile_error(error);
    });
    hs_scratch_t* scratch = nullptr;
    if (database == nullptr || hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
        fmt::print("  Vectorscan does not compile these literals\n");
        return std::nullopt;
    }
    std::vector<std::string> lines(posts.size());
    text::TokenStream stream;
    for (std::size_t i = 0; i < posts.size(); ++i) {
        stream.clear();
        stream.add("");
        stream.add(posts[i]);
        folded_line(stream, lines[i]);
    }
    Found found;
    const double scan = microseconds(posts.size(), rounds, [&](std::size_t i) {
        found.ids.clear();
        hs_scan(database, lines[i].data(), static_cast<unsigned>(lines[i].size()), 0, scratch, on_match, &found);
    });
    Pairs pairs;
    for (const std::string& line : lines) {
        found.ids.clear();
        hs_scan(database, line.data(), static_cast<unsigned>(line.size()), 0, scratch, on_match, &found);
        each_once(found.ids);
        pairs.aliases += found.ids.size();
        for (const std::uint32_t id : found.ids) pairs.words += is_one_word(aliases[id]) ? 1 : 0;
        for (std::uint32_t& id : found.ids) id /= aliases_a_brand;
        each_once(found.ids);
        pairs.brands += found.ids.size();
    }
    hs_free_scratch(scratch);
    hs_free_database(database);
    print_time(set, "Vectorscan: literals of folded text", scan);
    print_time(set, "Vectorscan, cutting added", scan + cutting);
    print_time(set, "Vectorscan: build", build);
    return pairs;
}
#endif

void measure(const std::string& set, const std::vector<std::string>& posts, const std::vector<Alias>& aliases, double cutting, int rounds) {
    const std::vector<Brand> plain = brands_of(aliases, false);
    const std::vector<Brand> full = brands_of(aliases, true);
    std::vector<Brand> single, words;
    for (const Alias& alias : aliases) {
        Brand brand;
        brand.query = alias.term;
        if (is_one_word(alias)) words.push_back(brand);
        single.push_back(std::move(brand));
    }
    const auto pairs_of = [&](const text::Matcher& matcher) {
        std::size_t pairs = 0;
        for (const std::string& post : posts) pairs += matcher.match("", post).size();
        return pairs;
    };
    const Pairs pairs{pairs_of(built(single)), pairs_of(built(words)), pairs_of(built(plain))};
    const auto a_post = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(posts.size()); };
    fmt::print("  {}: {} brands, {} aliases; a post of {} names {:.2f} aliases, {:.2f} brands\n", set, plain.size(), aliases.size(),
               posts.size(), a_post(pairs.aliases), a_post(pairs.brands));
    for (const auto& [brands, what] : {std::pair(&plain, "aliases"), std::pair(&full, "aliases, NOT, two functions (one shared)")}) {
        const text::Matcher matcher = built(*brands);
        std::size_t matches = 0;
        const double spent = microseconds(posts.size(), rounds, [&](std::size_t i) { matches += matcher.match("", posts[i]).size(); });
        print_time(set, fmt::format("{}: match", what), spent);
        print_time(set, fmt::format("{}: match without cutting", what), spent - cutting);
        print_time(set, fmt::format("{}: parse and build", what), microseconds(1, rounds, [&](std::size_t) { (void)built(*brands); }));
        if (matches == 0) fmt::print("  nothing matches\n");
    }
#ifdef VIGIE_HAS_HYPERSCAN
    const std::optional<Pairs> theirs = ask_vectorscan(set, posts, aliases, cutting, rounds);
    if (theirs)
        fmt::print(
            "  {}: Vigie / Vectorscan: posts times names of one word {} / {}, times aliases {} / {}, times brands {} / {}\n"
            "  (the first must agree; Vigie also finds a phrase of which a word is written with an apostrophe)\n",
            set, pairs.words, theirs->words, pairs.aliases, theirs->aliases, pairs.brands, theirs->brands);
#endif
}

}  // namespace

void bench_matching(const TextOptions& options) {
    constexpr std::size_t brands = 10'000;
    const std::vector<std::string> posts = read_many_posts(options);
    text::TokenStream stream;
    const double cutting = microseconds(posts.size(), options.rounds, [&](std::size_t i) {
        stream.clear();
        stream.add(posts[i]);
    });
    std::size_t bytes = 0;
    for (const std::string& post : posts) bytes += post.size();
    fmt::print("  {} posts of {} bytes on average\n", posts.size(), bytes / std::max<std::size_t>(posts.size(), 1));
    print_time("posts", "cut and fold", cutting);
    measure("dense", posts, aliases_of(posts, brands * aliases_a_brand), cutting, options.rounds);
    std::vector<Alias> sparse = invented_aliases(brands * aliases_a_brand * 19 / 20);
    for (Alias& alias : aliases_of(posts, brands * aliases_a_brand / 20)) sparse.push_back(std::move(alias));
    std::shuffle(sparse.begin(), sparse.end(), std::mt19937(6));
    measure("sparse", posts, sparse, cutting, options.rounds);
}

}  // namespace vigie::bench
