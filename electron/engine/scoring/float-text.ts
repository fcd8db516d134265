/** Numbers as text that survives JSON: base64 of their little-endian bytes. Every platform Dyno runs on is little-endian. */

const textOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const bytesOf = (text: string): ArrayBuffer => {
  const bytes = Buffer.from(text, 'base64');
  const copy = new ArrayBuffer(bytes.byteLength); // at an offset of its own: views need alignment
  new Uint8Array(copy).set(bytes);
  return copy;
};

export const encodeNumbers = textOf;
export const decodeFloats = (text: string): Float32Array => new Float32Array(bytesOf(text));
export const decodeDoubles = (text: string): Float64Array => new Float64Array(bytesOf(text));
export const decodeIds = (text: string): Uint32Array => new Uint32Array(bytesOf(text));
export const decodeTokens = (text: string): Int32Array => new Int32Array(bytesOf(text));
export const decodeBytes = (text: string): Uint8Array => new Uint8Array(bytesOf(text));
