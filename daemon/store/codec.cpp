#include "store/codec.hpp"

#include "store/bytes.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::store {
namespace {

constexpr std::uint8_t version = 1;
/// Evidence and accounts: 1 knew no standing.
constexpr std::uint8_t version_with_standing = 2;

Error damaged(std::string what) {
    return Error(Errc::corrupt, "a stored " + what + " does not decode");
}

bool known_version(ByteReader& in) {
    if (in.byte() == version) return true;
    in.fail();
    return false;
}

/// The version of a row that may be older; 0 where it is neither.
std::uint8_t read_version(ByteReader& in) {
    const std::uint8_t found = in.byte();
    if (found == version || found == version_with_standing) return found;
    in.fail();
    return 0;
}

void put_time(ByteWriter& out, Time time) {
    out.zigzag(to_millis(time));
}
Time get_time(ByteReader& in) {
    return from_millis(in.zigzag());
}

Untrusted get_untrusted(ByteReader& in) {
    return Untrusted(std::string(in.text()));
}

/// Bits of the mask that says which optional fields follow.
enum Present : std::uint64_t {
    has_observed = 1 << 0,
    has_followers = 1 << 1,
    has_created = 1 << 2,
    has_verified = 1 << 3,
    is_verified = 1 << 4,
    has_likes = 1 << 5,
    has_reposts = 1 << 6,
    has_replies = 1 << 7,
    has_shares = 1 << 8,
    has_views = 1 << 9,
    has_rating = 1 << 10,
    is_new_author = 1 << 11,
    is_primary = 1 << 12,
    is_deleted = 1 << 13,
    has_cluster = 1 << 14,
};

std::uint64_t present(const EvidenceRow& row) {
    const Item& item = row.analysed->item;
    const Engagement& e = item.engagement;
    std::uint64_t mask = 0;
    const auto set = [&mask](bool on, std::uint64_t bit) { mask |= on ? bit : 0; };
    set(item.observed.has_value(), has_observed);
    set(item.author.followers.has_value(), has_followers);
    set(item.author.created.has_value(), has_created);
    set(item.author.verified.has_value(), has_verified);
    set(item.author.verified.value_or(false), is_verified);
    set(e.likes.has_value(), has_likes);
    set(e.reposts.has_value(), has_reposts);
    set(e.replies.has_value(), has_replies);
    set(e.shares.has_value(), has_shares);
    set(e.views.has_value(), has_views);
    set(item.rating.has_value(), has_rating);
    set(row.new_author, is_new_author);
    set(row.primary, is_primary);
    set(row.deleted, is_deleted);
    set(row.cluster != 0, has_cluster);
    return mask;
}

void put_engagement(ByteWriter& out, const Engagement& e) {
    for (const auto* field : {&e.likes, &e.reposts, &e.replies, &e.shares, &e.views}) {
        if (*field) out.zigzag(**field);
    }
}

void get_engagement(ByteReader& in, std::uint64_t mask, Engagement& e) {
    if ((mask & has_likes) != 0) e.likes = in.zigzag();
    if ((mask & has_reposts) != 0) e.reposts = in.zigzag();
    if ((mask & has_replies) != 0) e.replies = in.zigzag();
    if ((mask & has_shares) != 0) e.shares = in.zigzag();
    if ((mask & has_views) != 0) e.views = in.zigzag();
}

/// Reads `count` texts, each at least one byte long on disk, so that a hostile count can't reserve memory.
template <class Add>
void get_list(ByteReader& in, Add add) {
    const std::uint64_t count = in.varint();
    if (count > in.left()) {
        in.fail();
        return;
    }
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) add();
}

void put_count_key(ByteWriter& out, const detect::Bucket::CountKey& key) {
    out.text(key.series);
    out.text(key.source);
    out.zigzag(key.start_ms);
    out.zigzag(key.span_ms);
}

detect::Bucket::CountKey get_count_key(ByteReader& in) {
    detect::Bucket::CountKey key;
    key.series = in.text();
    key.source = in.text();
    key.start_ms = in.zigzag();
    key.span_ms = in.zigzag();
    return key;
}

}  // namespace

