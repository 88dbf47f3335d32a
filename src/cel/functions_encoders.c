/* Base64 (cel-go's ext/encoders; RFC 4648, section 4). */
#include "base/base64.h"
#include "cel/function.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const struct eg_node *encode(const struct eg_cel_call *call) {
    struct eg_str bytes = call->arguments[0]->as.text;
    eg_cel_spend(call->eval, bytes.length / 32);
    char *out = eg_arena_alloc(call->eval->arena, (bytes.length + 2) / 3 * 4);
    size_t length = 0;
    for (size_t i = 0; i < bytes.length; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < bytes.length ? (unsigned char)bytes.data[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            out[length++] = i + k > bytes.length ? '=' : alphabet[group >> (18 - 6 * k) & 0x3f];
    }
    return eg_cel_string(call->eval, (struct eg_str){out, length});
}

/* The padding may be left out, as CEL's conformance cases have it. */
static const struct eg_node *decode(const struct eg_cel_call *call) {
    struct eg_str text = call->arguments[0]->as.text, bytes;
    eg_cel_spend(call->eval, text.length / 8);
    if (!eg_base64_decode(call->eval->arena, text, &bytes))
        return eg_cel_error(call->eval, "the text is no base64");
    return eg_cel_bytes(call->eval, bytes);
}

static const struct eg_cel_function functions[] = {
    {"base64.encode(bytes) -> string", "the bytes as base64", encode, false, NULL},
    {"base64.decode(string) -> bytes", "the bytes that the base64 text stands for", decode, false,
     NULL},
    {0},
};

const struct eg_cel_group eg_cel_encoders = {"encoders", functions};
