#include "text/lookalike_affixes.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

namespace vigie::text::lookalike {
namespace {

struct Group {
    Affix kind;
    std::string_view words;  // parted by blanks
};

// English, French, German, Spanish, Italian and Portuguese, without accents, as handles write them.
constexpr Group groups[] = {
    {trust,
     "support supports supportteam customersupport techsupport help helps helpdesk helpline helpcenter helpcentre aide aides entraide "
     "ayuda "
     "aiuto ajuda hilfe sav serviceclient serviceclients servicesclients servizioclienti kundenservice kundendienst kundensupport "
     "atencionalcliente atencioncliente atencion atendimento assistance assistenza asistencia assistencia assistant official officiel "
     "officielle officiels oficial ufficiale offiziell offizielle offiziel officialpage officialsite off real reel thereal therealone vrai "
     "verified verifie verify verification verifica verificado verifiziert certified certifie authentic authentique genuine refund refunds "
     "remboursement remboursements rembourse reembolso rimborso ruckerstattung claim claims compensation compensations indemnisation "
     "indemnite reclamation reclamations reclamos reclami reclamacoes complaint complaints care cares customercare clientcare usercare "
     "customerservice customerservices customerhelp customer customers clients client clientes clienti kunden relationclient espaceclient "
     "conseiller conseillers conseil conseils billing payments payment paiement paiements facturation invoice invoices account accounts "
     "compte comptes konto cuenta conto conta login signin signon connexion secure security securite seguridad sicurezza seguranca "
     "sicherheit protection antifraud fraud antifraude recovery recover unlock deblocage alert alerts alerte alertes hotline helpers "
     "supporto soporte suporte complaintsdesk desk livechat chatsupport backup secours giveaway giveaways airdrop airdrops reward rewards "
     "promo promos promotion promotions bonus voucher vouchers coupon coupons cashback resolve resolution resolutions solve fix "
     "lostandfound "
     "baggage bagages cs csr vip"},
    {role,
     "team teams equipe equipo squadra equipa service services servicios servizi servicos info infos information informations contact "
     "contacts contacto contatto kontakt news newsroom press presse prensa stampa imprensa media medias communication communications comms "
     "social community communaute comunidad crew staff corporate corp inc ltd llc gmbh sas sa group groupe grupo gruppo gruppe holding "
     "company compagnie societe hq headquarters siege admin admins moderator management direction ceo office bureau agency agence agent "
     "agents ask askus assist assists answers reponse reponses reply updates update status statut careers recruitment recrutement rh hr "
     "channel live tv radio page pages web site website portal portail online onlines enligne app apps mobile digital tech labs lab dev "
     "developers developer api academy foundation fondation global international intl world worldwide europe"},
    {place,
     "fr en uk us usa de es it pt be ch ca eu au nz ie nl lu at se no dk fi pl cz ro gr tr ru ua ma dz tn sn ci cm br mx ar co cl in jp cn "
     "kr sg hk ae qc ukofficial france french francais francaise england english britain british germany german deutsch deutschland spain "
     "espana espanol espagne italy italia italie italiano portugal portugais belgium belgique belgie suisse switzerland schweiz canada "
     "canadian quebec netherlands nederland hollande austria osterreich sweden sverige norway norge denmark danmark finland poland polska "
     "ireland scotland wales brasil brazil mexico argentina chile colombia india japan china korea singapore australia africa afrique "
     "maroc "
     "morocco algerie tunisie senegal cotedivoire cameroun asia asie america american americas latam emea apac nordic paris london londres "
     "lyon marseille toulouse bordeaux lille nantes nice berlin madrid roma rome milano lisboa bruxelles brussels geneve dubai nyc newyork "
     "la sf chicago boston"},
    {plain_word,
     "the le les el los il lo das der die das o os my mon ma mes our nos notre your votre vos its iam im we weare this is a i x xx xxx new "
     "nouveau nouvelle nuevo nuova novo neu old ex one two first only just all everything always go get hey hello hi dear join meet with "
     "by at for of and et und y e de du da do di et plus pro pros max mini lite premium gold club zone space hub center centre central "
     "network reseau pilots pilot pilotes pilote drivers driver chauffeurs workers worker employees employes salaries syndicat union "
     "unions "
     "strike greve passengers passagers users user usagers voyageurs travelers insider insiders daily today now next future beta v v2 v3 "
     "bis ter two2 again reloaded returns back original origin originals og true super mega ultra prime day week "
     "project projet bot bots ai nft crypto token coin swap dao"},
    {sector,
     "bank banque banco banca banking credit credits assurance assurances insurance air airline airlines airways aero flights flight vols "
     "travel travels voyages voyage telecom telecoms mobiles internet fibre fiber box energy energie energies energia electric electricite "
     "gas gaz eau water store stores shop shops shopping boutique boutiques market marche marketplace magasin magasins restaurant "
     "restaurants food foods coffee cafe hotel hotels resort resorts rail train trains bus metro taxi taxis car cars auto autos motors "
     "moteurs games game gaming music musique video videos movies films tvshows cloud data software wallet pay finance invest trading "
     "trade exchange delivery livraison logistics express cargo pharma sante health beauty beaute paris fashion mode sport sports football "
     "design studio studios records festival"},
    {domain,
     "com net org info biz io www http https html fr1 dotcom pointcom bsky twitter tweets tweet insta instagram facebook fb tiktok "
     "youtube telegram whatsapp mastodon threads linkedin"},
    {declares,
     "fan fans fanclub fanclubs fanpage fanpages fanaccount fanbase fandom stan stans supporter supporters lover lovers love loves loved "
     "iloveu ilove heart hearts jaime jadore parody parodie parodia paroda satire satira fake fakes faux fausse falso notreal notthereal "
     "not "
     "pas non unofficial unofficiel nonofficiel nonofficielle inofficiel inoffiziell noofficial nonufficiale naooficial noncompany joke "
     "jokes blague blagues meme memes troll trolls lol humour humor funny shitpost shitposting jobs job emploi emplois stellen trabajo "
     "lavoro vagas hater haters hate hates addict addicts accro collector collectors collection history histoire museum archive archives "
     "spotter spotters spotting review reviews avis forum forums blog blogs wiki watch watcher watchers quotes ebooks rp roleplay "
     "tribute hommage nostalgia quiz trivia facts fanart aficionados tifosi freunde"},
    {against,
     "boycott boycotte boycotter boycottons boicot boicotta boicote boykott sucks suck sux scandal scandals scandale scandales escandalo "
     "scandalo skandal victim victims victime victimes victimas vittime vitimas opfer anti stop stops against contre contra contro gegen "
     "exposed expose truth verite truthabout scam scams scammed scammers arnaque arnaques arnaqueur estafa truffa betrug lies lied liar "
     "liars mensonge mensonges menteur fail fails failed failure shame shameon honte worst pire horrible terrible awful nul nulle voleur "
     "voleurs thief thieves steals ladrones greenwashing watchdog corrupt corruption fraudsters crimes criminals kills killed killer "
     "pollutes pollution polluter toxic toxique dirty evil leaks lawsuit classaction proces plainte plaintes collectif whistleblower "
     "balance balancetonstage balanceton denonce fuck fck fuckyou merde screwed rip cancel canceled cancelled ban banned hell nomore "
     "neveragain "
     "jamais no degage dehors"},
};

struct Word {
    std::string_view text;
    Affix kind = plain_word;
    std::uint64_t hash = 0;
};

constexpr std::size_t longest_word = 20;
constexpr std::size_t buckets = 1U << 12;

struct Table {
    std::vector<Word> words;
    std::array<std::uint16_t, buckets> first{};  // into words, which are sorted by bucket
    std::array<std::uint16_t, buckets> last{};