std::string encode_seen(const Seen& seen) {
    std::string bytes;
    ByteWriter out(bytes);
    out.byte(static_cast<std::uint8_t>(version | (seen.deleted ? 0x80 : 0)));
    out.fixed64(static_cast<std::uint64_t>(to_millis(seen.published)));
    out.zigzag(seen.engagement);
    return bytes;
}

Result<Seen> decode_seen(std::string_view bytes) {
    ByteReader in(bytes);
    Seen seen;
    const std::uint8_t head = in.byte();
    seen.deleted = (head & 0x80) != 0;
    seen.published = from_millis(static_cast<std::int64_t>(in.fixed64()));
    seen.engagement = in.zigzag();
    if (!in.ok() || (head & 0x7F) != version) return damaged("seen key");
    return seen;
}

std::string encode_evidence(const EvidenceRow& row) {
    const AnalysedItem& analysed = *row.analysed;
    const Item& item = analysed.item;
    std::string bytes;
    bytes.reserve(item.text.size() + item.title.size() + item.url.size() + 256);
    ByteWriter out(bytes);
    out.byte(version_with_standing);
    out.varint(present(row));
    out.text(item.id);
    out.text(item.platform);
    out.byte(static_cast<std::uint8_t>(item.kind));
    put_time(out, item.published);
    if (item.observed) put_time(out, *item.observed);
    out.text(item.url.bytes());
    out.text(item.title.bytes());
    out.text(item.text.bytes());
    out.text(item.language);
    out.text(item.author.handle.bytes());
    out.text(item.author.name.bytes());
    if (item.author.followers) out.zigzag(*item.author.followers);
    if (item.author.created) put_time(out, *item.author.created);
    put_engagement(out, item.engagement);
    if (item.rating) out.real64(*item.rating);
    out.text(item.parent);
    out.text(item.repost_of);
    out.varint(item.links.size());
    for (const Untrusted& link : item.links) out.text(link.bytes());
    out.text(item.source);
    out.text(analysed.language);
    out.byte(static_cast<std::uint8_t>(analysed.sentiment.label));
    for (const float p : analysed.sentiment.p) out.real32(p);
    out.varint(row.functions.size());
    for (const std::string& name : row.functions) out.text(name);
    out.fixed64(row.author);
    out.zigzag(row.weight);
    out.varint(row.arrival);
    if (row.cluster != 0) out.fixed64(row.cluster);
    return bytes;
}

std::string encode_evidence(const DecodedEvidence& row) {
    const StoredMention& mention = row.mention;
    return encode_evidence({&mention.analysed, mention.functions, mention.new_author, mention.primary, mention.deleted, row.author,
                            mention.weight, mention.arrival, mention.cluster});
}

Result<DecodedEvidence> decode_evidence(std::string_view bytes) {
    ByteReader in(bytes);
    const std::uint8_t written_as = read_version(in);
    DecodedEvidence row;
    StoredMention& mention = row.mention;
    AnalysedItem& analysed = mention.analysed;
    Item& item = analysed.item;
    const std::uint64_t mask = in.varint();
    item.id = in.text();
    item.platform = in.text();
    const std::uint8_t kind = in.byte();
    item.published = get_time(in);
    if ((mask & has_observed) != 0) item.observed = get_time(in);
    item.url = get_untrusted(in);
    item.title = get_untrusted(in);
    item.text = get_untrusted(in);
    item.language = in.text();
    item.author.handle = get_untrusted(in);
    item.author.name = get_untrusted(in);
    if ((mask & has_followers) != 0) item.author.followers = in.zigzag();
    if ((mask & has_created) != 0) item.author.created = get_time(in);
    if ((mask & has_verified) != 0) item.author.verified = (mask & is_verified) != 0;
    get_engagement(in, mask, item.engagement);
    if ((mask & has_rating) != 0) item.rating = in.real64();
    item.parent = in.text();
    item.repost_of = in.text();
    get_list(in, [&] { item.links.push_back(get_untrusted(in)); });
    item.source = in.text();
    analysed.language = in.text();
    const std::uint8_t label = in.byte();
    for (float& p : analysed.sentiment.p) p = in.real32();
    get_list(in, [&] { mention.functions.emplace_back(in.text()); });
    row.author = in.fixed64();
    if (written_as == version_with_standing) {
        mention.weight = in.zigzag();
        mention.arrival = in.varint();
        if ((mask & has_cluster) != 0) mention.cluster = in.fixed64();
    }
    if (!in.ok() || !in.at_end() || kind > static_cast<std::uint8_t>(Kind::video) || label > 2) return damaged("mention");
    item.kind = static_cast<Kind>(kind);
    analysed.sentiment.label = static_cast<SentimentLabel>(label);
    mention.new_author = (mask & is_new_author) != 0;
    mention.primary = (mask & is_primary) != 0;
    mention.deleted = (mask & is_deleted) != 0;
    return row;
}

