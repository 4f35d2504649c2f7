// The weight files as data of the program. The assembler reads them: as C++ arrays they would take the compiler minutes.
// VIGIE_TEXT_MODELS is the folder, set by CMake, which rebuilds this file when one of them changes.
#include "text/weights.hpp"

// clang-format off
#define VIGIE_EMBED(symbol, file)          \
    __asm__(".section .rodata\n"           \
            ".balign 64\n"                 \
            ".global " #symbol "\n"        \
            ".hidden " #symbol "\n"        \
            ".global " #symbol "_end\n"    \
            ".hidden " #symbol "_end\n"    \
            #symbol ":\n"                  \
            ".incbin \"" file "\"\n"       \
            #symbol "_end:\n"              \
            ".byte 0\n"                    \
            ".previous\n");                \
    extern "C" const char symbol[];        \
    extern "C" const char symbol##_end[];
// clang-format on

VIGIE_EMBED(vigie_language_weights, VIGIE_TEXT_MODELS "/language.bin")
VIGIE_EMBED(vigie_sentiment_weights, VIGIE_TEXT_MODELS "/sentiment.bin")

namespace vigie::text {

std::string_view shipped_language_weights() noexcept {
    return {vigie_language_weights, static_cast<std::size_t>(vigie_language_weights_end - vigie_language_weights)};
}

std::string_view shipped_sentiment_weights() noexcept {
    return {vigie_sentiment_weights, static_cast<std::size_t>(vigie_sentiment_weights_end - vigie_sentiment_weights)};
}

}  // namespace vigie::text
