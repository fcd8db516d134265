/**
 * Writes ASN.1 in DER (ITU-T X.690), as far as a certificate needs it. It only writes: what is read of certificates,
 * Node's own `X509Certificate` reads.
 */

/** One value with its tag and length, whole. */
export type Der = Uint8Array;

/** Lengths up to 127 are one byte; longer ones are led by 0x80 + how many bytes follow (X.690, 8.1.3). */
const lengthOf = (bytes: number): readonly number[] => {
  if (bytes < 128) return [bytes];
  const digits: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return [128 + digits.length, ...digits];
};

/** A value under any tag. */
export const tagged = (tag: number, ...parts: readonly Uint8Array[]): Der => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOf(content.byteLength)), content]);
};

export const sequence = (...parts: readonly Der[]): Der => tagged(0x30, ...parts);
export const set = (...parts: readonly Der[]): Der => tagged(0x31, ...parts);
export const bool = (value: boolean): Der => tagged(0x01, Uint8Array.of(value ? 0xff : 0));
export const octets = (content: Uint8Array): Der => tagged(0x04, content);
export const utf8 = (text: string): Der => tagged(0x0c, Buffer.from(text, 'utf8'));
/** @param unusedBits at the end of the last byte */
export const bits = (content: Uint8Array, unusedBits = 0): Der =>
  tagged(0x03, Uint8Array.of(unusedBits), content);

/** A whole number from its bytes, most significant first; a leading zero keeps it positive. */
export const positive = (bytes: Uint8Array): Der => {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return (digits[0] ?? 0) < 128 ? tagged(0x02, digits) : tagged(0x02, Uint8Array.of(0), digits);
};

/** An object identifier, e.g. `2.5.29.17`: seven bits a byte, all but the last of a number marked (X.690, 8.19). */
export const oid = (dotted: string): Der => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const digits = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift(128 + (left % 128));
    }
    return digits;
  });
  return tagged(0x06, Uint8Array.from(bytes));
};

/** A time to the second: two digits for the year until 2049, four from then on (RFC 5280, 4.1.2.5). */
export const time = (atMs: number): Der => {
  const text = new Date(atMs).toISOString().replace(/[-:T]|\.\d+/gu, '');
  return Number(text.slice(0, 4)) < 2050
    ? tagged(0x17, Buffer.from(text.slice(2), 'ascii'))
    : tagged(0x18, Buffer.from(text, 'ascii'));
};