void strip(DecodedEvidence& evidence) {
    evidence.mention.deleted = true;
    Item& item = evidence.mention.analysed.item;
    item.url = item.title = item.text = Untrusted();
    item.author.handle = item.author.name = Untrusted();
    item.author.created.reset();
    item.author.verified.reset();
    item.links.clear();
}

namespace {

/// Bits of the mask of an account.
enum AccountPresent : std::uint8_t {
    account_followers = 1,
    account_created = 2,
    account_verified_known = 4,
    account_verified = 8,
    account_history = 16,
    account_repeaters = 32,
};

bool has_repeaters(const AuthorHistory& history) {
    return history.repeaters != AuthorHistory::Repeaters{} || history.before != AuthorHistory::Repeaters{};
}

std::uint8_t present(const Account& account) {
    int mask = 0;
    if (account.followers) mask |= account_followers;
    if (account.created) mask |= account_created;
    if (account.verified) mask |= account_verified_known;
    if (account.verified.value_or(false)) mask |= account_verified;
    if (account.history != AuthorHistory{}) mask |= account_history;
    if (has_repeaters(account.history)) mask |= account_repeaters;
    return static_cast<std::uint8_t>(mask);
}

template <class History, class Visit>
void each_fading(History& history, Visit visit) {
    for (auto* field : {&history.mentions, &history.days, &history.copies, &history.links, &history.pace}) visit(*field);
}

void put_history(ByteWriter& out, const AuthorHistory& history) {
    put_time(out, history.at);
    each_fading(history, [&](float number) { out.real32(number); });
    if (!has_repeaters(history)) return;
    out.zigzag(history.month);
    for (const auto* bits : {&history.repeaters, &history.before}) {
        for (const std::uint64_t word : *bits) out.fixed64(word);
    }
}

AuthorHistory get_history(ByteReader& in, bool with_repeaters) {
    AuthorHistory history;
    history.at = get_time(in);
    each_fading(history, [&](float& number) {
        number = in.real32();
        if (!(number >= 0 && number <= 1e15F)) in.fail();
    });
    if (!with_repeaters) return history;
    const std::int64_t month = in.zigzag();
    if (month < INT32_MIN || month > INT32_MAX) in.fail();
    if (in.ok()) history.month = static_cast<std::int32_t>(month);
    for (auto* bits : {&history.repeaters, &history.before}) {
        for (std::uint64_t& word : *bits) word = in.fixed64();
    }
    return history;
}

}  // namespace

std::string encode_account(const Account& account) {
    std::string bytes;
    bytes.reserve(account.platform.size() + account.handle.size() + account.name.size() + 112);
    ByteWriter out(bytes);
    out.byte(version_with_standing);
    // Fixed and first, for the compaction filter.
    out.fixed64(static_cast<std::uint64_t>(to_millis(account.last_seen)));
    put_time(out, account.first_seen);
    out.zigzag(account.mentions);
    const std::uint8_t mask = present(account);
    out.byte(mask);
    if (account.followers) out.zigzag(*account.followers);
    if (account.created) put_time(out, *account.created);
    out.text(account.platform);
    out.text(account.handle.bytes());
    out.text(account.name.bytes());
    if ((mask & account_history) != 0) put_history(out, account.history);
    return bytes;
}

