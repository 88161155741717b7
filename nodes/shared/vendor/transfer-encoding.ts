/** Streams that decode base64 and quoted-printable (RFC 2045 §6). */
export { Decoder as Base64Decoder } from 'libbase64';
export { Decoder as QuotedPrintableDecoder } from 'libqp';
