/** Bytes of quoted-printable text (RFC 2045 §6.7). */
export { decode as decodeQuotedPrintable } from 'libqp';