Result<Account> decode_account(std::string_view bytes) {
    ByteReader in(bytes);
    const std::uint8_t written_as = read_version(in);
    Account account;
    account.last_seen = from_millis(static_cast<std::int64_t>(in.fixed64()));
    account.first_seen = get_time(in);
    account.mentions = in.zigzag();
    const std::uint8_t mask = in.byte();
    if (written_as == version && (mask & ~(account_followers | account_created)) != 0) in.fail();
    if ((mask & account_followers) != 0) account.followers = in.zigzag();
    if ((mask & account_created) != 0) account.created = get_time(in);
    if ((mask & account_verified_known) != 0) account.verified = (mask & account_verified) != 0;
    account.platform = in.text();
    account.handle = get_untrusted(in);
    account.name = get_untrusted(in);
    if ((mask & account_history) != 0) account.history = get_history(in, (mask & account_repeaters) != 0);
    if (!in.ok() || !in.at_end()) return damaged("account");
    return account;
}

std::string encode_takedown(const Takedown& takedown, std::optional<Time> closed) {
    std::string bytes;
    ByteWriter out(bytes);
    out.byte(version);
    out.text(takedown.brand);
    put_time(out, takedown.at);
    out.text(takedown.platform);
    out.text(takedown.target.bytes());
    out.text(takedown.url.bytes());
    out.text(takedown.reason);
    out.text(takedown.by);
    out.byte(closed ? 1 : 0);
    if (closed) put_time(out, *closed);
    return bytes;
}

Result<StoredTakedown> decode_takedown(std::string_view bytes) {
    ByteReader in(bytes);
    if (!known_version(in)) return damaged("takedown");
    StoredTakedown row;
    row.takedown.brand = in.text();
    row.takedown.at = get_time(in);
    row.takedown.platform = in.text();
    row.takedown.target = get_untrusted(in);
    row.takedown.url = get_untrusted(in);
    row.takedown.reason = in.text();
    row.takedown.by = in.text();
    if (in.byte() != 0) row.closed = get_time(in);
    if (!in.ok() || !in.at_end()) return damaged("takedown");
    return row;
}

void append_journal_minute(std::string& bytes, std::uint64_t brand, const Touched& touched) {
    ByteWriter out(bytes);
    if (bytes.empty()) out.byte(version);
    out.fixed64(brand);
    out.zigzag(touched.minute);
    out.text(detect::encode_bucket(touched.delta));
    out.varint(touched.removed.size());
    for (const RemovedCount& removed : touched.removed) {
        put_count_key(out, removed.key);
        out.real64(removed.value);
    }
}

Result<std::vector<JournalMinute>> decode_journal(std::string_view bytes) {
    std::vector<JournalMinute> minutes;
    ByteReader in(bytes);
    if (!known_version(in)) return damaged("journal row");
    while (in.ok() && !in.at_end()) {
        JournalMinute& minute = minutes.emplace_back();
        minute.brand = in.fixed64();
        minute.minute = static_cast<Minute>(in.zigzag());
        auto delta = detect::decode_bucket(in.text());
        if (!delta) return delta.error();
        minute.delta = std::move(*delta);
        get_list(in, [&] {
            auto key = get_count_key(in);
            minute.removed.push_back({std::move(key), in.real64()});
        });
    }
    if (!in.ok()) return damaged("journal row");
    return minutes;
}

std::string encode_numbers(std::initializer_list<std::uint64_t> numbers) {
    std::string bytes;
    ByteWriter out(bytes);
    out.byte(version);
    for (const std::uint64_t number : numbers) out.fixed64(number);
    return bytes;
}

Result<std::vector<std::uint64_t>> decode_numbers(std::string_view bytes, std::size_t count) {
    ByteReader in(bytes);
    if (!known_version(in)) return damaged("meta row");
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = 0; i < count; ++i) numbers.push_back(in.fixed64());
    if (!in.ok()) return damaged("meta row");
    return numbers;
}

}  // namespace vigie::store
