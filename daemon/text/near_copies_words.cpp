#include "text/near_copies_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/near_copies_share.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t max_site_words = 4;
constexpr std::size_t min_stem_words = 4;  // fewer, and "Aurora Air - Wikipedia" would make a headline of a name
constexpr std::size_t min_words_without_tags = 4;

/// A handle, and the position in `words` where it stood.
struct Handle {
    std::string name;
    std::size_t before = 0;
};

/// One text, read.
struct Reading {
    std::vector<CopyWord> words;
    std::vector<Handle> handles;
};

bool is_ideograph(std::string_view folded) noexcept {
    const auto lead = static_cast<unsigned char>(folded.front());
    return (lead >= 0xE0 && lead < 0xF0 && folded.size() == 3) || (lead >= 0xF0 && folded.size() == 4);
}

// Of each piece of text the reading with the most words ("l'air" is l + air), but of a hashtag the whole: it is one thing that its author
// says, however many words it holds. Handles and hashtags come after their words in the stream, and take them away again.
Reading read(std::string_view text) {
    TokenStream stream;
    stream.add(text);
    Reading out;
    std::vector<std::uint32_t> positions;
    for (const Token& token : stream.tokens()) {
        if (token.kind == TokenKind::word && token.first == token.last) {
            if (out.words.size() == max_copy_words) break;
            out.words.push_back({token.hash, token.source_begin, token.source_end, false, is_ideograph(stream.folded(token))});
            positions.push_back(token.first);
        } else if (token.kind == TokenKind::tag || token.kind == TokenKind::handle) {
            std::size_t keep = out.words.size();
            while (keep > 0 && positions[keep - 1] >= token.first) --keep;
            out.words.resize(keep);
            positions.resize(keep);
            if (token.kind == TokenKind::tag) {
                const std::uint64_t hash = token_hash(TokenKind::word, stream.folded(token));
                out.words.push_back({hash, token.source_begin, token.source_end, true, false});
                positions.push_back(token.first);
            } else if (out.handles.size() < max_copy_words) {
                out.handles.push_back({std::string(stream.folded(token)), keep});
            }
        }
    }
    return out;
}

// Without the hashtags before the first word, if enough words are left.
Reading without_first_tags(Reading reading) {
    const auto first = std::find_if(reading.words.begin(), reading.words.end(), [](const CopyWord& word) { return !word.tag; });
    const auto tags = static_cast<std::size_t>(first - reading.words.begin());
    if (tags == 0 || reading.words.size() - tags < min_words_without_tags) return reading;
    reading.words.erase(reading.words.begin(), first);
    for (Handle& handle : reading.handles) handle.before -= std::min(handle.before, tags);
    return reading;
}

bool has_blank_at(std::string_view text, std::size_t at) noexcept {
    return at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n');
}

// Whether what stands between two words sets the name of a site apart: " | ", " - ", " — ", " · ".
bool is_site_separator(std::string_view gap) noexcept {
    static constexpr std::array<std::string_view, 6> marks = {"|", "-", "–", "—", "·", "•"};
    return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
        const std::size_t at = gap.find(mark);
        if (at == std::string_view::npos || gap.find("://") != std::string_view::npos) return false;
        return mark == "|" || (at > 0 && has_blank_at(gap, at - 1) && has_blank_at(gap, at + mark.size()));
    });
}

bool ends_in_ellipsis(std::string_view after) noexcept {
    while (!after.empty() && after.front() == ' ') after.remove_prefix(1);
    return after.starts_with("…") || after.starts_with("..");
}

std::string joined(std::string_view text, const CopyWord* first, const CopyWord* last) {
    std::string name = fold(text.substr(first->source_begin, (last - 1)->source_end - first->source_begin));
    name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
    return name;
}

