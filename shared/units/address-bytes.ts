const v4 = (text: string): readonly number[] | undefined => {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/u.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
};

/** Groups of four digits as bytes; the last of an address may be an IPv4 address. */
const groups = (text: string, endsAddress: boolean): readonly number[] | undefined => {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [index, group] of parts.entries()) {
    const dotted = endsAddress && index === parts.length - 1 ? v4(group) : undefined;
    if (dotted !== undefined) bytes.push(...dotted);
    else if (/^[\da-f]{1,4}$/iu.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(Math.floor(value / 256), value % 256);
    } else return undefined;
  }
  return bytes;
};

/**
 * The 4 bytes of an IPv4 address or the 16 of an IPv6 one (RFC 4291, 2.2; without brackets and without a zone), `undefined`
 * for anything else, the other spellings of an IPv4 address (`127.1`, `0x7f000001`) included.
 */
export const addressBytes = (text: string): Uint8Array | undefined => {
  const plain = v4(text);
  if (plain !== undefined) return Uint8Array.from(plain);
  const [left = '', right, ...more] = text.split('::');
  if (more.length > 0 || !text.includes(':')) return undefined;
  const head = groups(left, right === undefined);
  const tail = right === undefined ? [] : groups(right, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...Array.from({ length: missing }, () => 0), ...tail]);
};

/** The IPv4 address that every socket takes it for, dotted: of 4 bytes, and of `::ffff:a.b.c.d` (RFC 4291, 2.5.5.2). */
export const ipv4Of = (bytes: Uint8Array): string | undefined => {
  if (bytes.byteLength === 4) return bytes.join('.');
  const isMapped = bytes.every((byte, at) => at > 11 || byte === (at < 10 ? 0 : 255));
  return isMapped ? bytes.subarray(12).join('.') : undefined;
};
