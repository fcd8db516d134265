import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { klDivergence, klLowerBound, readBaseRow } from '../scoring/divergence.ts';
import {
  badPack,
  decodePackHeader,
  decodePackWindow,
  packHeaderBytes,
  packWindowBytes,
  scoredSpan,
  topAt,
  type PackHeader,
} from '../scoring/pack-format.ts';

/** What the base says at one scored position. */
export interface ReferencePosition {
  readonly nll: number;
  /** Its most likely token. */
  readonly top: number;
  /** Probability that is known token by token. */
  readonly capturedMass: number;
  /** KL(base ‖ candidate), or its lower bound, of a candidate's logits and their normaliser. */
  divergence(row: Float32Array, logSum: number): number;
  /** The base's logits, where there are any. */
  readonly row: Float32Array | null;
  readonly logSum: number;
}

/** Says what the base predicts at the scored position `index` of the window it was made for. */
export type ReferenceWindow = (index: number) => ReferencePosition;

/** From the logits of the base itself. `scratch` has room for the vocabulary. */
export const modelWindow =
  (rowAt: (position: number) => Float32Array, tokens: Int32Array, scratch: Float64Array): ReferenceWindow =>
  (index) => {
    const { first } = scoredSpan(tokens.length);
    const row = rowAt(first + index);
    const base = readBaseRow(row, scratch);
    const { logSum, top } = base;
    return {
      nll: logSum - (row[tokens[first + index + 1] ?? 0] ?? NaN),
      top,
      capturedMass: 1,
      divergence: (candidate, candidateLogSum) => klDivergence(base, candidate, candidateLogSum),
      row,
      logSum,
    };
  };

/** An open reference pack. */
export interface PackReader extends Disposable {
  readonly header: PackHeader;
  /** Tokens of a window and what the base predicted there. */
  window(position: number): { readonly tokens: Int32Array; readonly at: ReferenceWindow };
}

const blockBytes = 2 ** 20;

const bodySha256 = (read: (start: number, length: number) => Uint8Array): string => {
  const hash = createHash('sha256');
  let position = packHeaderBytes;
  for (let block = read(position, blockBytes); block.length > 0; block = read(position, blockBytes)) {
    hash.update(block);
    position += block.length;
  }
  return hash.digest('hex');
};

/**
 * Opens a pack and checks it whole: 13 MB take 20 ms.
 * @throws AppError `quality.bad-pack`
 */
export const openPack = (path: string): PackReader => {
  const file = openSync(path, 'r');
  try {
    const read = (start: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, start));
    };
    const header = decodePackHeader(read(0, packHeaderBytes));
    const windowBytes = packWindowBytes(header);
    if (fstatSync(file).size !== packHeaderBytes + windowBytes * header.windowCount)
      throw badPack('it is cut off');
    if (bodySha256(read) !== header.bodySha256) throw badPack('its checksum is wrong');
    return {
      header,
      window: (position) => {
        const bytes = read(packHeaderBytes + position * windowBytes, windowBytes);
        const window = decodePackWindow(bytes, header);
        const at: ReferenceWindow = (index) => {
          const top = topAt(window, index, header.topK);
          return {
            nll: window.nll[index] ?? NaN,
            top: top.ids[0] ?? 0,
            capturedMass: 1 - top.tail,
            divergence: (row, logSum) => klLowerBound(top, row, logSum),
            row: null,
            logSum: NaN,
          };
        };
        return { tokens: window.tokens, at };
      },
      [Symbol.dispose]: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
};