// Finds the site's name behind the last separator.
void find_site(CopyForm& form, std::string_view text, std::size_t begin, const std::vector<std::string>& hosts) {
    const std::vector<CopyWord>& words = form.words;
    for (std::size_t i = words.size(); i > begin + min_stem_words && words.size() - i < max_site_words;) {
        --i;
        const std::uint32_t gap_begin = words[i - 1].source_end;
        if (words[i].source_begin < gap_begin || words[i].tag) return;
        if (!is_site_separator(text.substr(gap_begin, words[i].source_begin - gap_begin))) continue;
        const std::string name = joined(text, words.data() + i, words.data() + words.size());
        if (name.empty()) return;
        form.stem = i;
        form.site = hash64(name);
        form.own_site = std::any_of(hosts.begin(), hosts.end(), [&](const std::string& host) { return names_host(name, host); });
        return;
    }
}

// Takes off what stands behind the last sentence: "via @paper", hashtags; and tells what it was.
void strip_end(CopyForm& form, std::string_view text, std::size_t begin, const Reading& reading, const std::vector<std::string>& hosts) {
    static const std::uint64_t via = token_hash(TokenKind::word, "via");
    std::vector<CopyWord>& words = form.words;
    const auto strip_tags = [&] {
        std::size_t keep = words.size();
        while (keep > begin && words[keep - 1].tag) --keep;
        if (keep - begin >= min_words_without_tags) words.resize(keep);
    };
    strip_tags();
    const bool petition = std::any_of(hosts.begin(), hosts.end(), [](const std::string& host) { return is_petition_host(host); });
    if (words.size() > begin && words.back().hash == via) {
        // The handle must follow at once: "via" before anything else is a word like others.
        const std::size_t at = words.size() - begin;
        const auto handle = std::find_if(reading.handles.begin(), reading.handles.end(), [&](const Handle& h) { return h.before == at; });
        if (handle != reading.handles.end()) {
            words.pop_back();
            form.share_mark = !hosts.empty() && !petition && !is_petition_handle(handle->name);
            strip_tags();
        }
    }
    if (words.size() == begin) return;
    find_site(form, text, begin, hosts);
    if (petition) form.own_site = false;
    if (ends_in_ellipsis(text.substr(words.back().source_end))) form.whole = words.size() - 1;
}

// "RT @ana: ...", wherever it stands: what follows is hers, whatever was said before it.
bool has_repost_mark(const Reading& reading) {
    static const std::uint64_t rt = token_hash(TokenKind::word, "rt"), mt = token_hash(TokenKind::word, "mt");
    return std::any_of(reading.handles.begin(), reading.handles.end(), [&](const Handle& handle) {
        if (handle.before == 0 || handle.before > reading.words.size()) return false;
        const std::uint64_t before = reading.words[handle.before - 1].hash;
        return before == rt || before == mt;
    });
}

bool begins_with(const std::vector<CopyWord>& words, const std::vector<CopyWord>& beginning) noexcept {
    return words.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), words.begin(),
                                                          [](const CopyWord& a, const CopyWord& b) { return a.hash == b.hash; });
}

}  // namespace

CopyForm read_copy_form(const Item& item) {
    CopyForm form;
    const Reading title = without_first_tags(read(item.title.bytes()));
    const Reading body = without_first_tags(read(item.text.bytes()));
    // Many sources repeat the title at the head of the text.
    const bool title_counts = !title.words.empty() && !begins_with(body.words, title.words);
    if (title_counts) form.words = title.words;
    const bool body_last = !body.words.empty() || !title_counts;
    const std::size_t begin = body_last ? form.words.size() : 0;
    const std::size_t taken = std::min(body.words.size(), max_copy_words - form.words.size());
    form.words.insert(form.words.end(), body.words.begin(), body.words.begin() + static_cast<std::ptrdiff_t>(taken));
    form.repeats = has_repost_mark(body);
    if (taken < body.words.size()) return form;  // what stands at the end was not read
    const std::vector<std::string> hosts = hosts_of(item);
    const std::string_view last = body_last ? item.text.bytes() : item.title.bytes();
    strip_end(form, last, begin, body_last ? body : title, hosts);
    if (begins_with_app_phrase(form.words)) form.share_mark = true;
    return form;
}

CopyForm read_headline(std::string_view title) {
    CopyForm form;
    const Reading reading = without_first_tags(read(title));
    form.words = reading.words;
    strip_end(form, title, 0, reading, {});
    form.share_mark = false;
    return form;
}

}  // namespace vigie::text