    static std::size_t bucket(std::uint64_t hash) noexcept { return static_cast<std::size_t>((hash * 0xD6E8FEB86659FD93U) >> 52); }

    Table() {
        for (const Group& group : groups) {
            for (std::size_t at = 0; at < group.words.size();) {
                const std::size_t end = std::min(group.words.find(' ', at), group.words.size());
                add(group.words.substr(at, end - at), group.kind);
                at = end + 1;
            }
        }
        // Of a word that stands in two groups the first counts.
        std::stable_sort(words.begin(), words.end(), [](const Word& a, const Word& b) {
            return std::pair(bucket(a.hash), a.hash) < std::pair(bucket(b.hash), b.hash);
        });
        words.erase(std::unique(words.begin(), words.end(), [](const Word& a, const Word& b) { return a.hash == b.hash; }), words.end());
        for (std::size_t i = words.size(); i-- > 0;) first[bucket(words[i].hash)] = static_cast<std::uint16_t>(i);
        for (std::size_t i = 0; i < words.size(); ++i) last[bucket(words[i].hash)] = static_cast<std::uint16_t>(i + 1);
    }

    void add(std::string_view text, Affix kind) {
        if (text.empty() || text.size() > longest_word) return;
        const Spelling spelling = read_spelling(text);
        words.push_back({text, kind, PieceHashes(spelling.look.data(), spelling.size).piece(0, spelling.size)});
    }

