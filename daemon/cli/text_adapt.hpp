// vigie text --adapt: the sentiment model adapted to labelled items.
// Thread-safety: one thread.
#pragma once

#include <string>

namespace vigie::cli {

struct TextAdaptOptions {
    std::string labels;  ///< the file of labelled items; empty: nothing is to be adapted
    std::string output;
    bool force = false;
    bool json = false;
};

/// Prints how the model does on the labels before and after, and writes it if that helps. Returns the exit code.
int text_adapt(const TextAdaptOptions& options);

}  // namespace vigie::cli
