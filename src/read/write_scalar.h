/* Scalars as JSON: the leaves that write.c writes. */
#ifndef EG_READ_WRITE_SCALAR_H
#define EG_READ_WRITE_SCALAR_H

#include "base/buf.h"
#include "node/node.h"

/* A string in quotes. Controls, line separators and the marks that turn the direction of writing
 * are escaped, so that the text is safe on a terminal; a byte that is not UTF-8 becomes U+FFFD. */
void eg_write_string(struct eg_buf *buf, struct eg_str text);
/* The shortest number that reads back as the same double, always with a point or an exponent; what
 * JSON has no number for as "NaN", "Infinity", "-Infinity", as protobuf's JSON form does. */
void eg_write_double(struct eg_buf *buf, double value);
/* In base64 (RFC 4648, section 4), in quotes. */
void eg_write_bytes(struct eg_buf *buf, struct eg_str bytes);
/* "2024-02-29T12:00:00.5Z" (RFC 3339). */
void eg_write_timestamp(struct eg_buf *buf, struct eg_time time);
/* "1.5s", protobuf's JSON form. */
void eg_write_duration(struct eg_buf *buf, struct eg_time time);
/* "10.0.0.0/8", "2001:db8::1" (RFC 5952). */
void eg_write_address(struct eg_buf *buf, const struct eg_address *address);

#endif
