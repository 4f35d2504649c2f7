// A scanner that reads what expat refuses: crossed and missing end tags, bare attributes, stray '<'.
// Thread-safety: pure function.
#pragma once

#include "sources/xml_tree.hpp"

namespace vigie::sources {

/// Fills tree.root from tree.source; sets tree.truncated where the document element stays open, and extends tree.fault where a limit stops
/// it. An end tag closes the innermost element of its name, and those inside it; one without a start is passed over; an item that begins
/// inside an item ends the first. Nesting beyond the cap is flattened. Linear.
void scan_xml(XmlTree& tree);

}  // namespace vigie::sources
