#include "sources/xml_tree.hpp"

#include <expat.h>

#include <algorithm>
#include <memory>

#include "sources/ascii.hpp"
#include "sources/xml_builder.hpp"
#include "sources/xml_scan.hpp"

namespace vigie::sources {
namespace {

struct ExpatRun {
    XML_Parser parser = nullptr;
    XmlBuilder* builder = nullptr;
    bool doctype_refused = false;
    bool root_done = false;
    bool stopped = false;  ///< expat may still report an event or two, such as the end of an empty element

    std::size_t here() const { return static_cast<std::size_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser), 0)); }
    void stop() {
        stopped = true;
        XML_StopParser(parser, XML_FALSE);
    }
};

void on_start(void* data, const XML_Char* name, const XML_Char** raw) {
    auto& run = *static_cast<ExpatRun*>(data);
    if (run.stopped) return;
    XmlBuilder::Attributes attributes;
    for (std::size_t i = 0; raw[i] != nullptr && attributes.size() <= max_xml_attributes; i += 2)
        attributes.emplace_back(raw[i], raw[i + 1]);
    const std::size_t inner = run.here() + static_cast<std::size_t>(XML_GetCurrentByteCount(run.parser));
    if (!run.builder->start(name, std::move(attributes), inner)) run.stop();
}

void on_end(void* data, const XML_Char*) {
    auto& run = *static_cast<ExpatRun*>(data);
    if (run.stopped) return;
    run.builder->end(run.here());
    if (run.builder->depth() == 0) run.root_done = true;
}

void on_text(void* data, const XML_Char* text, int length) {
    auto& run = *static_cast<ExpatRun*>(data);
    if (run.stopped) return;
    if (!run.builder->text({text, static_cast<std::size_t>(length)})) run.stop();
}

void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int has_internal_subset) {
    auto& run = *static_cast<ExpatRun*>(data);
    if (has_internal_subset == 0) return;
    run.doctype_refused = true;
    run.stop();
}

enum class Verdict { whole, truncated, ill_formed, limit, refused };

/// One XML_Parse over the whole text: in small pieces, expat before 2.6 is quadratic on long tokens.
Verdict run_expat(XmlTree& tree) {
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"), &XML_ParserFree);
    XmlBuilder builder(tree.root);
    ExpatRun run{parser.get(), &builder};
    XML_SetUserData(parser.get(), &run);
    XML_SetElementHandler(parser.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
    XML_SetParamEntityParsing(parser.get(), XML_PARAM_ENTITY_PARSING_NEVER);
    const XML_Status status = XML_Parse(parser.get(), tree.source.data(), static_cast<int>(tree.source.size()), XML_TRUE);
    if (run.doctype_refused) return Verdict::refused;
    if (!builder.limit().empty()) {
        tree.fault = builder.limit();
        return Verdict::limit;
    }
    // What follows the document element (a comment of the host, an error message) takes nothing from it.
    if (status == XML_STATUS_OK || run.root_done) return Verdict::whole;
    const XML_Error code = XML_GetErrorCode(parser.get());
    tree.fault = std::string(XML_ErrorString(code)) + " at line " + std::to_string(XML_GetCurrentLineNumber(parser.get()));
    const bool at_end = code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN || code == XML_ERROR_UNCLOSED_CDATA_SECTION ||
                        code == XML_ERROR_PARTIAL_CHAR;
    return at_end ? Verdict::truncated : Verdict::ill_formed;
}

}  // namespace

const XmlNode* XmlNode::child(std::string_view wanted) const noexcept {
    const auto found = std::find_if(children.begin(), children.end(), [wanted](const XmlNode& node) { return node.name == wanted; });
    return found == children.end() ? nullptr : &*found;
}

std::string_view XmlNode::attribute(std::string_view wanted) const noexcept {
    for (const auto& [key, value] : attributes)
        if (key == wanted) return value;
    return {};
}

std::string XmlNode::own_text() const {
    std::string out;
    for (const auto& node : children)
        if (node.is_text()) out += node.text;
    return std::string(trim(out));
}

bool XmlNode::has_elements() const noexcept {
    return std::any_of(children.begin(), children.end(), [](const XmlNode& node) { return !node.is_text(); });
}

std::string_view XmlTree::inner(const XmlNode& node) const noexcept {
    if (node.inner_begin > source.size() || node.inner_end < node.inner_begin) return {};
    return std::string_view(source).substr(node.inner_begin, node.inner_end - node.inner_begin);
}

Result<XmlTree> parse_xml(std::string_view utf8) {
    XmlTree tree;
    tree.source = repair_xml(utf8);
    const Verdict verdict = run_expat(tree);
    if (verdict == Verdict::refused)
        return Error(Errc::refused, "the document declares entities of its own (DOCTYPE with an internal subset)");
    tree.truncated = verdict == Verdict::truncated;
    if (verdict == Verdict::ill_formed) {
        tree.root = XmlNode();
        scan_xml(tree);
    }
    if (verdict == Verdict::limit) tree.truncated = true;
    if (tree.root.children.empty()) return Error(Errc::parse, tree.fault.empty() ? "no element" : tree.fault);
    return tree;
}

}  // namespace vigie::sources
