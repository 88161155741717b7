/** A stream that decodes base64 (RFC 2045 §6.8). */
export { Decoder as Base64Decoder } from 'libbase64';
