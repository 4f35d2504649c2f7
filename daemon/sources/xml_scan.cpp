#include "sources/xml_scan.hpp"

#include <algorithm>

#include "sources/ascii.hpp"
#include "sources/html_tokens.hpp"
#include "sources/xml_builder.hpp"

namespace vigie::sources {
namespace {

std::string_view local_name(std::string_view name) noexcept {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_entry(std::string_view name) noexcept {
    const std::string_view local = local_name(name);
    return equal_nocase(local, "item") || equal_nocase(local, "entry");
}

class Scanner {
public:
    explicit Scanner(XmlTree& tree) : tree_(tree), text_(tree.source), builder_(tree.root) {}

    void run() {
        while (at_ < text_.size() && going_) step();
        if (!builder_.limit().empty()) tree_.fault += "; " + builder_.limit();
        tree_.truncated = builder_.depth() > 0;
    }

private:
    void step() {
        const std::string_view rest = text_.substr(at_);
        if (rest.front() != '<') {
            put_text(rest.substr(0, rest.find('<')), true);
        } else if (rest.starts_with("<![CDATA[")) {
            const std::size_t end = rest.find("]]>", 9);
            put_text(rest.substr(9, end == std::string_view::npos ? end : end - 9), false);
            at_ += 9 + (end == std::string_view::npos ? 0 : 3);
        } else if (rest.starts_with("<!--")) {
            skip("-->", 4);
        } else if (rest.starts_with("<?")) {
            skip("?>", 2);
        } else if (rest.starts_with("<!")) {
            skip(">", 2);
        } else if (rest.size() > 1 && rest[1] == '/') {
            close_tag(rest);
        } else if (rest.size() > 1 && (is_alpha(rest[1]) || rest[1] == '_')) {
            open_tag(rest);
        } else {
            put_text("<", false);
        }
    }

    void put_text(std::string_view raw, bool decode) {
        at_ += raw.size();
        if (!decode) {
            going_ = builder_.text(raw);
            return;
        }
        std::string decoded;
        append_decoded(decoded, raw);
        going_ = builder_.text(decoded);
    }

    void skip(std::string_view mark, std::size_t from) {
        const std::size_t end = text_.find(mark, at_ + from);
        at_ = end == std::string_view::npos ? text_.size() : end + mark.size();
    }

    void close_tag(std::string_view rest) {
        std::size_t end = 2;
        while (end < rest.size() && is_name_char(rest[end])) ++end;
        const std::string_view name = rest.substr(2, end - 2);
        const std::size_t tag = at_;
        skip(">", 2);
        for (std::size_t i = 0; i < builder_.depth(); ++i) {
            if (!equal_nocase(builder_.open_name(i), name)) continue;
            for (std::size_t n = 0; n <= i; ++n) builder_.end(tag);
            return;
        }
    }

    void open_tag(std::string_view rest) {
        // HtmlReader knows tags with bare, unquoted and doubled attributes.
        HtmlReader reader(rest);
        std::size_t end = 1;
        while (end < rest.size() && is_name_char(rest[end])) ++end;
        const std::string_view name = rest.substr(1, end - 1);
        const std::size_t tag = at_;
        const std::size_t length = reader.read_open_tag(token_);
        at_ += length;
        const bool empty = length >= 2 && text_[at_ - 1] == '>' && text_[at_ - 2] == '/';
        if (is_entry(name)) end_open_entry(tag);
        if (builder_.depth() >= max_xml_depth) return;
        XmlBuilder::Attributes attributes;
        for (auto& attribute : token_.attributes) attributes.push_back(std::move(attribute));
        going_ = builder_.start(name, std::move(attributes), at_);
        if (going_ && empty) builder_.end(at_);
    }

    void end_open_entry(std::size_t tag) {
        for (std::size_t i = 0; i < builder_.depth(); ++i) {
            if (!is_entry(builder_.open_name(i)) || i + 1 == builder_.depth()) continue;
            for (std::size_t n = 0; n <= i; ++n) builder_.end(tag);
            return;
        }
    }

    XmlTree& tree_;
    std::string_view text_;
    XmlBuilder builder_;
    HtmlToken token_;
    std::size_t at_ = 0;
    bool going_ = true;
};

}  // namespace

void scan_xml(XmlTree& tree) {
    Scanner(tree).run();
}

}  // namespace vigie::sources