    std::uint16_t find(std::uint64_t hash) const noexcept {
        const std::size_t b = bucket(hash);
        for (std::size_t i = first[b]; i < last[b]; ++i)
            if (words[i].hash == hash) return static_cast<std::uint16_t>(i);
        return no_word;
    }
};

const Table& table() {
    static const Table made;
    return made;
}

bool set_off(const Spelling& spelling, const Piece& piece) noexcept {
    return spelling.boundary(piece.begin) && spelling.boundary(piece.end);
}

// A short piece within a run of letters is anything's end: the "es" of "danes" is no Spain. Three letters at the beginning ("the", "ask"),
// or that ask for trust or look like an address, are told all the same.
bool is_loose(const Spelling& spelling, const Piece& piece) noexcept {
    const int size = piece.end - piece.begin;
    if (piece.word == no_word || size > 3) return false;
    if (size == 1 || !set_off(spelling, piece)) return size < 3 || (piece.begin > 0 && (piece.kind & (trust | domain)) == 0);
    return false;
}

bool better(const Peel& a, const Peel& b) noexcept {
    if (!b.possible) return true;
    if (a.loose != b.loose) return !a.loose;
    return a.pieces < b.pieces;
}

Peel extended(const Peel& from, std::uint16_t word, std::uint16_t kind, bool loose) noexcept {
    Peel to = from;
    to.possible = true;
    to.loose = from.loose || loose;
    to.words[to.pieces++] = word;
    to.kinds |= kind;
    return to;
}

void take(const Spelling& spelling, const Piece& piece, const Peel& from, Peel& to) {
    if (!from.possible || from.pieces == max_pieces) return;
    const bool loose = is_loose(spelling, piece);
    if (loose && piece.end - piece.begin == 1 && !set_off(spelling, piece)) return;
    Peel next = extended(from, piece.word, piece.kind, loose);
    if (piece.word == no_word) {
        next.number_begin = piece.begin;
        next.number_end = piece.end;
    }
    if (better(next, to)) to = next;
}

}  // namespace

void peel(const Spelling& spelling, const PieceHashes& look, Peels& out) {
    const Table& words = table();
    const std::size_t size = spelling.size;
    for (std::size_t p = 0; p <= size; ++p) out.left[p] = out.right[p] = Peel{};
    out.left[0].possible = out.right[size].possible = true;
    out.count = 0;
    const auto add = [&out](std::size_t begin, std::size_t end, std::uint16_t word, std::uint16_t kind) {
        if (out.count == max_found_pieces) return;
        out.pieces[out.count++] = {static_cast<std::uint8_t>(begin), static_cast<std::uint8_t>(end), word, kind};
    };
    for (std::size_t begin = 0; begin < size; ++begin) {
        if (spelling.digit(begin) && (begin == 0 || !spelling.digit(begin - 1))) {
            std::size_t end = begin;
            while (end < size && spelling.digit(end)) ++end;
            add(begin, end, no_word, number);
        }
        for (std::size_t end = begin + 1; end <= std::min(size, begin + longest_word); ++end) {
            const std::uint16_t word = words.find(look.piece(begin, end));
            if (word != no_word) add(begin, end, word, words.words[word].kind);
        }
    }
    for (std::size_t i = 0; i < out.count; ++i) take(spelling, out.pieces[i], out.left[out.pieces[i].begin], out.left[out.pieces[i].end]);
    for (std::size_t i = out.count; i-- > 0;) take(spelling, out.pieces[i], out.right[out.pieces[i].end], out.right[out.pieces[i].begin]);
}

std::string_view affix_word(std::uint16_t word) noexcept {
    const Table& words = table();
    return word < words.words.size() ? words.words[word].text : std::string_view();
}

Affix affix_kind(std::uint16_t word) noexcept {
    const Table& words = table();
    return word < words.words.size() ? words.words[word].kind : number;
}

}  // namespace vigie::text::lookalike
