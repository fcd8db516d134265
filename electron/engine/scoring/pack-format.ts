import { z } from 'zod';
import { sha256Schema } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { TopTokens } from './divergence.ts';

/**
 * A reference pack: what a base predicted on a text, enough to judge a quantization without the base's file.
 *
 *     0     "DYNOPACK", version u32, length of the JSON u32, JSON (UTF-8), zeros up to 4,096
 *     4096  per window, little-endian:
 *             tails     f64 × scored        probability outside the top
 *             tokens    i32 × contextSize
 *             nll       f32 × scored        −ln p of the token that follows
 *             ids       u32 × scored × topK most likely first
 *             logProbs  f32 × scored × topK natural logarithms
 */
export const packHeaderBytes = 4096;
const magic = 'DYNOPACK';
const version = 1;
const prefixBytes = magic.length + 8;

const packHeaderSchema = z.object({
  base: z.object({
    name: z.string(),
    quantization: z.string(),
    sha256: sha256Schema,
    sizeBytes: z.number(),
    bitsPerWeight: z.number(),
    tensorTypes: z.record(z.string(), z.number().int()),
  }),
  text: z.object({ name: z.string(), sha256: sha256Schema }),
  contextSize: z.number().int().positive(),
  windowCount: z.number().int().positive(),
  topK: z.number().int().positive(),
  addsBos: z.boolean(),
  vocabularySize: z.number().int().positive(),
  vocabularySha256: sha256Schema,
  tokensSha256: sha256Schema,
  llamaCppRelease: z.string(),
  formulaVersion: z.number().int(),
  /** Mean probability that the top tokens hold. */
  capturedMass: z.number(),
  /** Of everything after the header. */
  bodySha256: sha256Schema,
});
export type PackHeader = z.infer<typeof packHeaderSchema>;

export const badPack = (why: string, cause?: unknown): AppError =>
  new AppError('quality.bad-pack', `This is no usable reference pack: ${why}.`, {
    hint: 'Make it again with dyno quality pack, or copy it again.',
    cause,
  });

export const encodePackHeader = (header: PackHeader): Uint8Array => {
  const json = Buffer.from(JSON.stringify(header));
  if (json.length > packHeaderBytes - prefixBytes) throw badPack('a name in its header is too long');
  const bytes = Buffer.alloc(packHeaderBytes);
  bytes.write(magic, 'latin1');
  bytes.writeUInt32LE(version, magic.length);
  bytes.writeUInt32LE(json.length, magic.length + 4);
  json.copy(bytes, prefixBytes);
  return bytes;
};

/** @throws AppError `quality.bad-pack` */
export const decodePackHeader = (bytes: Uint8Array): PackHeader => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < packHeaderBytes || view.toString('latin1', 0, magic.length) !== magic)
    throw badPack('it does not begin as one');
  const found = view.readUInt32LE(magic.length);
  if (found !== version) throw badPack(`it has version ${found}, this Dyno reads ${version}`);
  const length = view.readUInt32LE(magic.length + 4);
  if (length > packHeaderBytes - prefixBytes) throw badPack('its header is damaged');
  try {
    return packHeaderSchema.parse(JSON.parse(view.toString('utf8', prefixBytes, prefixBytes + length)));
  } catch (cause) {
    throw badPack('its header is damaged', cause);
  }
};

type Shape = Pick<PackHeader, 'contextSize' | 'topK'>;

/** Where the scored half of a window begins, and how many positions it scores: the last has no token to predict. */
export const scoredSpan = (contextSize: number): { readonly first: number; readonly scored: number } => {
  const first = Math.floor(contextSize / 2);
  return { first, scored: contextSize - 1 - first };
};

export const packWindowBytes = ({ contextSize, topK }: Shape): number => {
  const { scored } = scoredSpan(contextSize);
  return 8 * scored + 4 * contextSize + 4 * scored + 8 * scored * topK;
};

export interface PackWindow {
  readonly tails: Float64Array;
  readonly tokens: Int32Array;
  readonly nll: Float32Array;
  readonly ids: Uint32Array;
  readonly logProbs: Float32Array;
}

export const encodePackWindow = ({ tails, tokens, nll, ids, logProbs }: PackWindow): Uint8Array =>
  Buffer.concat(
    [tails, tokens, nll, ids, logProbs].map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  );

export const decodePackWindow = (bytes: Uint8Array, { contextSize, topK }: Shape): PackWindow => {
  const { scored } = scoredSpan(contextSize);
  const body = new Uint8Array(bytes).buffer; // a copy, at the aligned address that the views need
  let offset = 0;
  const take = (length: number): number => {
    const start = offset;
    offset += length;
    return start;
  };
  return {
    tails: new Float64Array(body, take(8 * scored), scored),
    tokens: new Int32Array(body, take(4 * contextSize), contextSize),
    nll: new Float32Array(body, take(4 * scored), scored),
    ids: new Uint32Array(body, take(4 * scored * topK), scored * topK),
    logProbs: new Float32Array(body, take(4 * scored * topK), scored * topK),
  };
};

/** The top tokens of one scored position of a window. */
export const topAt = ({ tails, ids, logProbs }: PackWindow, index: number, topK: number): TopTokens => ({
  ids: ids.subarray(index * topK, (index + 1) * topK),
  logProbs: logProbs.subarray(index * topK, (index + 1) * topK),
  tail: tails[index] ?? NaN,
});
